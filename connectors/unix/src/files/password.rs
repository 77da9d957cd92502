//! The password field of `passwd` and `shadow`.

/// What a password field shows. The hash itself is never kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Password {
    /// Whether it starts with `!`, which `usermod -L` and `passwd -l` write.
    pub barred: bool,
    /// What follows the marks.
    pub value: PasswordValue,
}

/// What follows the `!` marks in a password field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordValue {
    /// Nothing.
    Empty,
    /// `*`, perhaps with more text: no password can match.
    Star,
    /// A hash of crypt(5).
    Hash,
    /// Other text: no password can match.
    Other,
}

/// The length of a traditional DES hash, which has no prefix.
const DES_LENGTH: usize = 13;

impl Password {
    pub(super) fn parse(field: &[u8]) -> Self {
        let marks = field.iter().take_while(|&&byte| byte == b'!').count();
        let value = match field.get(marks) {
            None => PasswordValue::Empty,
            Some(b'*') => PasswordValue::Star,
            Some(b'$' | b'_') => PasswordValue::Hash,
            Some(_) if field.len() - marks == DES_LENGTH => PasswordValue::Hash,
            Some(_) => PasswordValue::Other,
        };
        Self { barred: marks > 0, value }
    }

    /// Whether a password is set and locked. A bare `!`, `!!`, `!*` or `*` only means that none is set.
    #[must_use]
    pub fn is_locked(self) -> bool {
        self.barred && matches!(self.value, PasswordValue::Hash | PasswordValue::Other)
    }

    /// Whether something other than an empty password remains without the mark.
    #[must_use]
    pub fn can_be_unlocked(self) -> bool {
        self.barred && self.value != PasswordValue::Empty
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_set_password_can_be_locked() {
        for locked in ["!$6$salt$hash", "!!$6$salt$hash", "!abJnggxhB/yWI"] {
            assert!(Password::parse(locked.as_bytes()).is_locked(), "{locked}");
        }
        for open in ["", "*", "!", "!!", "!*", "*LK*", "$6$salt$hash", "x"] {
            assert!(!Password::parse(open.as_bytes()).is_locked(), "{open}");
        }
    }

    #[test]
    fn only_hashes_of_crypt_can_match() {
        for (field, value) in [
            ("$y$j9T$salt$hash", PasswordValue::Hash),
            ("_J9..rasmBYk8r9AiWNc", PasswordValue::Hash),
            ("abJnggxhB/yWI", PasswordValue::Hash),
            ("!abJnggxhB/yWI", PasswordValue::Hash),
            ("x", PasswordValue::Other),
            ("NP", PasswordValue::Other),
            ("!locked", PasswordValue::Other),
        ] {
            assert_eq!(Password::parse(field.as_bytes()).value, value, "{field}");
        }
    }

    #[test]
    fn a_bare_mark_cannot_be_unlocked() {
        assert!(!Password::parse(b"!").can_be_unlocked());
        assert!(!Password::parse(b"!!").can_be_unlocked());
        assert!(Password::parse(b"!*").can_be_unlocked());
    }
}
