//! Capabilities of an OAuth 2 flow (RFC 6749, section 4.1).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::constructor::constructor;
use crate::secret::Secret;

/// Requests the URL to send the user to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GetAuthorizationUrlRequest {
    /// The client id.
    pub client_id: String,
    /// The scopes to request.
    pub scopes: Vec<String>,
    /// Where the user is redirected afterwards.
    pub redirect_uri: String,
    /// Protects the flow against forgery. It comes back unchanged in the callback.
    pub state: String,
    /// What the user entered beforehand, by field.
    #[serde(default, with = "form")]
    #[schemars(with = "Option<std::collections::BTreeMap<String, String>>")]
    pub form_data: Option<BTreeMap<String, FormData>>,
    /// Which of the connector's credentials the flow is for. Openapi format only.
    pub credential_id: Option<String>,
}

constructor!(
    GetAuthorizationUrlRequest(client_id: String, scopes: Vec<String>, redirect_uri: String, state: String),
    form_data, credential_id
);

/// A form field that the user filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FormData {
    /// The field's name.
    pub key: String,
    /// What the user entered.
    pub value: String,
}

constructor!(FormData(key: String, value: String));

/// In the openapi format, a form maps each field to the entered text.
mod form {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::FormData;

    type Form = BTreeMap<String, FormData>;

    pub(super) fn serialize<S: Serializer>(form: &Option<Form>, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(form) = form else { return serializer.serialize_none() };
        serializer.collect_map(form.iter().map(|(key, field)| (key, &field.value)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Form>, D::Error> {
        let texts = Option::<BTreeMap<String, String>>::deserialize(deserializer)?;
        let field = |(key, value): (String, String)| (key.clone(), FormData { key, value });
        Ok(texts.map(|texts| texts.into_iter().map(field).collect()))
    }
}

/// The URL to send the user to.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct GetAuthorizationUrlResponse {
    /// The URL.
    pub authorization_url: String,
    /// The PKCE code verifier (RFC 7636, section 4.1). Openapi format only; classic omits it.
    #[serde(serialize_with = "crate::secret::expose_some")]
    pub code_verifier: Option<Secret>,
}

constructor!(GetAuthorizationUrlResponse(authorization_url: String), code_verifier);

/// Carries the authorization code that the user came back with.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct HandleAuthorizationCallbackRequest {
    /// The client id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: Secret,
    /// The URL that the user was redirected to, with the code in its query.
    pub redirect_uri_with_code: Secret,
    /// The state that the flow started with.
    pub state: Option<String>,
    /// The PKCE code verifier of the authorization request (RFC 7636, section 4.1). Openapi format only.
    pub code_verifier: Option<Secret>,
    /// Which of the connector's credentials the flow is for. Openapi format only.
    pub credential_id: Option<String>,
}

constructor!(
    HandleAuthorizationCallbackRequest(client_id: String, client_secret: Secret, redirect_uri_with_code: Secret),
    state, code_verifier, credential_id
);

/// The tokens issued for an authorization code.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct HandleAuthorizationCallbackResponse {
    /// The access token.
    #[serde(serialize_with = "crate::secret::expose")]
    pub access_token: Secret,
    /// The refresh token. The classic format requires one.
    #[serde(serialize_with = "crate::secret::expose_some")]
    pub refresh_token: Option<Secret>,
    /// The kind of the access token.
    pub token_type: TokenType,
    /// The state that the flow started with.
    pub state: Option<String>,
}

constructor!(HandleAuthorizationCallbackResponse(access_token: Secret, token_type: TokenType), refresh_token, state);

/// The kind of an access token (RFC 6750).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum TokenType {
    /// Anyone who has the token may use it.
    #[default]
    Bearer,
}

/// Carries the refresh token to exchange.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct RefreshAccessTokenRequest {
    /// The client id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: Secret,
    /// The refresh token.
    pub refresh_token: Secret,
    /// The state that the flow started with.
    pub state: Option<String>,
    /// Which of the connector's credentials the tokens belong to. Openapi format only.
    pub credential_id: Option<String>,
}

constructor!(
    RefreshAccessTokenRequest(client_id: String, client_secret: Secret, refresh_token: Secret),
    state, credential_id
);

/// The new tokens.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RefreshAccessTokenResponse {
    /// The access token.
    #[serde(serialize_with = "crate::secret::expose")]
    pub access_token: Secret,
    /// The refresh token to use from now on. The classic format requires one.
    #[serde(serialize_with = "crate::secret::expose_some")]
    pub refresh_token: Option<Secret>,
    /// The kind of the access token.
    pub token_type: TokenType,
    /// The state that the flow started with.
    pub state: Option<String>,
}

constructor!(RefreshAccessTokenResponse(access_token: Secret, token_type: TokenType), refresh_token, state);

/// Brings a client's credentials, to exchange them for tokens (RFC 6749, section 4.4).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct HandleClientCredentialsRequestRequest {
    /// The client's ID.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Secret,
    /// The scopes to request.
    pub scopes: Vec<String>,
    /// Which of the connector's credentials the tokens are for.
    pub credential_id: Option<String>,
}

constructor!(
    HandleClientCredentialsRequestRequest(client_id: String, client_secret: Secret, scopes: Vec<String>),
    credential_id
);

/// The tokens issued for the client's credentials.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct HandleClientCredentialsRequestResponse {
    /// The access token.
    #[serde(serialize_with = "crate::secret::expose")]
    pub access_token: Secret,
    /// The refresh token. Most upstreams issue none in this flow.
    #[serde(serialize_with = "crate::secret::expose_some")]
    pub refresh_token: Option<Secret>,
    /// The kind of the access token.
    pub token_type: TokenType,
    /// A state to return to the caller. This flow normally has none.
    pub state: Option<String>,
}

constructor!(
    HandleClientCredentialsRequestResponse(access_token: Secret, token_type: TokenType), refresh_token, state
);
