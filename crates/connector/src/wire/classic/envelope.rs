//! The envelope of a classic response: `{"response", "raw_data", "page", "error"}`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::EncounteredError;
use crate::model::Page;
use crate::response::{Frame, Partial};

/// The fields after the payload.
#[derive(Serialize, Deserialize)]
pub(crate) struct Rest {
    raw_data: Option<serde_json::Map<String, serde_json::Value>>,
    page: Option<PaginationData>,
    error: Option<EncounteredError<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial: Option<Partial>,
}

impl Rest {
    pub(crate) fn of(frame: Frame) -> Self {
        let raw_data = match frame.raw_data {
            Some(serde_json::Value::Object(fields)) => Some(fields),
            _ => None,
        };
        Self { raw_data, page: frame.page.and_then(PaginationData::of), error: None, partial: frame.partial }
    }
}

/// The next page. Unlike [`Page`], it always has a token, and unknown fields are rejected.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PaginationData {
    /// The token for requesting the next page.
    token: String,
    /// The maximum number of items on a page.
    size: Option<i64>,
}

impl PaginationData {
    /// Returns `None` if there is no token, because there is no next page then.
    pub(super) fn of(page: Page) -> Option<Self> {
        Some(Self { token: page.token?, size: page.size })
    }
}
