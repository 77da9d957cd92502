//! `etc/shadow`, shadow(5).

use super::password::Password;
use super::table;
use crate::day::Day;
use crate::reading::Reading;
use crate::root::Root;

/// The path of the file below the root.
pub const PATH: &str = "etc/shadow";

/// A line of `shadow`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shadow {
    /// The login name.
    pub name: String,
    /// The password field.
    pub password: Password,
    /// When the password was last changed. Day 0 means that its owner must change it.
    pub changed: Option<Day>,
    /// How many days after a change the password expires. `None` if never.
    pub maximum: Option<i64>,
    /// How many days after it expired the password can still be changed at a login. `None` if always.
    pub inactive: Option<i64>,
    /// The first day on which the account has expired. `None` if never.
    pub expires: Option<Day>,
}

impl Shadow {
    /// Whether the account has expired. As in PAM, day 0 is in the past.
    #[must_use]
    pub fn is_expired(&self, today: Day) -> bool {
        self.expires.is_some_and(|day| day <= today)
    }

    /// Whether the password expired so long ago that the account can't log in at all, not even with a key.
    ///
    /// Older releases of PAM accept logins for one more day.
    #[must_use]
    pub fn is_inactive(&self, today: Day) -> bool {
        match (self.changed, self.maximum, self.inactive) {
            (Some(Day(changed)), Some(maximum), Some(inactive)) if changed > 0 => {
                today.0.saturating_sub(changed) >= maximum.saturating_add(inactive)
            }
            _ => false,
        }
    }
}

/// Reads the lines, in the order of the file.
pub fn read(root: &Root) -> Reading<Shadow> {
    table::read(root, PATH, parse, |shadow| &shadow.name)
}

/// Parses a line.
pub(crate) fn parse(line: &[u8]) -> Option<Shadow> {
    let mut fields = table::fields(line);
    let name = table::name(fields.next()?)?;
    let password = Password::parse(fields.next()?);
    let [changed, _, maximum, _, inactive, expires] =
        [(); 6].map(|()| fields.next().map_or(Some(None), number));
    Some(Shadow {
        name,
        password,
        changed: changed?.map(Day),
        maximum: maximum?,
        inactive: inactive?,
        expires: expires?.map(Day),
    })
}

/// Parses a number of days. `Some(None)` for an empty field or a negative number, which mean that there is none; `None` if
/// it is malformed.
fn number(field: &[u8]) -> Option<Option<i64>> {
    if field.is_empty() {
        return Some(None);
    }
    let number: i64 = std::str::from_utf8(field).ok()?.parse().ok()?;
    Some((number >= 0).then_some(number))
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
    fn days_must_be_numbers() {
        for line in ["a:h:1:0:99999:7::tomorrow:", "a:h:today:0:99999:7:::", "a:h:1:0:99999:7:week::"] {
            assert!(parse(line.as_bytes()).is_none(), "{line}");
        }
    }

    #[test]
    fn large_numbers_do_not_overflow() {
        let max = i64::MAX;
        assert!(!parse(format!("a:h:1:0:{max}:7:{max}::").as_bytes()).unwrap().is_inactive(Day(20_000)));
    }
}
