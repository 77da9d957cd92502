//! `Defaults`: the settings that affect who has what.

use super::cursor::Cursor;
use super::item::{self, Item};

/// Settings, with their scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Defaults {
    pub(super) scope: Scope,
    pub(super) settings: Vec<Setting>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scope {
    Everybody,
    Hosts(Vec<Item>),
    Users(Vec<Item>),
    /// Some commands or target users. Only settings about passwords are kept.
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Setting {
    CaseInsensitiveUser(bool),
    CaseInsensitiveGroup(bool),
    MatchGroupByGid(bool),
    RootSudo(bool),
    /// Whether sudo requires somebody else's password.
    PasswordOf(Owner, bool),
    /// The target user if a rule names none.
    RunasDefault(String),
}

/// Whose password sudo requires instead of the user's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// Root's (`rootpw`).
    Root,
    /// The target user's (`targetpw`).
    Target,
    /// That of the user whom `runas_default` names (`runaspw`).
    DefaultTarget,
}

impl Defaults {
    /// How many names are kept.
    pub(super) fn names(&self) -> usize {
        let names = match &self.scope {
            Scope::Everybody | Scope::Other => 0,
            Scope::Hosts(items) | Scope::Users(items) => items.len(),
        };
        names + self.settings.len()
    }
}

/// Parses what follows `Defaults`. `None` if it is malformed or has no setting that matters.
pub(super) fn parse(mut cursor: Cursor<'_>) -> Option<Defaults> {
    let scope = if cursor.eat_str("@") {
        Scope::Hosts(item::list(&mut cursor)?)
    } else if cursor.eat_str(":") {
        Scope::Users(item::list(&mut cursor)?)
    } else if cursor.eat_str(">") || cursor.eat_str("!") {
        item::list(&mut cursor)?;
        Scope::Other
    } else if cursor.peek().is_none_or(char::is_whitespace) {
        Scope::Everybody
    } else {
        return None;
    };
    let mut settings = Vec::new();
    loop {
        let on = !item::negations(&mut cursor);
        cursor.skip_blanks();
        let name = cursor.take_while(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit());
        cursor.skip_blanks();
        cursor.take_while(|c| c == '+' || c == '-');
        let value = if cursor.eat('=') { Some(value(&mut cursor)?) } else { None };
        settings.extend(setting(name, on, value));
        if !cursor.eat(',') {
            break;
        }
    }
    if scope == Scope::Other {
        settings.retain(|setting| matches!(setting, Setting::PasswordOf(..)));
        if settings.is_empty() {
            return None;
        }
    }
    Some(Defaults { scope, settings })
}

/// A value in quotes, or up to a blank or comma.
fn value(cursor: &mut Cursor<'_>) -> Option<String> {
    cursor.skip_blanks();
    if cursor.peek() == Some('"') {
        return cursor.word().map(|word| word.text);
    }
    let mut value = String::new();
    while let Some(c) = cursor.peek().filter(|&c| !c.is_whitespace() && c != ',') {
        cursor.next();
        value.push(if c == '\\' { cursor.next()? } else { c });
    }
    Some(value)
}

fn setting(name: &str, on: bool, value: Option<String>) -> Option<Setting> {
    match (name, value) {
        ("case_insensitive_user", None) => Some(Setting::CaseInsensitiveUser(on)),
        ("case_insensitive_group", None) => Some(Setting::CaseInsensitiveGroup(on)),
        ("match_group_by_gid", None) => Some(Setting::MatchGroupByGid(on)),
        ("root_sudo", None) => Some(Setting::RootSudo(on)),
        ("rootpw", None) => Some(Setting::PasswordOf(Owner::Root, on)),
        ("targetpw", None) => Some(Setting::PasswordOf(Owner::Target, on)),
        ("runaspw", None) => Some(Setting::PasswordOf(Owner::DefaultTarget, on)),
        ("runas_default", Some(name)) => Some(Setting::RunasDefault(name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Vec<Setting> {
        parse(Cursor::new(text)).unwrap().settings
    }

    #[test]
    fn relevant_settings_are_found_among_others() {
        assert_eq!(
            settings(
                " env_reset, !root_sudo,secure_path=\"/a, root_sudo\", badpass_message = x\\,y ,!!match_group_by_gid"
            ),
            [Setting::RootSudo(false), Setting::MatchGroupByGid(true)]
        );
        let www = [Setting::RunasDefault("www".to_owned())];
        for text in
            [" runas_default=www", " runas_default = \"www\"", "@web1,web2 runas_default=www, env_keep += X"]
        {
            assert_eq!(settings(text), www, "{text}");
        }
        assert_eq!(settings(""), []);
        assert_eq!(parse(Cursor::new("!/bin/ls !root_sudo")), None);
    }

    #[test]
    fn passwords_of_others_are_found_in_every_scope() {
        for text in [" rootpw", "@web1 rootpw", ":ann rootpw", ">root,www rootpw", "!/bin/ls, SHELLS rootpw"]
        {
            assert_eq!(settings(text), [Setting::PasswordOf(Owner::Root, true)], "{text}");
        }
        assert_eq!(settings(" targetpw"), [Setting::PasswordOf(Owner::Target, true)]);
        assert_eq!(settings(" !runaspw"), [Setting::PasswordOf(Owner::DefaultTarget, false)]);
    }
}
