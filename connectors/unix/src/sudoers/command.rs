//! The grammar of a list of commands, with target users and times.

use std::sync::Arc;

use super::cursor::Cursor;
use super::item::{self, Item};
use super::period::Period;

/// A command of a rule, with what applies to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The target users: `None` for the one in `Defaults`, empty for the caller.
    pub(super) targets: Option<Arc<[Item]>>,
    pub(super) period: Period,
    /// Whether `NOPASSWD` applies.
    pub(super) without_password: bool,
    pub(super) command: Command,
}

/// A member of a list of commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) negated: bool,
    pub(super) what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    All,
    Alias(String),
    /// A path with its arguments, `sudoedit …` or the like, as written.
    Some(String),
}

const TAGS: [&str; 18] = [
    "EXEC",
    "NOEXEC",
    "FOLLOW",
    "NOFOLLOW",
    "INTERCEPT",
    "NOINTERCEPT",
    "LOG_INPUT",
    "NOLOG_INPUT",
    "LOG_OUTPUT",
    "NOLOG_OUTPUT",
    "MAIL",
    "NOMAIL",
    "PASSWD",
    "NOPASSWD",
    "SETENV",
    "NOSETENV",
    "LOG_STDIN",
    "NOLOG_STDIN",
];

const OPTIONS: [&str; 10] = [
    "ROLE",
    "TYPE",
    "APPARMOR_PROFILE",
    "PRIVS",
    "LIMITPRIVS",
    "NOTBEFORE",
    "NOTAFTER",
    "TIMEOUT",
    "CWD",
    "CHROOT",
];

const DIGESTS: [&str; 4] = ["sha224", "sha256", "sha384", "sha512"];

/// A list of commands in a rule. Target users, times and tags also apply to the commands after them, until others are
/// named.
pub(super) fn entries(cursor: &mut Cursor<'_>) -> Option<Vec<Entry>> {
    let mut regexes = Regexes::Possible;
    let mut targets = None;
    let mut period = Period::default();
    let mut without_password = false;
    let mut entries = Vec::new();
    loop {
        if cursor.eat('(') {
            targets = Some(run_as(cursor)?.into());
        }
        while option(cursor, &mut period)? || tag(cursor, &mut without_password) {}
        let command = command(cursor, &mut regexes)?;
        entries.push(Entry { targets: targets.clone(), period, without_password, command });
        if !cursor.eat(',') {
            return Some(entries);
        }
    }
}

/// A list of commands in an alias.
pub(super) fn list(cursor: &mut Cursor<'_>) -> Option<Vec<Command>> {
    let mut regexes = Regexes::Possible;
    let mut commands = Vec::new();
    loop {
        commands.push(command(cursor, &mut regexes)?);
        if !cursor.eat(',') {
            return Some(commands);
        }
    }
}

/// `users : groups)`. The groups are ignored.
fn run_as(cursor: &mut Cursor<'_>) -> Option<Vec<Item>> {
    cursor.skip_blanks();
    let users = if cursor.rest().starts_with([':', ')']) { Vec::new() } else { item::list(cursor)? };
    if cursor.eat(':') {
        cursor.skip_blanks();
        if cursor.peek() != Some(')') {
            item::list(cursor)?;
        }
    }
    cursor.eat(')').then_some(users)
}

/// Skips `TYPE=…`, `TIMEOUT=…` and other options. Keeps the times. `None` if a time is malformed.
fn option(cursor: &mut Cursor<'_>, period: &mut Period) -> Option<bool> {
    let mut ahead = *cursor;
    ahead.skip_blanks();
    let name = ahead.take_while(|c| c.is_ascii_uppercase() || c == '_');
    if !OPTIONS.contains(&name) || !ahead.eat_str("=") {
        return Some(false);
    }
    let value = match ahead.peek() {
        Some('"') => ahead.word()?.text,
        _ => ahead.take_while(|c| !c.is_whitespace() && c != ',').to_owned(),
    };
    match name {
        "NOTBEFORE" => period.begin_at(&value)?,
        "NOTAFTER" => period.end_at(&value)?,
        _ => {}
    }
    *cursor = ahead;
    Some(true)
}

/// Skips `NOEXEC:` and other tags. Keeps whether a password is required.
fn tag(cursor: &mut Cursor<'_>, without_password: &mut bool) -> bool {
    let mut ahead = *cursor;
    ahead.skip_blanks();
    let name = ahead.take_while(|c| c.is_ascii_uppercase() || c == '_');
    if !TAGS.contains(&name) || !ahead.eat(':') {
        return false;
    }
    match name {
        "NOPASSWD" => *without_password = true,
        "PASSWD" => *without_password = false,
        _ => {}
    }
    *cursor = ahead;
    true
}

/// A command up to an unescaped `,` or `:`, in which quotes have no meaning.
fn command(cursor: &mut Cursor<'_>, regexes: &mut Regexes) -> Option<Command> {
    let negated = item::negations(cursor);
    cursor.skip_blanks();
    let mut text = String::new();
    while let Some(c) = cursor.peek() {
        let digest = c == ':' && DIGESTS.contains(&text.as_str());
        if (c == ',' || c == ':') && !digest {
            break;
        }
        let begins_word = !text.ends_with(|before: char| !before.is_whitespace());
        if c == '^' && begins_word && *regexes == Regexes::Possible {
            match regex_end(cursor.rest()) {
                Some(end) => {
                    text.push_str(cursor.take_str(end));
                    continue;
                }
                None => *regexes = Regexes::NoMore,
            }
        }
        cursor.next();
        if c == '#' {
            // A comment, if it was not cut off because of a quote. Before a number it is a syntax error.
            if cursor.peek().is_some_and(|next| next.is_ascii_digit() || next == '-') {
                return None;
            }
            cursor.take_str(cursor.rest().len());
            break;
        }
        text.push(c);
        if c == '\\' {
            text.push(cursor.next()?);
        }
    }
    let text = text.trim_end();
    let first = text.split_whitespace().next()?;
    let what = if text == "ALL" {
        What::All
    } else if item::is_alias(text) {
        What::Alias(text.to_owned())
    } else {
        let plausible = first.starts_with(['/', '^'])
            || item::is_alias(first)
            || first == "sudoedit"
            || first == "list"
            || DIGESTS
                .iter()
                .any(|digest| first.strip_prefix(digest).is_some_and(|rest| rest.starts_with(':')));
        plausible.then(|| What::Some(text.to_owned()))?
    };
    Some(Command { negated, what })
}

/// Whether the rest of a line can contain a regular expression. Without this, each `^` would search the whole rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Regexes {
    Possible,
    NoMore,
}

/// The end of a regular expression `^…$` at the start of `text`. `None` if it has no end.
fn regex_end(text: &str) -> Option<usize> {
    let ends =
        |at: &usize| text[at + 1..].chars().next().is_none_or(|c| c.is_whitespace() || c == ',' || c == ':');
    text.match_indices('$').map(|(at, _)| at).find(ends).map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The commands, each with its number of target users, or `-` for none.
    fn parsed(text: &str) -> String {
        let mut cursor = Cursor::new(text);
        let Some(entries) = entries(&mut cursor) else { return "error".to_owned() };
        let one = |entry: Entry| {
            let targets = entry.targets.map_or_else(|| "-".to_owned(), |targets| targets.len().to_string());
            let negated = if entry.command.negated { "!" } else { "" };
            let what = match entry.command.what {
                What::All => "every".to_owned(),
                What::Alias(name) => format!("alias {name}"),
                What::Some(text) => text,
            };
            format!("{targets} {negated}{what}")
        };
        entries.into_iter().map(one).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn tags_and_options_are_skipped_and_targets_stay() {
        for (text, expected) in [
            ("(ALL:ALL) ALL", "1 every"),
            ("NOPASSWD: ALL", "- every"),
            ("NOPASSWD:NOEXEC : ALL", "- every"),
            ("(www,root) /bin/ls, ALL, () !ALL", "2 /bin/ls; 2 every; 0 !every"),
            ("( : adm) ALL", "0 every"),
            ("ROLE=x TYPE=\"y z\" TIMEOUT=5m ALL", "- every"),
            ("ALL, !/bin/su", "- every; - !/bin/su"),
            ("!!ALL # why", "- every"),
            ("/bin/echo a\\,b\\:c, sudoedit /etc/motd", "- /bin/echo a\\,b\\:c; - sudoedit /etc/motd"),
            ("sha224:abcd ALL", "- sha224:abcd ALL"),
            ("!TOOLS", "- !alias TOOLS"),
            ("^/bin/(a|b{1,2}):x$, ALL, !/bin/su", "- ^/bin/(a|b{1,2}):x$; - every; - !/bin/su"),
            ("/bin/ls ^-[a,b]$", "- /bin/ls ^-[a,b]$"),
            ("/bin/x \"a b", "- /bin/x \"a b"),
            ("(ALL", "error"),
        ] {
            assert_eq!(parsed(text), expected, "{text}");
        }
    }

    #[test]
    fn nopasswd_applies_until_passwd() {
        let mut cursor = Cursor::new("/bin/a, NOPASSWD: /bin/b, NOEXEC: /bin/c, PASSWD: /bin/d");
        let entries = entries(&mut cursor).unwrap();
        let without_password: Vec<_> = entries.iter().map(|entry| entry.without_password).collect();
        assert_eq!(without_password, [false, true, true, false]);
    }
}
