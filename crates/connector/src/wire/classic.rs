//! The classic format: the envelope of connector-py 3, and the default.

mod account;
pub(super) mod auth;
mod envelope;
mod error;
pub(super) mod info;
pub(super) mod schema;

use serde::Serialize;

use super::call::{self, Call};
use super::codec::{Format, Frame, Spelled, own_serde};
use crate::capability as cap;
use crate::error::ErrorResponse;
use crate::read::envelope::{object, optional, settings, split};
use crate::read::{Problem, Section};

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
    })
}

impl Format for Classic {
    fn write<P: Serialize>(payload: P, frame: Frame<'_>, out: &mut Vec<u8>) -> serde_json::Result<()> {
        envelope::write(payload, frame, out)
    }

    fn write_error(app_id: &str, error: &ErrorResponse, out: &mut Vec<u8>) -> serde_json::Result<()> {
        error::write(app_id, error, out)
    }

    fn rewrite<R: Spelled<Self>>(text: &str) -> serde_json::Result<Vec<u8>> {
        envelope::rewrite::<R>(text)
    }
}

own_serde! {
    Classic:
    requests
        cap::ActivateAccountRequest, cap::AssignEntitlementRequest, cap::CreateAccountRequest,
        cap::DeactivateAccountRequest, cap::DeleteAccountRequest, cap::FindEntitlementAssociationsRequest,
        cap::GetAuthorizationUrlRequest, cap::GetLastActivityRequest, cap::HandleAuthorizationCallbackRequest,
        cap::ListAccountsRequest, cap::ListCustomAttributesSchemaRequest, cap::ListEntitlementsRequest,
        cap::ListResourcesRequest, cap::RefreshAccessTokenRequest, cap::UnassignEntitlementRequest,
        cap::ValidateCredentialsRequest;
    responses
        cap::AssignEntitlementResponse, cap::GetAuthorizationUrlResponse, cap::GetLastActivityResponse,
        cap::HandleAuthorizationCallbackResponse, cap::ListCustomAttributesSchemaResponse,
        cap::ListEntitlementsResponse, cap::ListResourcesResponse, cap::RefreshAccessTokenResponse,
        cap::UnassignEntitlementResponse, cap::ValidateCredentialsResponse;
}
