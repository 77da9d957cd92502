//! What openapi envelopes carry besides: rate limits and the summary of an execution.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::error::Error;
use crate::model::RateLimitState;

/// What the connector knows of the upstream's rate limit.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct RateLimitResponseInfo {
    current_state: Option<RateLimitState>,
}

/// What an execution did.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct ExecutionSummary {
    effect: Effect,
    request_fingerprint: String,
    is_idempotent: bool,
    description: Option<String>,
    caught_errors: Option<Vec<Error>>,
}

/// What an execution changed.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Effect {
    Created,
    Updated,
    Deleted,
    Noop { reason: NoopEffectReason },
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum NoopEffectReason {
    StateAlreadyMatches,
}

/// `kind` may be left out: an effect with a valid reason is then a noop, any other a creation.
impl<'de> Deserialize<'de> for Effect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Untagged {
            #[serde(default, deserialize_with = "crate::read::present")]
            kind: Option<Kind>,
            reason: Option<serde_json::Value>,
        }
        let read = Untagged::deserialize(deserializer)?;
        let reason = read.reason.and_then(|reason| NoopEffectReason::deserialize(reason).ok());
        match (read.kind, reason) {
            (None | Some(Kind::Noop), Some(reason)) => Ok(Self::Noop { reason }),
            (Some(Kind::Noop), None) => Err(serde::de::Error::missing_field("reason")),
            (None | Some(Kind::Created), _) => Ok(Self::Created),
            (Some(Kind::Updated), _) => Ok(Self::Updated),
            (Some(Kind::Deleted), _) => Ok(Self::Deleted),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Created,
    Updated,
    Deleted,
    Noop,
}
