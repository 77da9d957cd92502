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

pub(super) use serde_with::Same;

use super::call::{self, Call};
use crate::read::envelope::{object, optional, settings, split};
use crate::read::{Problem, Section};

// The types of payloads that differ from the model. The format is frozen: no capabilities will be added.
pub(super) use account::*;
pub(super) use activity::*;
pub(super) use authorization::*;
pub(super) use entitlement::*;
pub(super) use envelope::Rest;
pub(super) use error::write as write_error;

/// Parses a request's envelope.
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
        time_limit: None,
    })
}
