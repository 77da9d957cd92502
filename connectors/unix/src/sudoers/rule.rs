//! The grammar of one logical line.

use std::sync::Arc;

use super::command::{self, Command, Entry};
use super::cursor::Cursor;
use super::defaults::{self, Defaults};
use super::item::{self, Item};

/// A logical line that matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    Include(String),
    IncludeDir(String),
    UserAliases(Vec<(String, Vec<Item>)>),
    HostAliases(Vec<(String, Vec<Item>)>),
    TargetAliases(Vec<(String, Vec<Item>)>),
    CommandAliases(Vec<(String, Vec<Command>)>),
    Rule {
        users: Vec<Item>,
        privileges: Vec<Privilege>,
    },
    Defaults(Defaults),
    /// `Defaults` that don't matter here.
    Irrelevant,
}

/// A rule, with its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) users: Vec<Item>,
    pub(super) privileges: Vec<Privilege>,
    pub(super) file: Arc<str>,
    pub(super) line: u64,
}

impl Rule {
    /// The position of the rule, such as `etc/sudoers:27`.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

/// What a rule grants and denies on some hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Privilege {
    pub(super) hosts: Vec<Item>,
    pub(super) entries: Vec<Entry>,
}

/// Parses a logical line. `None` if it is a syntax error.
pub(super) fn parse(text: &str) -> Option<Line> {
    let mut cursor = Cursor::new(text);
    let is_directive = cursor.peek() == Some('@');
    let keyword = cursor.take_while(|c| c.is_ascii_alphabetic() || c == '_' || (is_directive && c == '@'));
    let ends_here = cursor.peek().is_none_or(char::is_whitespace);
    match keyword {
        "@include" if ends_here => return path(cursor).map(Line::Include),
        "@includedir" if ends_here => return path(cursor).map(Line::IncludeDir),
        "Defaults" if ends_here || cursor.peek().is_some_and(|c| ":@>!".contains(c)) => {
            return Some(defaults::parse(cursor).map_or(Line::Irrelevant, Line::Defaults));
        }
        "User_Alias" if ends_here => return aliases(cursor, item::list).map(Line::UserAliases),
        "Host_Alias" if ends_here => return aliases(cursor, item::list).map(Line::HostAliases),
        "Runas_Alias" if ends_here => return aliases(cursor, item::list).map(Line::TargetAliases),
        "Cmnd_Alias" | "Cmd_Alias" if ends_here => {
            return aliases(cursor, command::list).map(Line::CommandAliases);
        }
        _ => {}
    }
    rule(Cursor::new(text))
}

fn path(mut cursor: Cursor<'_>) -> Option<String> {
    cursor.skip_blanks();
    if cursor.peek() == Some('"') {
        return cursor.word().map(|word| word.text);
    }
    let mut path = String::new();
    while let Some(c) = cursor.next().filter(|c| !c.is_whitespace()) {
        path.push(if c == '\\' { cursor.next()? } else { c });
    }
    (!path.is_empty()).then_some(path)
}

/// `NAME = list : NAME = list`.
fn aliases<T>(
    mut cursor: Cursor<'_>,
    list: impl Fn(&mut Cursor<'_>) -> Option<Vec<T>>,
) -> Option<Vec<(String, Vec<T>)>> {
    let mut found = Vec::new();
    loop {
        let name =
            cursor.word().filter(|word| !word.quoted && item::is_alias(&word.text) && word.text != "ALL")?;
        if !cursor.eat('=') {
            return None;
        }
        found.push((name.text, list(&mut cursor)?));
        if !cursor.eat(':') {
            return at_end(cursor).then_some(found);
        }
    }
}

fn rule(mut cursor: Cursor<'_>) -> Option<Line> {
    let users = item::list(&mut cursor)?;
    let mut privileges = Vec::new();
    loop {
        let hosts = item::list(&mut cursor)?;
        if !cursor.eat('=') {
            return None;
        }
        privileges.push(Privilege { hosts, entries: command::entries(&mut cursor)? });
        if !cursor.eat(':') {
            return at_end(cursor).then_some(Line::Rule { users, privileges });
        }
    }
}

fn at_end(mut cursor: Cursor<'_>) -> bool {
    cursor.skip_blanks();
    cursor.is_at_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_can_have_parts_for_different_hosts() {
        let text = "kim ALL,!web=(root:adm) NOPASSWD: ALL : web2 = /bin/ls, ALL : fe80::1=!ALL";
        let Some(Line::Rule { users, privileges }) = parse(text) else { panic!("no rule") };
        assert_eq!(users.len(), 1);
        let sizes = privileges.iter().map(|privilege| (privilege.hosts.len(), privilege.entries.len()));
        assert_eq!(sizes.collect::<Vec<_>>(), [(2, 1), (1, 2), (1, 1)]);
    }

    #[test]
    fn syntax_errors_are_detected() {
        for text in [
            "broken line here",
            "mo ALL=(ALL",
            "alice",
            "alice ALL",
            "alice ALL=",
            "alice ALL=ls",
            "alice ALL=/bin/echo a:b",
            "alice ALL=/bin/echo \"a,b\"",
            "alice ALL=TIMEUP=5m ALL",
            "alice ALL=NOTAFTER=2020 ALL",
            "alice ALL=ALL #1",
            "alice ALL=/bin/ls #1 x",
            "alice, ALL=ALL",
            "User_Alias a = b",
            "User_Alias A",
            "User_Alias A = b c",
            "Cmnd_Alias A = ls",
            "Runas_Alias A",
            "@include",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn settings_for_some_commands_or_targets_are_ignored() {
        for text in ["Defaults!/bin/ls runas_default=x", "Defaults>root !root_sudo"] {
            assert_eq!(parse(text), Some(Line::Irrelevant), "{text}");
        }
        for text in
            ["Defaults", "Defaults@web1 !root_sudo", "Defaults:ann !root_sudo", "Defaults>root targetpw"]
        {
            assert!(matches!(parse(text), Some(Line::Defaults(_))), "{text}");
        }
        assert!(matches!(parse("Defaultsx ALL=ALL"), Some(Line::Rule { .. })));
    }

    #[test]
    fn include_paths_can_be_quoted_or_escaped() {
        assert_eq!(parse("@include \"/etc/a b\""), Some(Line::Include("/etc/a b".to_owned())));
        assert_eq!(parse("@includedir /etc/a\\ b"), Some(Line::IncludeDir("/etc/a b".to_owned())));
    }
}
