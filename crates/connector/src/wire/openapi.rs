//! The openapi format: the Lumos Connector API that the platform speaks today.

mod account;
pub(super) mod auth;
mod envelope;
mod error;
pub(super) mod info;
pub(super) mod schema;
mod summary;

pub(super) use serde_with::Same;

use super::call::{self, Call};
use crate::read::envelope::{object, optional, settings, split};
use crate::read::{self, Problem, Section};

pub(super) use account::CreateAccountRequest;
pub(super) use envelope::Rest;
#[cfg(feature = "conformance")]
pub(super) use error::rewrite as rewrite_error;
pub(super) use error::write as write_error;

/// Opens a request.
pub(crate) fn open(bytes: &[u8]) -> Result<Call<'_>, Problem> {
    let sections = split(bytes)?;
    let rate_limit = given(sections.rate_limit)
        .map(|limit| read::section(Section::RateLimit, object(Section::RateLimit, Some(limit))?))
        .transpose()?;
    Ok(Call {
        request: object(Section::Request, sections.request)?,
        auth: given(sections.auth),
        credentials: given(sections.credentials),
        settings: settings(sections.settings)?,
        page: call::page(sections.page)?,
        include_raw_data: optional::<Option<bool>>(Section::IncludeRawData, sections.include_raw_data)?
            .unwrap_or_default(),
        // Not a part of this format: taken where it is a text, and else as little an error as any unknown field.
        request_id: sections.request_id.and_then(|id| serde_json::from_str(id).ok()),
        rate_limit,
    })
}

/// In this format `null` is the same as absent.
fn given(section: Option<&str>) -> Option<&str> {
    section.filter(|text| *text != "null")
}
