//! The openapi format: the current Lumos Connector API.

mod account;
pub(super) mod auth;
pub(super) mod by_id;
mod credentials;
mod envelope;
mod error;
pub(super) mod info;
pub(crate) mod marks;
pub(crate) mod own;
pub(super) mod schema;
mod summary;
pub(super) mod white_space;

pub(super) use serde_with::Same;

use super::call::{self, Call};
use crate::model::RateLimitRequestInfo;
use crate::read::envelope::{object, optional, settings, split};
use crate::read::{self, Problem, Section};

pub(super) use account::CreateAccountRequest;
pub(super) use credentials::ValidateCredentialConfigRequest;
pub(super) use envelope::Rest;
#[cfg(feature = "conformance")]
pub(super) use error::rewrite as rewrite_error;
pub(super) use error::write as write_error;

/// Parses a request's envelope.
pub(crate) fn open(bytes: &[u8]) -> Result<Call<'_>, Problem> {
    let sections = split(bytes)?;
    let rate_limit = non_null(sections.rate_limit)
        .map(|limit| read::section(Section::RateLimit, object(Section::RateLimit, Some(limit))?))
        .transpose()?;
    let seconds = rate_limit.as_ref().and_then(|limit: &RateLimitRequestInfo| limit.max_execution_time);
    Ok(Call {
        request: object(Section::Request, sections.request)?,
        auth: non_null(sections.auth),
        credentials: non_null(sections.credentials),
        settings: settings(sections.settings)?,
        page: call::page(sections.page)?,
        include_raw_data: optional::<Option<bool>>(Section::IncludeRawData, sections.include_raw_data)?
            .unwrap_or_default(),
        // Not part of this format: used if it is a string, otherwise ignored like any unknown field.
        request_id: sections.request_id.and_then(|id| serde_json::from_str(id).ok()),
        rate_limit,
        time_limit: Some(seconds.unwrap_or(DEFAULT_TIME_LIMIT)),
    })
}

/// What published releases assume if a request does not say how long its caller waits.
const DEFAULT_TIME_LIMIT: i64 = 1800;

/// Treats `null` as absent, as this format does.
fn non_null(section: Option<&str>) -> Option<&str> {
    section.filter(|text| *text != "null")
}
