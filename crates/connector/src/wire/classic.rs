//! The classic format: the envelope of connector-py 3, and the default.

mod account;
pub(super) mod auth;
mod envelope;
mod error;
pub(crate) mod info;
pub(crate) mod schema;

use serde::Serialize;

use super::codec::own_serde;
use super::{Call, Format, Frame, Problem, Spelled, decode};
use crate::capability as cap;
use crate::error::ErrorResponse;

/// The marker of the classic format.
pub(crate) enum Classic {}

/// Opens a request.
pub(crate) fn open(bytes: &[u8]) -> Result<Call<'_>, Problem> {
    use super::section::Section;
    let sections = decode::split(bytes)?;
    Ok(Call {
        request: decode::object(Section::Request, sections.request)?,
        auth: sections.auth,
        credentials: None,
        settings: decode::settings(sections.settings)?,
        page: decode::page(sections.page)?,
        include_raw_data: decode::optional(Section::IncludeRawData, sections.include_raw_data)?,
        request_id: decode::optional(Section::RequestId, sections.request_id)?,
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
