//! Accounts: lines of `passwd` with the data of `shadow`.

use crate::day::Day;
use crate::files::passwd::User;
use crate::files::shadow::{self, Shadow};
use crate::reading::{Gap, dangling};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Account {
    /// The line of `passwd`. The login name is the ID of the account.
    pub user: User,
    /// Whether the account can be used. `None` if unknown.
    pub status: Option<Status>,
    /// Whether a password is set and locked. `None` if unknown.
    pub locked: Option<bool>,
    /// Whether the account has expired. `None` if unknown.
    pub expired: Option<bool>,
    /// Whether its password expired so long ago that it can't log in. `None` if unknown.
    pub inactive: Option<bool>,
    /// Whether it belongs to the system rather than to a person.
    pub system: bool,
}

/// The state of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// Neither locked, expired nor inactive, whether or not a password is set.
    Active,
    /// Locked, expired or inactive.
    Suspended,
}

/// What it means that an account has no line in `shadow`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShadowSource {
    /// The file was read and has no line.
    Read,
    /// The file is missing: the machine keeps its passwords in `passwd`.
    Absent,
    /// There may be a line.
    Unknown,
}

impl ShadowSource {
    pub(super) fn of(gaps: &[Gap]) -> Self {
        let about_file = |gap: &&Gap| !matches!(gap, Gap::Malformed { .. });
        match gaps.iter().find(about_file) {
            None => Self::Read,
            Some(Gap::Missing { .. }) => Self::Absent,
            Some(_) => Self::Unknown,
        }
    }
}

impl Account {
    /// `line` is the user's line in `shadow`; `source` is what its absence means.
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
        let aged = |is: fn(&Shadow, Day) -> bool| match line {
            Some(line) => Some(is(line, today)),
            None if user.password.is_some() && source != ShadowSource::Unknown => Some(false),
            None => None,
        };
        let (expired, inactive) = (aged(Shadow::is_expired), aged(Shadow::is_inactive));
        let reasons = [locked, expired, inactive];
        let status = if reasons.contains(&Some(true)) {
            Some(Status::Suspended)
        } else if reasons.contains(&None) {
            None
        } else {
            Some(Status::Active)
        };
        Self { user, status, locked, expired, inactive, system }
    }
}

/// The gap of accounts that refer to `shadow` without having a line there.
pub(super) fn unmatched(count: u64) -> Option<Gap> {
    dangling(shadow::PATH, "accounts without a line, whose status is unknown", count)
}
