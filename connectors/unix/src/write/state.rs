//! Whether an account can be used.

use crate::day::Day;
use crate::files::shadow::Shadow;
use crate::files::{Password, PasswordValue};

/// What decides whether an account can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State {
    /// `None` if `passwd` refers to `shadow`, which has no line for the account.
    pub(super) password: Option<Password>,
    pub(super) expired: bool,
    /// Whether the account has an expiration date, past or future.
    pub(super) has_end: bool,
    pub(super) inactive: bool,
}

impl State {
    /// The state of an account with this password in `passwd` and this line in `shadow`.
    pub(super) fn new(password: Option<Password>, line: Option<&Shadow>, today: Day) -> Self {
        Self {
            password: password.or(line.map(|line| line.password)),
            expired: line.is_some_and(|line| line.is_expired(today)),
            has_end: line.is_some_and(|line| line.expires.is_some()),
            inactive: line.is_some_and(|line| line.is_inactive(today)),
        }
    }

    pub(super) fn is_locked(&self) -> bool {
        self.password.is_some_and(Password::is_locked)
    }

    pub(super) fn can_be_unlocked(&self) -> bool {
        self.password.is_some_and(Password::can_be_unlocked)
    }

    pub(super) fn is_deactivated(&self) -> bool {
        self.expired && self.password.is_some_and(|password| password.barred)
    }

    pub(super) fn is_usable(&self) -> bool {
        match self.password {
            Some(password) => !password.is_locked() && !self.expired && !self.inactive,
            None => false,
        }
    }

    /// Whether PAM's account stage keeps the account out, however it logs in.
    pub(super) const fn is_barred(&self) -> bool {
        self.expired || self.inactive
    }

    /// Whether somebody can enter the account's password. An empty one doesn't count: most services reject it.
    pub(super) fn has_usable_password(&self) -> bool {
        self.password.is_some_and(|password| !password.barred && password.value == PasswordValue::Hash)
    }
}
