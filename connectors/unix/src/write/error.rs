//! The errors of changes.

use std::fmt;
use std::time::Duration;

use crate::reading::Gap;

/// The kind of thing that a name is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    /// A user.
    Account,
    /// A group.
    Group,
    /// The host.
    Host,
}

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Account => "account",
            Self::Group => "group",
            Self::Host => "host",
        })
    }
}

/// Why a change failed. Unless documented otherwise, nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The account or resource doesn't exist.
    #[error("no {noun} {name:?}")]
    NotFound {
        /// The kind of thing.
        noun: Noun,
        /// Its ID.
        name: String,
    },
    /// The name of a new account already belongs to an account or a group.
    #[error("{noun} {name:?} already exists")]
    AlreadyExists {
        /// What has the name.
        noun: Noun,
        /// The name.
        name: String,
    },
    /// The connector's user has no permission to do this.
    #[error("permission denied: {reason}")]
    PermissionDenied {
        /// The message of the tool, or the file.
        reason: String,
    },
    /// The change could lock people out of the machine.
    #[error("account {name:?} is protected: {reason}")]
    Protected {
        /// The account.
        name: String,
        /// Why it is protected.
        reason: &'static str,
    },
    /// The name isn't valid.
    #[error("invalid {noun} name {name:?}")]
    InvalidName {
        /// What the name is for.
        noun: Noun,
        /// The name.
        name: String,
    },
    /// A value can't be stored.
    #[error("invalid {field}: {reason}")]
    InvalidValue {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The group to be left is the account's primary group.
    #[error("{group:?} is the primary group of {account:?} and cannot be removed")]
    PrimaryGroup {
        /// The account.
        account: String,
        /// The group.
        group: String,
    },
    /// Sudo comes from rules that this connector doesn't change.
    #[error("{account:?} has sudo through {}", .rules.join(", "))]
    GrantedElsewhere {
        /// The account.
        account: String,
        /// The rules, as `%ops (etc/sudoers:12)`.
        rules: Vec<String>,
    },
    /// The machine offers no way to do this.
    #[error("not possible on this machine: {reason}")]
    Unsupported {
        /// Why not.
        reason: String,
    },
    /// Another program has locked the account files.
    #[error("the account files are locked: {message}")]
    Busy {
        /// The message of the tool.
        message: String,
    },
    /// The call was cancelled before its change began.
    #[error("the call was cancelled before anything was changed")]
    Cancelled,
    /// The account has running processes.
    #[error("account {name:?} is in use: {message}")]
    InUse {
        /// The account.
        name: String,
        /// The message of the tool.
        message: String,
    },
    /// A tool is not installed.
    #[error("{tool} is not installed on this machine")]
    ToolMissing {
        /// The program.
        tool: &'static str,
    },
    /// A tool could not be started.
    #[error("could not run {tool}")]
    ToolBroken {
        /// The program.
        tool: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// A tool failed. What it did before may remain.
    #[error("{tool} failed ({}): {message}", Exit(*.exit))]
    ToolFailed {
        /// The program.
        tool: &'static str,
        /// Its exit code; `None` if a signal ended it.
        exit: Option<i32>,
        /// The beginning of what it wrote to stderr, on one line.
        message: String,
    },
    /// A tool was killed because it took too long. What it did before may remain.
    #[error("{tool} did not finish within {} seconds", .after.as_secs())]
    TimedOut {
        /// The program.
        tool: &'static str,
        /// The limit.
        after: Duration,
    },
    /// A tool reported success, but the files don't show the change.
    #[error("{tool} did not apply the change: {message}")]
    NotApplied {
        /// The program.
        tool: &'static str,
        /// The beginning of what it wrote to stderr, on one line.
        message: String,
    },
    /// The files show the change, but the machine doesn't act on it.
    #[error("the change has no effect on this machine: {reason}")]
    NoEffect {
        /// What the machine reports.
        reason: String,
    },
    /// A tool failed to report whether the machine acts on the change. The change may remain.
    #[error("{tool} could not confirm the change: {message}")]
    NotConfirmed {
        /// The program.
        tool: &'static str,
        /// The beginning of what it wrote to stderr, on one line.
        message: String,
    },
    /// An account was created, but couldn't get everything it should have, and was deleted again.
    #[error("account {name:?} was not created")]
    Undone {
        /// The account.
        name: String,
        /// What failed.
        source: Box<Self>,
    },
    /// A change failed and couldn't be undone: an account that couldn't get everything it should have still exists, or
    /// one that didn't get sudo may still be in the group.
    #[error("{state} ({cleanup})")]
    HalfDone {
        /// What remains.
        state: String,
        /// Why it was not undone.
        cleanup: Box<Self>,
        /// What failed first.
        source: Box<Self>,
    },
}

impl WriteError {
    /// The error of a change that needs what could not be read.
    pub(super) fn from_gap(gap: &Gap) -> Self {
        let reason = gap.to_string();
        match gap {
            Gap::Denied { .. } => Self::PermissionDenied { reason },
            _ => Self::Unsupported { reason },
        }
    }

    /// Whether the same change may succeed later without a repair.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Busy { .. } | Self::Cancelled | Self::InUse { .. } | Self::TimedOut { .. } => true,
            Self::Undone { source, .. } => source.is_retryable(),
            _ => false,
        }
    }
}

struct Exit(Option<i32>);

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(code) => write!(f, "exit {code}"),
            None => f.write_str("killed"),
        }
    }
}
