//! What became of a request, in the words of logs and metrics.

use axum::http::StatusCode;

use crate::integration::Outcome;

/// What became of a request: an [`Outcome`], or something that came in its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Success,
    Partial,
    Malformed,
    Rejected,
    NotImplemented,
    TimedOut,
    Failed,
    /// There were too many at once.
    Overloaded,
    /// Its client went away.
    Cancelled,
}

impl Verdict {
    /// The status that stands for an answer that nobody was there to get.
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

    /// Of a call that dispatch has answered.
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

    /// Of a request that the server has answered itself.
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
    fn a_verdict_has_the_name_of_its_outcome() {
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
