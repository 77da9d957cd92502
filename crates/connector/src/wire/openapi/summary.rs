//! Additional parts of openapi responses: rate limits and execution summaries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::ReportedError;
use crate::model::RateLimitState;
use crate::response::{self, ExecutionEffect};

/// The upstream's rate limits, as far as the connector knows them.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct RateLimitResponseInfo {
    pub(super) current_state: Option<RateLimitState>,
}

/// What an execution did.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct ExecutionSummary {
    effect: ExecutionEffect,
    request_fingerprint: String,
    is_idempotent: bool,
    description: Option<String>,
    caught_errors: Option<Vec<ReportedError>>,
}

impl ExecutionSummary {
    pub(super) fn of(app_id: &str, summary: response::ExecutionSummary) -> Self {
        let errors: Vec<ReportedError> =
            summary.caught_errors.into_iter().map(|error| ReportedError::new(app_id, error)).collect();
        Self {
            effect: summary.effect,
            request_fingerprint: summary.request_fingerprint.unwrap_or_default(),
            is_idempotent: summary.is_idempotent.unwrap_or_default(),
            description: summary.description,
            caught_errors: (!errors.is_empty()).then_some(errors),
        }
    }
}
