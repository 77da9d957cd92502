//! `etc/shadow`, shadow(5).

use super::password::Password;
use super::table;
use crate::day::Day;
use crate::reading::Reading;
use crate::root::Root;

/// Where the file lies below the root.
pub const PATH: &str = "etc/shadow";

/// A line of `shadow`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shadow {
    /// The login name.
    pub name: String,
    /// What the password field says.
    pub password: Password,
    /// The first day on which the account has expired. `None` for never.
    pub expires: Option<Day>,
}

impl Shadow {
    /// Whether the account has expired. As for PAM, day 0 lies in the past.
    #[must_use]
    pub fn is_expired(&self, today: Day) -> bool {
        self.expires.is_some_and(|day| day <= today)
    }
}

/// The shadow lines, in the order of the file.
pub fn read(root: &Root) -> Reading<Shadow> {
    table::read(root, PATH, parse, |shadow| &shadow.name)
}

fn parse(line: &[u8]) -> Option<Shadow> {
    let mut fields = table::fields(line);
    let name = table::name(fields.next()?)?;
    let password = Password::parse(fields.next()?);
    let expires = match fields.nth(5) {
        None | Some(b"") => None,
        Some(field) => {
            let day: i64 = std::str::from_utf8(field).ok()?.parse().ok()?;
            (day >= 0).then_some(Day(day))
        }
    };
    Some(Shadow { name, password, expires })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expired(line: &str) -> bool {
        parse(line.as_bytes()).unwrap().is_expired(Day(20_000))
    }

    #[test]
    fn an_account_expires_on_its_day() {
        assert!(expired("a:h:1:0:99999:7::20000:"));
        assert!(expired("a:h:1:0:99999:7::1:"));
        assert!(expired("a:h:1:0:99999:7::0:"));
        assert!(!expired("a:h:1:0:99999:7::20001:"));
    }

    #[test]
    fn no_day_or_a_negative_one_means_never() {
        for line in ["a:h:1:0:99999:7:::", "a:h:1:0:99999:7::-1:", "a:h"] {
            assert!(!expired(line), "{line}");
        }
    }

    #[test]
    fn a_day_that_is_no_number_is_odd() {
        assert!(parse(b"a:h:1:0:99999:7::tomorrow:").is_none());
    }
}
