//! The envelope of a classic response to a failed call.
//!
//! Release 3.2.0 of connector-py puts the error under `response`. This follows its README, which puts it under `error`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::envelope::PaginationData;
use crate::error::ErrorResponse;

#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EncounteredErrorResponse")]
pub(super) struct EncounteredError<T> {
    /// A description of what went wrong, for people.
    message: T,
    /// The HTTP status that the upstream returned.
    status_code: Option<i64>,
    /// `<app_id>.<code>`, possibly with a third level.
    error_code: Option<String>,
    /// The type of the error.
    raised_by: Option<T>,
    /// Where it was raised, as `module.path:function`.
    raised_in: Option<T>,
}

#[derive(Serialize)]
struct Failure<'a> {
    error: EncounteredError<&'a str>,
    response: Option<()>,
    raw_data: Option<&'a serde_json::Value>,
    page: Option<PaginationData>,
}

pub(crate) fn write(app_id: &str, failed: &ErrorResponse, out: &mut Vec<u8>) -> serde_json::Result<()> {
    let error = &failed.error;
    serde_json::to_writer(
        out,
        &Failure {
            error: EncounteredError {
                message: &error.message,
                status_code: error.status_code.map(i64::from),
                error_code: Some(format!("{app_id}.{}", error.error_code)),
                raised_by: error.raised_by.as_deref(),
                raised_in: error.raised_in.as_deref(),
            },
            response: None,
            raw_data: failed.raw_data.as_ref(),
            page: failed.page.clone().and_then(PaginationData::of),
        },
    )
}
