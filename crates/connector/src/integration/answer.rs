//! The response of a dispatched call, with the information that the server and the command line need.

use std::time::Duration;

use crate::error::ErrorCode;

/// The response to a dispatched call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer {
    /// One JSON document in the integration's wire format.
    pub body: Vec<u8>,
    /// The outcome of the call.
    pub outcome: Outcome,
    /// How long the caller should wait before it retries a failed call, if the error specifies it.
    pub retry_after: Option<Duration>,
}

impl Answer {
    pub(super) const fn success(body: Vec<u8>, partial: bool) -> Self {
        Self { body, outcome: Outcome::Success { partial }, retry_after: None }
    }
}

/// The outcome of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The call succeeded.
    Success {
        /// Whether the listing is incomplete.
        partial: bool,
    },
    /// The input isn't valid JSON. The handler was not called.
    Malformed,
    /// The input isn't a valid request for this capability. The handler was not called.
    Rejected,
    /// The connector does not have this capability.
    NotImplemented,
    /// The handler did not finish in time.
    TimedOut,
    /// The handler failed or panicked.
    Failed {
        /// The error's code, without the app's prefix.
        code: String,
    },
}

impl Outcome {
    /// The outcome of a call that failed with one of the SDK's own codes.
    pub(crate) fn failed(code: ErrorCode) -> Self {
        Self::Failed { code: code.as_str().to_owned() }
    }

    /// Whether the response is an error.
    #[must_use]
    pub const fn is_error(&self) -> bool {
        !matches!(self, Self::Success { .. })
    }

    /// The outcome's name in logs, metrics and traces: `success`, `partial`, `malformed`, `rejected`, `not_implemented`,
    /// `timed_out` or `failed`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Success { partial: false } => "success",
            Self::Success { partial: true } => "partial",
            Self::Malformed => "malformed",
            Self::Rejected => "rejected",
            Self::NotImplemented => "not_implemented",
            Self::TimedOut => "timed_out",
            Self::Failed { .. } => "failed",
        }
    }

    /// The error code of a failed call.
    pub(crate) const fn code(&self) -> Option<&str> {
        match self {
            Self::Failed { code } => Some(code.as_str()),
            _ => None,
        }
    }
}
