//! The password field of `passwd` and `shadow`.

/// What a password field says about the password. The hash itself is never kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Password {
    /// `!` at the front: the mark that `usermod -L` and `passwd -l` put there.
    pub barred: bool,
    /// What stands behind the marks.
    pub behind: Behind,
}

/// What stands in a password field behind its `!` marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Behind {
    /// Nothing.
    Nothing,
    /// `*`, with or without more: no password can match.
    Star,
    /// A hash, or something in its place.
    Hash,
}

impl Password {
    pub(super) fn parse(field: &[u8]) -> Self {
        let marks = field.iter().take_while(|&&byte| byte == b'!').count();
        let behind = match field.get(marks) {
            None => Behind::Nothing,
            Some(b'*') => Behind::Star,
            Some(_) => Behind::Hash,
        };
        Self { barred: marks > 0, behind }
    }

    /// Whether a password is set and locked. A bare `!`, `!!`, `!*` or `*` only means that none is set.
    #[must_use]
    pub fn is_locked(self) -> bool {
        self.barred && self.behind == Behind::Hash
    }

    /// Whether taking the mark away leaves something other than an empty password.
    #[must_use]
    pub fn can_be_unlocked(self) -> bool {
        self.barred && self.behind != Behind::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_mark_before_a_hash_is_a_lock() {
        for locked in ["!$6$salt$hash", "!!$6$salt$hash", "!abJnggxhB/yWI"] {
            assert!(Password::parse(locked.as_bytes()).is_locked(), "{locked}");
        }
        for open in ["", "*", "!", "!!", "!*", "*LK*", "$6$salt$hash", "x"] {
            assert!(!Password::parse(open.as_bytes()).is_locked(), "{open}");
        }
    }

    #[test]
    fn a_bare_mark_cannot_be_unlocked() {
        assert!(!Password::parse(b"!").can_be_unlocked());
        assert!(!Password::parse(b"!!").can_be_unlocked());
        assert!(Password::parse(b"!*").can_be_unlocked());
    }
}
