//! An upstream's rate limits, as exchanged between caller and connector. Openapi format only.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The state of an upstream's rate limits, by names that the connector chooses.
pub type RateLimitState = BTreeMap<String, RateLimitStateSnapshot>;

/// What the caller specifies about rate limits in a request.
///
/// The API's documentation gives no units for the numbers in the state. They are passed on as the caller sent them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RateLimitRequestInfo {
    /// The state that an earlier response reported.
    pub last_known_state: Option<RateLimitState>,
    /// How the caller wants rate limits to be handled.
    pub caller_override_mode: Option<RateLimitMode>,
    /// How many times the caller has retried this call.
    pub caller_retry_attempt: Option<i64>,
    /// How long the caller waits for the response, in seconds. The handler's deadline follows from it: see
    /// [`remaining`](crate::Request::remaining).
    #[schemars(range(min = 1))]
    pub max_execution_time: Option<i64>,
}

/// How rate limits are handled.
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RateLimitStateSnapshot {
    /// How many requests the upstream accepts per window.
    pub limit: Option<i64>,
    /// How many requests are left in the current window.
    pub remaining: Option<i64>,
    /// When the next window starts, as reported by the upstream.
    pub reset: Option<i64>,
    /// The length of a window, in seconds.
    pub window_seconds: Option<i64>,
    /// How long the connector currently waits before each request.
    pub current_delay: Option<i64>,
    /// Where the numbers come from.
    pub source: Option<RateLimitStateSnapshotSource>,
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
