//! Checks names before any tool sees them.

use super::error::{Noun, WriteError};

/// The longest name that `useradd` accepts.
const MAX_NEW: usize = 32;

/// Rejects what can't be a name in the account files, or could be taken for an option.
pub(super) fn check(noun: Noun, name: &str) -> Result<(), WriteError> {
    let malformed = |c: char| c.is_control() || ":,/".contains(c);
    if name.is_empty() || name.len() > 255 || name.starts_with(['-', '+']) || name.contains(malformed) {
        return Err(WriteError::InvalidName { noun, name: name.to_owned() });
    }
    Ok(())
}

/// Rejects names that other programs would misinterpret. Valid are POSIX's portable characters and `@`, at most 32, not
/// only digits (`chown 1000`), and a `$` only at the end (machine accounts of Samba). `useradd` may be stricter.
pub(super) fn check_new(name: &str) -> Result<(), WriteError> {
    let stem = name.strip_suffix('$').unwrap_or(name);
    let first = stem.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let portable = stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-@".contains(&byte));
    let number = stem.bytes().all(|byte| byte.is_ascii_digit());
    if first && portable && !number && name.len() <= MAX_NEW {
        return Ok(());
    }
    Err(WriteError::InvalidName { noun: Noun::Account, name: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_names_are_rejected() {
        for name in ["", "-x", "--help", "+", "a:b", "a,b", "a/b", "a\nb", "a\0", &"a".repeat(256)] {
            assert!(check(Noun::Account, name).is_err(), "{name:?}");
        }
        for name in ["alice", "DOMAIN\\alice", "a b", "1000", "é"] {
            assert!(check(Noun::Account, name).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn new_names_must_be_portable() {
        for name in ["alice", "_apt", "a.b-c_d", "Alice", "host$", "a@b", "2fa", &"a".repeat(32)] {
            assert!(check_new(name).is_ok(), "{name:?}");
        }
        for name in
            ["", "$", "-x", ".", "..", "1000", "a b", "é", "a$b", "a;b", "#a", "a\\b", &"a".repeat(33)]
        {
            assert!(check_new(name).is_err(), "{name:?}");
        }
    }
}
