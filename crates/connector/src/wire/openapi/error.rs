//! The response to a failed call in the openapi format: the error, and no `response`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{ErrorResponse, ReportedError};
use crate::model::Page;

#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ErrorResponse")]
pub(super) struct Failure {
    #[serde(default = "yes")]
    is_error: bool,
    pub(super) error: ReportedError,
    raw_data: Option<serde_json::Map<String, serde_json::Value>>,
    page: Option<Page>,
}

const fn yes() -> bool {
    true
}

pub(crate) fn write(app_id: &str, failed: &ErrorResponse, out: &mut Vec<u8>) -> serde_json::Result<()> {
    serde_json::to_writer(
        out,
        &Failure {
            is_error: true,
            error: ReportedError::new(app_id, failed.error.clone()),
            raw_data: match &failed.raw_data {
                Some(serde_json::Value::Object(fields)) => Some(fields.clone()),
                _ => None,
            },
            page: failed.page.clone(),
        },
    )
}

/// Reads an error and writes it again.
#[cfg(feature = "conformance")]
pub(crate) fn rewrite(text: &str) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&crate::read::strict::<Failure>(text)?)
}
