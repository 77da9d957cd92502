//! Why a change was not made.

use std::fmt;
use std::time::Duration;

use crate::reading::Gap;

/// What a name stands for.
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

/// Why a change was not made. Unless said otherwise, nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// There is no such account or resource.
    #[error("no {noun} {name:?}")]
    NotFound {
        /// What was looked for.
        noun: Noun,
        /// Its id.
        name: String,
    },
    /// The name of a new account is taken, by an account or by a group.
    #[error("{noun} {name:?} already exists")]
    AlreadyExists {
        /// What has the name.
        noun: Noun,
        /// The name.
        name: String,
    },
    /// The connector's user may not do this.
    #[error("permission denied: {reason}")]
    PermissionDenied {
        /// What said so: a file or a tool.
        reason: String,
    },
    /// The change could lock people out of the machine.
    #[error("account {name:?} is protected: {reason}")]
    Protected {
        /// The account.
        name: String,
        /// Why it is.
        reason: &'static str,
    },
    /// The name cannot be one.
    #[error("invalid {noun} name {name:?}")]
    InvalidName {
        /// What the name is for.
        noun: Noun,
        /// The name.
        name: String,
    },
    /// A value cannot be stored.
    #[error("invalid {field}: {reason}")]
    InvalidValue {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The membership to be taken is the account's primary group.
    #[error("{group:?} is the primary group of {account:?}, which an account cannot be without")]
    PrimaryGroup {
        /// The account.
        account: String,
        /// The group.
        group: String,
    },
    /// Sudo comes from rules that this connector does not change.
    #[error("{account:?} has sudo by {}", .rules.join(", "))]
    GrantedElsewhere {
        /// The account.
        account: String,
        /// The rules, as `%ops (etc/sudoers:12)`.
        rules: Vec<String>,
    },
    /// The machine offers no way to do this.
    #[error("not possible on this machine: {reason}")]
    Unsupported {
        /// What is missing.
        reason: String,
    },
    /// Another program holds the account files.
    #[error("the account files are locked: {message}")]
    Busy {
        /// What the tool said.
        message: String,
    },
    /// The call was cancelled before its turn came.
    #[error("the call was cancelled before anything was changed")]
    Cancelled,
    /// The account has running processes.
    #[error("account {name:?} is in use: {message}")]
    InUse {
        /// The account.
        name: String,
        /// What the tool said.
        message: String,
    },
    /// A tool is not installed.
    #[error("no {tool} on this machine")]
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
    /// A tool refused. What it had done by then may remain.
    #[error("{tool} failed ({}): {message}", Exit(*.exit))]
    ToolFailed {
        /// The program.
        tool: &'static str,
        /// Its exit code; `None` when a signal ended it.
        exit: Option<i32>,
        /// The beginning of what it said, on one line.
        message: String,
    },
    /// A tool was killed because it took too long. What it had done by then may remain.
    #[error("{tool} did not finish within {} seconds", .after.as_secs())]
    TimedOut {
        /// The program.
        tool: &'static str,
        /// The limit.
        after: Duration,
    },
    /// A tool reported success, but the files do not show the change.
    #[error("{tool} did not make the change: {message}")]
    NotApplied {
        /// The program.
        tool: &'static str,
        /// The beginning of what it said, on one line.
        message: String,
    },
    /// The files show the change, but the machine does not act by it.
    #[error("the change has no effect on this machine: {reason}")]
    NoEffect {
        /// What the machine says.
        reason: String,
    },
    /// A tool could not confirm whether the machine acts on the change, which was made.
    #[error("the change was made, but {tool} could not confirm it: {message}")]
    NotConfirmed {
        /// The program.
        tool: &'static str,
        /// The beginning of what it wrote to stderr, on one line.
        message: String,
    },
    /// An account was created and, because something it was to have failed, deleted again.
    #[error("account {name:?} was not created")]
    Undone {
        /// The account.
        name: String,
        /// What failed.
        source: Box<Self>,
    },
    /// An account was created, something it was to have failed, and so did deleting it: it is still there.
    #[error("account {name:?} was created incompletely and could not be deleted again ({cleanup})")]
    HalfDone {
        /// The account.
        name: String,
        /// Why it was not deleted.
        cleanup: Box<Self>,
        /// What failed first.
        source: Box<Self>,
    },
}

impl WriteError {
    /// The error of a change that needs what `gap` withholds.
    pub(super) fn from_gap(gap: &Gap) -> Self {
        let reason = gap.to_string();
        match gap {
            Gap::Denied { .. } => Self::PermissionDenied { reason },
            _ => Self::Unsupported { reason },
        }
    }

    /// Whether the same change may succeed later without anything being repaired.
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
