//! Rate limits of an upstream, as caller and connector tell each other of them. Openapi format only.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The state of an upstream's rate limits by their names. Which names there are is the connector's choice.
pub type RateLimitState = BTreeMap<String, RateLimitStateSnapshot>;

/// What the caller says about rate limits in a request.
///
/// The API's document gives no units for the numbers; they are passed on as the caller sent them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RateLimitRequestInfo {
    /// The state that an earlier answer reported.
    pub last_known_state: Option<RateLimitState>,
    /// How the caller wants rate limits to be treated.
    pub caller_override_mode: Option<RateLimitMode>,
    /// How often the caller has repeated this call.
    pub caller_retry_attempt: Option<i64>,
    /// How long the call may take. The limit that is enforced is the deadline: see
    /// [`remaining`](crate::Request::remaining).
    pub max_execution_time: Option<i64>,
}

/// How rate limits are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RateLimitMode {
    /// Requests to the upstream are held back, and repeated if the upstream refuses them.
    Enforce,
    /// Requests are not held back, but repeated if the upstream refuses them.
    RetryOnly,
    /// Requests are neither held back nor repeated.
    Bypass,
    /// Requests are held back, but not repeated.
    EnforceNoRetry,
}

/// The state of one rate limit at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RateLimitStateSnapshot {
    /// How many requests the upstream accepts in one window.
    pub limit: Option<i64>,
    /// How many requests are left in the current window.
    pub remaining: Option<i64>,
    /// When the next window begins, as the upstream reports it.
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
    /// The headers of the upstream's answers.
    ApiHeaders,
    /// Requests counted by the connector.
    SdkCounter,
}
