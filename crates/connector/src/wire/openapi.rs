//! The openapi format: the Lumos Connector API that the platform speaks today.

mod account;
pub(super) mod auth;
mod envelope;
mod error;
pub(super) mod info;
pub(super) mod schema;
mod summary;

use serde::Serialize;
pub(super) use serde_with::Same;

use super::call::{self, Call};
use super::codec::{Format, Frame};
use crate::error::ErrorResponse;
use crate::read::envelope::{object, optional, settings, split};
use crate::read::{self, Problem, Section};

pub(super) use account::CreateAccountRequest;

/// The marker of the openapi format.
pub(crate) enum OpenApi {}

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

impl Format for OpenApi {
    fn write<P: Serialize>(payload: P, frame: Frame<'_>, out: &mut Vec<u8>) -> serde_json::Result<()> {
        envelope::write(payload, frame, out)
    }

    fn write_error(app_id: &str, error: &ErrorResponse, out: &mut Vec<u8>) -> serde_json::Result<()> {
        error::write(app_id, error, out)
    }

    #[cfg(feature = "conformance")]
    fn rewrite<R, W>(text: &str) -> serde_json::Result<Vec<u8>>
    where
        W: for<'de> serde_with::DeserializeAs<'de, R> + serde_with::SerializeAs<R>,
    {
        envelope::rewrite::<R, W>(text)
    }
}

/// Reads an error envelope and writes it again.
#[cfg(feature = "conformance")]
pub(crate) fn rewrite_error(text: &str) -> serde_json::Result<Vec<u8>> {
    error::rewrite(text)
}
