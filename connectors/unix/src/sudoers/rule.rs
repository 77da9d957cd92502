//! The grammar of one logical line.

use std::sync::Arc;

use super::cursor::Cursor;
use super::item::{self, Item, Kind, Who};

/// A logical line that matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    Include(String),
    IncludeDir(String),
    UserAliases(Vec<(String, Vec<Item>)>),
    HostAliases(Vec<(String, Vec<Item>)>),
    Rule {
        users: Vec<Item>,
        privileges: Vec<Privilege>,
    },
    /// `Defaults`, and aliases for commands and target users.
    Irrelevant,
}

/// A rule with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) users: Vec<Item>,
    pub(super) privileges: Vec<Privilege>,
    pub(super) file: Arc<str>,
    pub(super) line: u64,
}

impl Rule {
    /// Where the rule stands, as `etc/sudoers:27`.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

/// What a rule gives on some hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Privilege {
    pub(super) hosts: Vec<Item>,
    /// Everything that earlier rules gave is taken away: `!ALL`.
    pub(super) revokes: bool,
    pub(super) gives: Gives,
}

/// How much a list of commands gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gives {
    Nothing,
    Some,
    /// Every command as root.
    Everything,
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

/// Parses a logical line. `None` when sudo would call it a syntax error.
pub(super) fn parse(text: &str) -> Option<Line> {
    let mut cursor = Cursor::new(text);
    let keyword = cursor.take_while(|c| c.is_ascii_alphabetic() || c == '_' || c == '@');
    let ends_here = cursor.peek().is_none_or(char::is_whitespace);
    match keyword {
        "@include" if ends_here => return path(cursor).map(Line::Include),
        "@includedir" if ends_here => return path(cursor).map(Line::IncludeDir),
        "Defaults" if ends_here || cursor.peek().is_some_and(|c| ":@>!".contains(c)) => {
            return Some(Line::Irrelevant);
        }
        "User_Alias" if ends_here => return aliases(cursor).map(Line::UserAliases),
        "Host_Alias" if ends_here => return aliases(cursor).map(Line::HostAliases),
        "Cmnd_Alias" | "Cmd_Alias" | "Runas_Alias" if ends_here => return Some(Line::Irrelevant),
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
fn aliases(mut cursor: Cursor<'_>) -> Option<Vec<(String, Vec<Item>)>> {
    let mut found = Vec::new();
    loop {
        let name =
            cursor.word().filter(|word| !word.quoted && item::is_alias(&word.text) && word.text != "ALL")?;
        if !cursor.eat('=') {
            return None;
        }
        found.push((name.text, item::list(&mut cursor)?));
        if !cursor.eat(':') {
            return at_end(cursor).then_some(found);
        }
    }
}

fn rule(mut cursor: Cursor<'_>) -> Option<Line> {
    let users = item::list(&mut cursor)?;
    let mut privileges = Vec::new();
    let mut regexes = Regexes::Possible;
    loop {
        let hosts = item::list(&mut cursor)?;
        if !cursor.eat('=') {
            return None;
        }
        let (revokes, gives) = commands(&mut cursor, &mut regexes)?;
        privileges.push(Privilege { hosts, revokes, gives });
        if !cursor.eat(':') {
            return at_end(cursor).then_some(Line::Rule { users, privileges });
        }
    }
}

fn at_end(mut cursor: Cursor<'_>) -> bool {
    cursor.skip_blanks();
    cursor.is_at_end()
}

/// A list of commands, each with options, tags and the users to become, which hold until others are named.
fn commands(cursor: &mut Cursor<'_>, regexes: &mut Regexes) -> Option<(bool, Gives)> {
    let mut as_root = true;
    let mut revokes = false;
    let mut gives = Gives::Nothing;
    loop {
        if cursor.eat('(') {
            as_root = run_as(cursor)?;
        }
        while option(cursor) || tag(cursor) {}
        let negated = item::negations(cursor);
        let everything = command(cursor, regexes)?;
        match (everything, negated) {
            (true, false) => gives = gives.max(if as_root { Gives::Everything } else { Gives::Some }),
            (true, true) if as_root => (revokes, gives) = (true, Gives::Nothing),
            (false, false) => gives = gives.max(Gives::Some),
            (_, true) => gives = gives.min(Gives::Some),
        }
        if !cursor.eat(',') {
            return Some((revokes, gives));
        }
    }
}

/// `users : groups)`. Whether root is among the users; an empty list stands for the one who asks.
fn run_as(cursor: &mut Cursor<'_>) -> Option<bool> {
    cursor.skip_blanks();
    let mut root = false;
    if !cursor.rest().starts_with([':', ')']) {
        for item in item::list(cursor)? {
            let is_root = match &item.kind {
                Kind::Who(Who::All | Who::Uid(0)) => true,
                Kind::Who(Who::User(name)) => name == "root",
                _ => false,
            };
            root = if is_root { !item.negated } else { root };
        }
    }
    if cursor.eat(':') {
        cursor.skip_blanks();
        if cursor.peek() != Some(')') {
            item::list(cursor)?;
        }
    }
    cursor.eat(')').then_some(root)
}

/// Steps over `TYPE=…`, `TIMEOUT=…` and the like.
fn option(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    ahead.skip_blanks();
    let known = OPTIONS.contains(&ahead.take_while(|c| c.is_ascii_uppercase() || c == '_'));
    if !known || !ahead.eat_str("=") {
        return false;
    }
    match ahead.peek() {
        Some('"') => _ = ahead.word(),
        _ => _ = ahead.take_while(|c| !c.is_whitespace() && c != ','),
    }
    *cursor = ahead;
    true
}

/// Steps over `NOPASSWD:` and the like.
fn tag(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    ahead.skip_blanks();
    let known = TAGS.contains(&ahead.take_while(|c| c.is_ascii_uppercase() || c == '_'));
    if known && ahead.eat(':') {
        *cursor = ahead;
        return true;
    }
    false
}

/// Steps over a command up to an unescaped `,` or `:`, in which quotes have no meaning. Whether it is `ALL`.
fn command(cursor: &mut Cursor<'_>, regexes: &mut Regexes) -> Option<bool> {
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
        text.push(c);
        if c == '\\' {
            text.push(cursor.next()?);
        }
    }
    let first = text.split_whitespace().next()?;
    let plausible = first.starts_with(['/', '^'])
        || item::is_alias(first)
        || first == "sudoedit"
        || first == "list"
        || DIGESTS.iter().any(|digest| first.strip_prefix(digest).is_some_and(|rest| rest.starts_with(':')));
    plausible.then(|| text.trim_end() == "ALL")
}

/// Whether the rest of a line can have a regular expression. Without this each `^` would search the whole rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Regexes {
    Possible,
    NoMore,
}

/// Where a regular expression `^…$` at the front of `text` ends. `None` if it does not end.
fn regex_end(text: &str) -> Option<usize> {
    let ends =
        |at: &usize| text[at + 1..].chars().next().is_none_or(|c| c.is_whitespace() || c == ',' || c == ':');
    text.match_indices('$').map(|(at, _)| at).find(ends).map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gives(text: &str) -> Option<Vec<(bool, Gives)>> {
        match parse(text)? {
            Line::Rule { privileges, .. } => {
                Some(privileges.into_iter().map(|privilege| (privilege.revokes, privilege.gives)).collect())
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_a_rule_gives_is_told_from_its_commands() {
        let everything = Some(vec![(false, Gives::Everything)]);
        for text in [
            "root ALL=(ALL:ALL) ALL",
            "%sudo ALL=(ALL) NOPASSWD: ALL",
            "a ALL = NOPASSWD:NOEXEC : ALL",
            "a ALL=(www,root) /bin/ls, ALL",
            "a ALL = ROLE=x TYPE=\"y z\" TIMEOUT=5m ALL",
        ] {
            assert_eq!(gives(text), everything, "{text}");
        }
        let less = Some(vec![(false, Gives::Some)]);
        for text in [
            "a ALL=(www) ALL",
            "a ALL=() ALL",
            "a ALL=( : adm) ALL",
            "a ALL=ALL, !/bin/su",
            "a ALL=/bin/echo a\\,b\\:c, sudoedit /etc/motd",
            "a ALL=sha224:abcd /bin/ls",
            "a ALL=TOOLS",
            "a ALL=^/bin/(a|b{1,2}):x$, ALL, !/bin/su",
            "a ALL=/bin/ls ^-[a,b]$",
            "a ALL=/bin/x \"a b",
        ] {
            assert_eq!(gives(text), less, "{text}");
        }
        assert_eq!(gives("a ALL=ALL, !ALL"), Some(vec![(true, Gives::Nothing)]));
        assert_eq!(gives("a ALL=!/bin/su"), Some(vec![(false, Gives::Nothing)]));
    }

    #[test]
    fn a_rule_may_have_parts_for_different_hosts() {
        let rule = gives("kim ALL,!web=(root:adm) NOPASSWD: ALL : web2 = /bin/ls : fe80::1=!ALL");
        let expected = [(false, Gives::Everything), (false, Gives::Some), (true, Gives::Nothing)];
        assert_eq!(rule.unwrap(), expected);
    }

    #[test]
    fn syntax_errors_are_noticed() {
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
            "alice, ALL=ALL",
            "User_Alias a = b",
            "User_Alias A",
            "User_Alias A = b c",
            "@include",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn settings_and_other_aliases_are_passed_over() {
        for text in [
            "Defaults env_reset",
            "Defaults:alice !lecture",
            "Defaults",
            "Cmnd_Alias X = /bin/ls",
            "Cmd_Alias X = ALL",
        ] {
            assert_eq!(parse(text), Some(Line::Irrelevant), "{text}");
        }
        assert!(matches!(parse("Defaultsx ALL=ALL"), Some(Line::Rule { .. })));
    }

    #[test]
    fn include_paths_may_be_quoted_or_escaped() {
        assert_eq!(parse("@include \"/etc/a b\""), Some(Line::Include("/etc/a b".to_owned())));
        assert_eq!(parse("@includedir /etc/a\\ b"), Some(Line::IncludeDir("/etc/a b".to_owned())));
    }
}
