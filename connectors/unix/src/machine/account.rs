//! An account: a line of `passwd` with what `shadow` says about it.

use crate::day::Day;
use crate::files::passwd::User;
use crate::files::shadow::{self, Shadow};
use crate::reading::{Gap, dangling};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Account {
    /// The line of `passwd`; the login name is the id of the account.
    pub user: User,
    /// Whether the account can be used. `None` when `shadow` does not tell.
    pub status: Option<Status>,
    /// Whether a password is set and locked. `None` when unknown.
    pub locked: Option<bool>,
    /// Whether the account has expired. `None` when unknown.
    pub expired: Option<bool>,
    /// Whether it belongs to the system rather than to a person.
    pub system: bool,
}

/// The state of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// Neither locked nor expired, whether or not a password is set.
    Active,
    /// Locked or expired.
    Suspended,
}

/// Whether a missing shadow line tells something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShadowSource {
    /// The file was read: there is no line.
    Read,
    /// There is no file: the machine keeps its passwords in `passwd`.
    Absent,
    /// There may be a line.
    Unknown,
}

impl ShadowSource {
    pub(super) fn of(gaps: &[Gap]) -> Self {
        let about_file = |gap: &&Gap| !matches!(gap, Gap::Odd { .. });
        match gaps.iter().find(about_file) {
            None => Self::Read,
            Some(Gap::Missing { .. }) => Self::Absent,
            Some(_) => Self::Unknown,
        }
    }
}

impl Account {
    /// `line` is the user's line in `shadow`, `source` tells what its absence means.
    pub(super) fn new(
        user: User,
        line: Option<&Shadow>,
        source: ShadowSource,
        system: bool,
        today: Day,
    ) -> Self {
        let locked = match user.password {
            Some(password) => Some(password.is_locked()),
            None => line.map(|line| line.password.is_locked()),
        };
        let expired = match line {
            Some(line) => Some(line.is_expired(today)),
            None if user.password.is_some() && source != ShadowSource::Unknown => Some(false),
            None => None,
        };
        let status = match (locked, expired) {
            (Some(true), _) | (_, Some(true)) => Some(Status::Suspended),
            (Some(false), Some(false)) => Some(Status::Active),
            _ => None,
        };
        Self { user, status, locked, expired, system }
    }
}

/// The gap of accounts that refer to `shadow` without having a line there.
pub(super) fn unmatched(count: u64) -> Option<Gap> {
    dangling(shadow::PATH, "account without a line there, so that its status is unknown", count)
}
