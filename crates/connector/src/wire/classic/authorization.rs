//! The OAuth flow and the validation of credentials in the classic format: without the fields that exist only in
//! openapi, and with a required refresh token.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::capability::{self as cap, FormData, TokenType};
use crate::secret::Secret;
use crate::wire::codec::{wire_request, wire_type};

#[derive(Deserialize, JsonSchema)]
#[serde(remote = "cap::GetAuthorizationUrlRequest")]
pub(crate) struct GetAuthorizationUrlRequest {
    client_id: String,
    scopes: Vec<String>,
    redirect_uri: String,
    state: String,
    form_data: Option<BTreeMap<String, FormData>>,
    #[serde(skip)]
    credential_id: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "cap::GetAuthorizationUrlResponse")]
pub(crate) struct GetAuthorizationUrlResponse {
    authorization_url: String,
    #[serde(skip)]
    code_verifier: Option<Secret>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(remote = "cap::HandleAuthorizationCallbackRequest")]
pub(crate) struct HandleAuthorizationCallbackRequest {
    client_id: String,
    client_secret: Secret,
    redirect_uri_with_code: Secret,
    state: Option<String>,
    #[serde(skip)]
    code_verifier: Option<Secret>,
    #[serde(skip)]
    credential_id: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "cap::HandleAuthorizationCallbackResponse")]
pub(crate) struct HandleAuthorizationCallbackResponse {
    #[serde(serialize_with = "crate::secret::expose")]
    access_token: Secret,
    #[serde(with = "required_token")]
    #[schemars(with = "Secret")]
    refresh_token: Option<Secret>,
    token_type: TokenType,
    state: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(remote = "cap::RefreshAccessTokenRequest")]
pub(crate) struct RefreshAccessTokenRequest {
    client_id: String,
    client_secret: Secret,
    refresh_token: Secret,
    state: Option<String>,
    #[serde(skip)]
    credential_id: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "cap::RefreshAccessTokenResponse")]
pub(crate) struct RefreshAccessTokenResponse {
    #[serde(serialize_with = "crate::secret::expose")]
    access_token: Secret,
    #[serde(with = "required_token")]
    #[schemars(with = "Secret")]
    refresh_token: Option<Secret>,
    token_type: TokenType,
    state: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "cap::ValidateCredentialsResponse")]
pub(crate) struct ValidateCredentialsResponse {
    valid: bool,
    #[serde(skip)]
    unique_tenant_id: Option<String>,
}

/// A required refresh token.
mod required_token {
    use serde::Serializer;

    use super::Secret;
    use crate::model::required_in_wire::refresh_token;

    pub(super) use refresh_token::deserialize;

    pub(super) fn serialize<S: Serializer>(token: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
        refresh_token::serialize(&token.as_ref().map(Secret::expose), serializer)
    }
}

wire_request! {
    GetAuthorizationUrlRequest: cap::GetAuthorizationUrlRequest;
    HandleAuthorizationCallbackRequest: cap::HandleAuthorizationCallbackRequest;
    RefreshAccessTokenRequest: cap::RefreshAccessTokenRequest;
}

wire_type! {
    GetAuthorizationUrlResponse: cap::GetAuthorizationUrlResponse;
    HandleAuthorizationCallbackResponse: cap::HandleAuthorizationCallbackResponse;
    RefreshAccessTokenResponse: cap::RefreshAccessTokenResponse;
    ValidateCredentialsResponse: cap::ValidateCredentialsResponse;
}
