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

/// The length of a traditional DES hash, which has no prefix, and of an extended one of BSDi, which begins with `_`.
const DES_LENGTH: usize = 13;
const BSDI_LENGTH: usize = 20;

/// The names of the other methods of crypt(5), as in `$6$salt$hash`.
const METHODS: [&[u8]; 14] =
    [b"1", b"2a", b"2b", b"2x", b"2y", b"3", b"5", b"6", b"7", b"gy", b"md5", b"sha1", b"sm3", b"y"];

impl Password {
    pub(super) fn parse(field: &[u8]) -> Self {
        let marks = field.iter().take_while(|&&byte| byte == b'!').count();
        let value = match field.get(marks) {
            None => PasswordValue::Empty,
            Some(b'*') => PasswordValue::Star,
            Some(_) if is_hash(&field[marks..]) => PasswordValue::Hash,
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

/// Whether crypt(5) could have produced it.
fn is_hash(text: &[u8]) -> bool {
    let is_encoded =
        |text: &[u8]| text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"./".contains(byte));
    match text {
        [b'_', rest @ ..] => text.len() == BSDI_LENGTH && is_encoded(rest),
        [b'$', rest @ ..] => {
            // The salt can be empty, or follow other parameters.
            let parts: Vec<&[u8]> = rest.split(|&byte| byte == b'$').collect();
            let [method, _, .., hash] = parts.as_slice() else { return false };
            let is_known = METHODS.contains(method) || method.starts_with(b"md5,rounds=");
            is_known && !hash.is_empty() && is_encoded(hash)
        }
        _ => text.len() == DES_LENGTH && is_encoded(text),
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
            ("$2b$05$abcdefghijklmnopqrstuuhash", PasswordValue::Hash),
            ("$md5,rounds=904$salt$$hash", PasswordValue::Hash),
            ("$7$CU..../....salt$hash", PasswordValue::Hash),
            ("$3$$8846f7eaee8fb117ad06bdd830b7586c", PasswordValue::Hash),
            ("$NOLOGIN", PasswordValue::Other),
            ("$NOLOGIN$salt$hash", PasswordValue::Other),
            ("$6$salt", PasswordValue::Other),
            ("$6$salt$", PasswordValue::Other),
            ("$6$salt$*", PasswordValue::Other),
            ("_no", PasswordValue::Other),
            ("no-password!!", PasswordValue::Other),
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
