//! The outcome of a request in logs and metrics.

use axum::http::StatusCode;

use crate::integration::Outcome;

/// The outcome of a request: an [`Outcome`], or a reason why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Success,
    Partial,
    Malformed,
    Rejected,
    NotImplemented,
    TimedOut,
    Failed,
    /// There were too many concurrent calls.
    Overloaded,
    /// The client disconnected.
    Cancelled,
}

impl Verdict {
    /// The status in logs and metrics for a response that wasn't sent because the client disconnected.
    pub(super) const CANCELLED: u16 = 499;

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Partial => "partial",
            Self::Malformed => "malformed",
            Self::Rejected => "rejected",
            Self::NotImplemented => "not_implemented",
            Self::TimedOut => "timed_out",
            Self::Failed => "failed",
            Self::Overloaded => "overloaded",
            Self::Cancelled => "cancelled",
        }
    }

    /// The verdict for a call that was dispatched.
    pub(super) const fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Success { partial: false } => Self::Success,
            Outcome::Success { partial: true } => Self::Partial,
            Outcome::Malformed => Self::Malformed,
            Outcome::Rejected => Self::Rejected,
            Outcome::NotImplemented => Self::NotImplemented,
            Outcome::TimedOut => Self::TimedOut,
            Outcome::Failed { .. } => Self::Failed,
        }
    }

    /// The verdict for a request that the server responded to itself.
    pub(super) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::BAD_REQUEST => Self::Malformed,
            StatusCode::NOT_FOUND => Self::NotImplemented,
            StatusCode::SERVICE_UNAVAILABLE => Self::Overloaded,
            status if status.is_client_error() => Self::Rejected,
            status if status.is_server_error() => Self::Failed,
            _ => Self::Success,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_have_the_names_of_their_outcomes() {
        for outcome in [
            Outcome::Success { partial: false },
            Outcome::Success { partial: true },
            Outcome::Malformed,
            Outcome::Rejected,
            Outcome::NotImplemented,
            Outcome::TimedOut,
            Outcome::Failed { code: String::new() },
        ] {
            assert_eq!(Verdict::of(&outcome).as_str(), outcome.as_str());
        }
    }
}
