//! The envelope of an openapi response: `{"response", "raw_data", "page", "rate_limit", "execution_summary"}`.

use serde::{Deserialize, Serialize};

use super::summary::{ExecutionSummary, RateLimitResponseInfo};
use crate::model::Page;
use crate::response::{Frame, Partial};

/// The fields after the payload.
#[derive(Serialize, Deserialize)]
pub(crate) struct Rest {
    raw_data: Option<serde_json::Value>,
    page: Option<Page>,
    rate_limit: Option<RateLimitResponseInfo>,
    execution_summary: Option<ExecutionSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial: Option<Partial>,
}

impl Rest {
    pub(crate) fn of(app_id: &str, frame: Frame) -> Self {
        Self {
            raw_data: frame.raw_data,
            page: frame.page,
            rate_limit: frame.rate_limit.map(|state| RateLimitResponseInfo { current_state: Some(state) }),
            execution_summary: frame.execution_summary.map(|summary| ExecutionSummary::of(app_id, summary)),
            partial: frame.partial,
        }
    }
}
