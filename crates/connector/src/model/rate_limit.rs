//! An upstream's rate limits, as exchanged between caller and connector. Openapi format only.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// The state of an upstream's rate limits, by names that the connector chooses.
pub type RateLimitState = BTreeMap<String, RateLimitStateSnapshot>;

/// What the caller specifies about rate limits in a request.
///
/// Numbers are passed on as the caller sent them, even if they are negative.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RateLimitRequestInfo {
    /// The state that an earlier response reported, for a connector that continues to count from there.
    pub last_known_state: Option<RateLimitState>,
    /// How the caller wants rate limits to be handled. It can be overridden: see
    /// [`rate_limit_mode`](crate::Request::rate_limit_mode).
    pub caller_override_mode: Option<RateLimitMode>,
    /// How many times the caller has retried this call.
    pub caller_retry_attempt: Option<i64>,
    /// How long the caller waits for the response, in seconds. The handler's deadline follows from it: see
    /// [`remaining`](crate::Request::remaining).
    #[schemars(range(min = 1))]
    pub max_execution_time: Option<i64>,
}

/// How a connector handles the rate limits of its upstream.
///
/// The SDK chooses the mode: see [`Request::rate_limit_mode`](crate::Request::rate_limit_mode). `connector::client`
/// repeats calls as it says, but doesn't throttle them. A connector with another client does both itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RateLimitMode {
    /// Requests to the upstream are throttled, and retried if the upstream rejects them.
    Enforce,
    /// Requests aren't throttled, but retried if the upstream rejects them.
    RetryOnly,
    /// Requests are neither throttled nor retried.
    Bypass,
    /// Requests are throttled, but not retried.
    EnforceNoRetry,
}

/// The state of one rate limit at one point in time.
///
/// ```
/// use std::time::Duration;
///
/// use connector::model::{RateLimitState, RateLimitStateSnapshot, RateLimitStateSnapshotSource};
///
/// let users = RateLimitStateSnapshot {
///     limit: Some(100),
///     remaining: Some(7),
///     reset: Some(1_700_000_000),
///     window_seconds: Some(60),
///     source: Some(RateLimitStateSnapshotSource::ApiHeaders),
///     ..RateLimitStateSnapshot::default()
/// };
/// assert_eq!(users.window(), Some(Duration::from_secs(60)));
/// assert_eq!(users.resets_at().unwrap().to_string(), "2023-11-14T22:13:20Z");
/// let state = RateLimitState::from([("users".to_owned(), users)]);
/// # drop(state);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RateLimitStateSnapshot {
    /// How many requests the upstream accepts per window.
    pub limit: Option<i64>,
    /// How many requests are left in the current window.
    pub remaining: Option<i64>,
    /// When the next window starts, in seconds since 1970-01-01T00:00:00Z.
    pub reset: Option<i64>,
    /// The length of a window, in seconds.
    pub window_seconds: Option<i64>,
    /// How long the connector currently waits before each request, in seconds.
    pub current_delay: Option<i64>,
    /// Where the numbers come from.
    pub source: Option<RateLimitStateSnapshotSource>,
}

impl RateLimitStateSnapshot {
    /// When the next window starts. `None` if that is unknown or out of the range of a [`Timestamp`].
    #[must_use]
    pub fn resets_at(&self) -> Option<Timestamp> {
        Timestamp::from_unix_seconds(self.reset?).ok()
    }

    /// The length of a window. `None` if it is unknown or negative.
    #[must_use]
    pub fn window(&self) -> Option<Duration> {
        seconds(self.window_seconds)
    }

    /// How long the connector waited before each request. `None` if it is unknown or negative.
    #[must_use]
    pub fn delay(&self) -> Option<Duration> {
        seconds(self.current_delay)
    }
}

fn seconds(seconds: Option<i64>) -> Option<Duration> {
    u64::try_from(seconds?).ok().map(Duration::from_secs)
}

/// Where the numbers of a [`RateLimitStateSnapshot`] come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RateLimitStateSnapshotSource {
    /// The headers of the upstream's responses.
    ApiHeaders,
    /// The connector's own count of requests.
    SdkCounter,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negative_and_huge_numbers_have_no_meaning() {
        let with = |number| RateLimitStateSnapshot {
            reset: Some(number),
            window_seconds: Some(number),
            current_delay: Some(number),
            ..RateLimitStateSnapshot::default()
        };
        let read = |snapshot: RateLimitStateSnapshot| {
            (snapshot.resets_at().is_some(), snapshot.window(), snapshot.delay())
        };
        assert_eq!(read(RateLimitStateSnapshot::default()), (false, None, None));
        assert_eq!(read(with(0)), (true, Some(Duration::ZERO), Some(Duration::ZERO)));
        assert_eq!(read(with(-1)), (true, None, None));
        assert_eq!(read(with(i64::MIN)), (false, None, None));
        let most = Some(Duration::from_secs(i64::MAX.unsigned_abs()));
        assert_eq!(read(with(i64::MAX)), (false, most, most));
    }
}
