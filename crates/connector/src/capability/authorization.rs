//! Capabilities of an OAuth 2 flow (RFC 6749, section 4.1).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::standard;
use crate::secret::Secret;

standard!(GetAuthorizationUrl, "get_authorization_url", Read,
    GetAuthorizationUrlRequest => GetAuthorizationUrlResponse,
    "Gives the address where a user authorizes the connector");

/// Asks for the address to send the user to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GetAuthorizationUrlRequest {
    /// The client's id.
    pub client_id: String,
    /// The scopes to ask for.
    pub scopes: Vec<String>,
    /// Where the user is sent back to.
    pub redirect_uri: String,
    /// Protects the flow against forgery: comes back unchanged.
    pub state: String,
    /// What the user has entered beforehand, by field.
    pub form_data: Option<BTreeMap<String, FormData>>,
}

/// One field that the user has filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FormData {
    /// The field's name.
    pub key: String,
    /// What the user entered.
    pub value: String,
}

/// The address to send the user to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GetAuthorizationUrlResponse {
    /// The address.
    pub authorization_url: String,
}

standard!(
    /// Never repeated on its own: an authorization code can be used once.
    HandleAuthorizationCallback, "handle_authorization_callback", UnsafeWrite,
    HandleAuthorizationCallbackRequest => HandleAuthorizationCallbackResponse,
    "Turns an authorization code into tokens");

/// Brings the code that the user came back with.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct HandleAuthorizationCallbackRequest {
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Secret,
    /// The address that the user was sent back to, with the code in its query.
    pub redirect_uri_with_code: Secret,
    /// The state that the flow began with.
    pub state: Option<String>,
}

/// The tokens that the code gave.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct HandleAuthorizationCallbackResponse {
    /// The access token.
    #[serde(serialize_with = "crate::secret::expose")]
    pub access_token: Secret,
    /// The refresh token.
    #[serde(serialize_with = "crate::secret::expose")]
    pub refresh_token: Secret,
    /// The kind of the access token.
    pub token_type: TokenType,
    /// The state that the flow began with.
    pub state: Option<String>,
}

/// The kind of an access token (RFC 6750).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum TokenType {
    /// Whoever bears it may use it.
    #[default]
    Bearer,
}

standard!(
    /// Never repeated on its own: many upstreams accept a refresh token once.
    RefreshAccessToken, "refresh_access_token", UnsafeWrite,
    RefreshAccessTokenRequest => RefreshAccessTokenResponse,
    "Turns a refresh token into new tokens");

/// Brings the refresh token.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct RefreshAccessTokenRequest {
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Secret,
    /// The refresh token.
    pub refresh_token: Secret,
    /// The state that the flow began with.
    pub state: Option<String>,
}

/// The new tokens.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RefreshAccessTokenResponse {
    /// The access token.
    #[serde(serialize_with = "crate::secret::expose")]
    pub access_token: Secret,
    /// The refresh token to use from now on.
    #[serde(serialize_with = "crate::secret::expose")]
    pub refresh_token: Secret,
    /// The kind of the access token.
    pub token_type: TokenType,
    /// The state that the flow began with.
    pub state: Option<String>,
}
