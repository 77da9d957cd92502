//! `etc/login.defs`, login.defs(5). Only `UID_MIN` matters here.

use crate::reading::Gap;
use crate::root::Root;

/// The path of the file below the root.
pub const PATH: &str = "etc/login.defs";

/// The default of `UID_MIN`.
pub const UID_MIN: u32 = 1000;

/// The UID of `nobody`, a system account above every `UID_MIN`.
pub const NOBODY: u32 = 65_534;

/// Which accounts belong to the system, and not to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoginDefs {
    /// The first UID of an ordinary user.
    pub uid_min: u32,
}

impl LoginDefs {
    /// Whether a user with this UID is a system account.
    #[must_use]
    pub const fn is_system(self, uid: u32) -> bool {
        uid < self.uid_min || uid == NOBODY
    }
}

/// The definitions, and what could not be read. Then the defaults apply.
///
/// A missing file isn't a gap: it selects the defaults.
#[must_use]
pub fn read(root: &Root) -> (LoginDefs, Option<Gap>) {
    let default = LoginDefs { uid_min: UID_MIN };
    match root.read(PATH) {
        Ok(bytes) => parse(&bytes),
        Err(Gap::Missing { .. }) => (default, None),
        Err(gap) => (default, Some(gap)),
    }
}

/// The last `UID_MIN` counts, as in the tools.
fn parse(bytes: &[u8]) -> (LoginDefs, Option<Gap>) {
    let text = String::from_utf8_lossy(bytes);
    let mut found = (UID_MIN, None);
    for (number, line) in (1..).zip(text.lines()) {
        let mut words = line.split_whitespace();
        if words.next() != Some("UID_MIN") {
            continue;
        }
        found = match words.next().and_then(number_of) {
            Some(uid_min) => (uid_min, None),
            None => (UID_MIN, Some(number)),
        };
    }
    let gap = found.1.map(|first| Gap::Malformed { path: PATH.to_owned(), unit: "line", count: 1, first });
    (LoginDefs { uid_min: found.0 }, gap)
}

/// A number as in C: decimal, hexadecimal after `0x`, or octal after `0`.
fn number_of(word: &str) -> Option<u32> {
    let word = word.trim_matches('"');
    match word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None if word.len() > 1 && word.starts_with('0') => u32::from_str_radix(word, 8).ok(),
        None => word.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_ordinary_uid_is_read() {
        assert_eq!(parse(b"# UID_MIN 1\nUID_MAX 60000\nUID_MIN\t\t  500\n").0.uid_min, 500);
        assert_eq!(parse(b"UID_MIN 0x1f4").0.uid_min, 500);
        assert_eq!(parse(b"").0.uid_min, 1000);
    }

    #[test]
    fn a_malformed_number_is_a_gap() {
        let (defs, gap) = parse(b"UID_MIN many\n");
        assert_eq!(defs.uid_min, 1000);
        assert_eq!(gap.unwrap().to_string(), "etc/login.defs: skipped malformed line 1");
    }

    #[test]
    fn nobody_is_a_system_account() {
        let defs = LoginDefs { uid_min: 1000 };
        assert!(defs.is_system(0) && defs.is_system(999) && defs.is_system(NOBODY));
        assert!(!defs.is_system(1000));
    }
}
