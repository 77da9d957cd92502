//! `etc/passwd`, passwd(5).

use super::password::Password;
use super::table;
use crate::reading::Reading;
use crate::root::Root;

/// The path of the file below the root.
pub const PATH: &str = "etc/passwd";

/// A line of `passwd`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// The login name.
    pub name: String,
    /// The password, if it is here; `None` for `x`, which refers to `shadow`.
    pub password: Option<Password>,
    /// The UID.
    pub uid: u32,
    /// The GID of the primary group.
    pub gid: u32,
    /// The comment field.
    pub gecos: String,
    /// The home directory.
    pub home: String,
    /// The login shell; empty for `/bin/sh`.
    pub shell: String,
}

impl User {
    /// The person's name: the comment up to its first comma. `None` if it is empty.
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

    /// The full name after its first word. `None` if it is only one word.
    #[must_use]
    pub fn family_name(&self) -> Option<&str> {
        let (_, rest) = self.full_name()?.split_once(char::is_whitespace)?;
        Some(rest.trim())
    }

    /// A user that no file can contain, to find out what rules say about anybody.
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

/// Reads the users, in the order of the file.
///
/// As in the C library, the fields after the primary group are optional: everybody who can log in is listed.
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
    fn names_come_from_the_comment() {
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
    fn the_last_fields_are_optional() {
        let hidden = parse(b"evil:x:0:0").unwrap();
        assert_eq!((hidden.uid, hidden.shell.as_str()), (0, ""));
        assert!(parse(b"evil:x:0").is_none());
        assert!(parse(b"evil:x:zero:0:::").is_none());
    }

    #[test]
    fn a_comment_can_have_another_encoding() {
        let user = parse(b"rene:x:1:1:Ren\xe9:/home/rene:/bin/sh").unwrap();
        assert_eq!(user.full_name(), Some("Ren\u{fffd}"));
    }

    #[test]
    fn a_password_can_be_in_passwd() {
        assert!(parse(b"u:!$1$a$b:1:1:::").unwrap().password.unwrap().is_locked());
        assert!(parse(b"u:x:1:1:::").unwrap().password.is_none());
    }
}
