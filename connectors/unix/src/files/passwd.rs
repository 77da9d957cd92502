//! `etc/passwd`, passwd(5).

use super::password::Password;
use super::table;
use crate::reading::Reading;
use crate::root::Root;

/// Where the file lies below the root.
pub const PATH: &str = "etc/passwd";

/// A line of `passwd`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// The login name.
    pub name: String,
    /// The password, if it stands here; `None` for `x`, which refers to `shadow`.
    pub password: Option<Password>,
    /// The number of the user.
    pub uid: u32,
    /// The number of the primary group.
    pub gid: u32,
    /// The comment field, as it stands.
    pub gecos: String,
    /// The home directory.
    pub home: String,
    /// The login shell; empty for `/bin/sh`.
    pub shell: String,
}

impl User {
    /// The name of the person: the comment up to its first comma. `None` when it is empty.
    #[must_use]
    pub fn full_name(&self) -> Option<&str> {
        let name = self.gecos.split(',').next().unwrap_or_default().trim();
        (!name.is_empty()).then_some(name)
    }

    /// The first word of the full name.
    #[must_use]
    pub fn given_name(&self) -> Option<&str> {
        self.full_name()?.split_whitespace().next()
    }

    /// The full name behind its first word. `None` for a name of one word.
    #[must_use]
    pub fn family_name(&self) -> Option<&str> {
        let (_, rest) = self.full_name()?.split_once(char::is_whitespace)?;
        Some(rest.trim())
    }

    /// A user that no file can contain, to ask what rules would say about a stranger.
    pub(crate) fn probe() -> Self {
        let empty = String::new();
        Self {
            name: "\0".to_owned(),
            password: None,
            uid: u32::MAX,
            gid: u32::MAX,
            gecos: empty.clone(),
            home: empty.clone(),
            shell: empty,
        }
    }
}

/// The users, in the order of the file.
///
/// As for the C library, the fields behind the primary group may be absent: whoever can log in is listed.
pub fn read(root: &Root) -> Reading<User> {
    table::read(root, PATH, parse, |user| &user.name)
}

fn parse(line: &[u8]) -> Option<User> {
    let mut fields = line.splitn(7, |&byte| byte == b':');
    let name = table::name(fields.next()?)?;
    let password = fields.next()?;
    Some(User {
        name,
        password: (password != b"x").then(|| Password::parse(password)),
        uid: table::id(fields.next()?)?,
        gid: table::id(fields.next()?)?,
        gecos: fields.next().map(table::text).unwrap_or_default(),
        home: fields.next().map(table::text).unwrap_or_default(),
        shell: fields.next().map(table::text).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(gecos: &str) -> User {
        parse(format!("u:x:1:1:{gecos}:/:/bin/sh").as_bytes()).unwrap()
    }

    #[test]
    fn the_names_of_a_person_come_from_the_comment() {
        let alice = user("Alice van der Berg,Room 1,555,alice@example.com");
        assert_eq!(alice.full_name(), Some("Alice van der Berg"));
        assert_eq!(alice.given_name(), Some("Alice"));
        assert_eq!(alice.family_name(), Some("van der Berg"));
        let root = user("root");
        assert_eq!((root.given_name(), root.family_name()), (Some("root"), None));
        for empty in ["", ",,,", "  ,x"] {
            assert_eq!(user(empty).full_name(), None);
        }
    }

    #[test]
    fn a_line_without_its_last_fields_is_an_account_nonetheless() {
        let hidden = parse(b"evil:x:0:0").unwrap();
        assert_eq!((hidden.uid, hidden.shell.as_str()), (0, ""));
        assert!(parse(b"evil:x:0").is_none());
        assert!(parse(b"evil:x:zero:0:::").is_none());
    }

    #[test]
    fn a_comment_in_another_encoding_does_not_hide_the_account() {
        let user = parse(b"rene:x:1:1:Ren\xe9:/home/rene:/bin/sh").unwrap();
        assert_eq!(user.full_name(), Some("Ren\u{fffd}"));
    }

    #[test]
    fn a_password_in_passwd_itself_is_seen() {
        assert!(parse(b"u:!$1$a$b:1:1:::").unwrap().password.unwrap().is_locked());
        assert!(parse(b"u:x:1:1:::").unwrap().password.is_none());
    }
}
