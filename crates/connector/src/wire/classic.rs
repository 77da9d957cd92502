//! The classic format: the envelope of connector-py 3, and the default.

mod account;
mod activity;
pub(super) mod auth;
mod authorization;
mod entitlement;
mod envelope;
mod error;
pub(super) mod info;
pub(super) mod schema;

use serde::Serialize;
pub(super) use serde_with::Same;

use super::call::{self, Call};
use super::codec::{Format, Frame};
use crate::error::ErrorResponse;
use crate::read::envelope::{object, optional, settings, split};
use crate::read::{Problem, Section};

// How payloads are spelled that classic has otherwise than the model. It is frozen: no capability comes to it any more.
pub(super) use account::*;
pub(super) use activity::*;
pub(super) use authorization::*;
pub(super) use entitlement::*;

/// The marker of the classic format.
pub(crate) enum Classic {}

/// Opens a request.
pub(crate) fn open(bytes: &[u8]) -> Result<Call<'_>, Problem> {
    let sections = split(bytes)?;
    Ok(Call {
        request: object(Section::Request, sections.request)?,
        auth: sections.auth,
        credentials: None,
        settings: settings(sections.settings)?,
        page: call::page(sections.page)?,
        include_raw_data: optional(Section::IncludeRawData, sections.include_raw_data)?,
        request_id: optional(Section::RequestId, sections.request_id)?,
        rate_limit: None,
    })
}

impl Format for Classic {
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
