//! Members of user and host lists.

use std::fmt;

use super::cursor::Cursor;

/// How a rule names users.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Who {
    /// `ALL`.
    All,
    /// A user by name.
    User(String),
    /// A user by number, `#1000`.
    Uid(u32),
    /// The members of a group, `%wheel`.
    Group(String),
    /// The members of a group by number, `%#10`.
    Gid(u32),
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("ALL"),
            Self::User(name) => f.write_str(name),
            Self::Uid(uid) => write!(f, "#{uid}"),
            Self::Group(name) => write!(f, "%{name}"),
            Self::Gid(gid) => write!(f, "%#{gid}"),
        }
    }
}

/// A member of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) negated: bool,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Who(Who),
    /// Has the form of an alias. The user of this name if the alias doesn't exist.
    MaybeAlias {
        name: String,
        user: Who,
    },
    /// A netgroup or a group of a directory service.
    External,
}

impl Item {
    /// The users that this names, unless it excludes them or is an alias.
    pub(super) fn who(&self) -> Option<&Who> {
        match &self.kind {
            Kind::Who(who) if !self.negated => Some(who),
            _ => None,
        }
    }
}

/// A list of members, separated by commas. `None` if it is malformed.
pub(super) fn list(cursor: &mut Cursor<'_>) -> Option<Vec<Item>> {
    let mut items = Vec::new();
    loop {
        let negated = negations(cursor);
        let word = cursor.word()?;
        items.push(Item { negated, kind: kind(&word.text, word.quoted)? });
        if !cursor.eat(',') {
            return Some(items);
        }
    }
}

/// Skips `!`. Two of them cancel each other out.
pub(super) fn negations(cursor: &mut Cursor<'_>) -> bool {
    let mut negated = false;
    while cursor.eat('!') {
        negated = !negated;
    }
    negated
}

fn kind(text: &str, quoted: bool) -> Option<Kind> {
    if text.starts_with('+') || text.starts_with("%:") {
        return Some(Kind::External);
    }
    let who = if let Some(group) = text.strip_prefix('%') {
        match group.strip_prefix('#') {
            Some(gid) => Who::Gid(gid.parse().ok()?),
            None if group.is_empty() => return None,
            None => Who::Group(group.to_owned()),
        }
    } else if let Some(uid) = text.strip_prefix('#') {
        Who::Uid(uid.parse().ok()?)
    } else if text == "ALL" && !quoted {
        Who::All
    } else if is_alias(text) && !quoted {
        return Some(Kind::MaybeAlias { name: text.to_owned(), user: Who::User(text.to_owned()) });
    } else {
        Who::User(text.to_owned())
    };
    Some(Kind::Who(who))
}

/// Whether a word has the form of an alias name.
pub(super) fn is_alias(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Option<Vec<(bool, Kind)>> {
        let items = list(&mut Cursor::new(text))?;
        Some(items.into_iter().map(|item| (item.negated, item.kind)).collect())
    }

    #[test]
    fn all_kinds_of_members_are_parsed() {
        let user = |name: &str| Kind::Who(Who::User(name.to_owned()));
        assert_eq!(
            kinds(r##"alice, ! bob,!!carol ,#7,%wheel,%#10,+ng,%:ad,"%dom users","ALL",ALL,OPS x"##).unwrap(),
            [
                (false, user("alice")),
                (true, user("bob")),
                (false, user("carol")),
                (false, Kind::Who(Who::Uid(7))),
                (false, Kind::Who(Who::Group("wheel".to_owned()))),
                (false, Kind::Who(Who::Gid(10))),
                (false, Kind::External),
                (false, Kind::External),
                (false, Kind::Who(Who::Group("dom users".to_owned()))),
                (false, user("ALL")),
                (false, Kind::Who(Who::All)),
                (false, Kind::MaybeAlias { name: "OPS".to_owned(), user: Who::User("OPS".to_owned()) }),
            ]
        );
    }

    #[test]
    fn an_incomplete_list_is_malformed() {
        for text in ["", "alice,", "!", "%", "#-1", "%#x", "alice,,bob"] {
            assert_eq!(kinds(text), None, "{text}");
        }
    }
}
