//! Credentials, one type per kind.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ExtraData;
use crate::secret::Secret;

/// Passes every kind of credentials to the macro `$then`: its name, its type, and its field in [`AnyCredentials`].
macro_rules! each_kind {
    ($then:ident) => {
        $then! {
            Basic, BasicCredentials, basic;
            OAuth, OAuthCredentials, oauth;
            Token, TokenCredentials, token;
            OAuthClient, OAuthClientCredentials, oauth_client;
            OAuth1, OAuth1Credentials, oauth1;
            Jwt, JwtCredentials, jwt;
            ServiceAccount, ServiceAccountCredentials, service_account;
            KeyPair, KeyPairCredentials, key_pair;
            Empty, EmptyCredentials, empty;
        }
    };
}
pub(crate) use each_kind;

macro_rules! kinds {
    ($($kind:ident, $type:ident, $field:ident;)*) => {
        /// A kind of credentials. The classic format supports only `Basic` and `OAuth`; the openapi format supports all
        /// kinds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum CredentialKind {
            $(
                #[doc = concat!("[`", stringify!($type), "`].")]
                $kind,
            )*
        }

        impl CredentialKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];
        }

        /// The credentials that a request carries, at least one kind.
        ///
        /// Use it for a connector that accepts several kinds: `request.basic_auth()?` and `request.oauth()?` each
        /// select one, or inspect the fields. A request in the openapi format may carry several kinds at once, a
        /// classic request carries exactly one.
        #[derive(Clone, Debug, Default)]
        #[non_exhaustive]
        pub struct AnyCredentials {
            $(
                #[doc = concat!("[`", stringify!($type), "`], if present.")]
                pub $field: Option<$type>,
            )*
        }

        impl AnyCredentials {
            /// Returns whether there are no credentials.
            #[must_use]
            pub const fn is_empty(&self) -> bool {
                true $(&& self.$field.is_none())*
            }
        }
    };
}
each_kind!(kinds);

/// A username and a password.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct BasicCredentials {
    /// Username.
    pub username: String,
    /// Password.
    pub password: Secret,
}

/// Tokens from an OAuth 2 flow (RFC 6749).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct OAuthCredentials {
    /// The access token.
    #[schemars(extend("x-field_type" = "HIDDEN"))]
    pub access_token: Secret,
    /// The refresh token, if any. Classic format only.
    pub refresh_token: Option<Secret>,
    /// The granted scopes, separated by spaces. Classic format only.
    pub scope: Option<String>,
}

/// A token that users create in the upstream's settings, such as an API key.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct TokenCredentials {
    /// The token.
    pub token: Secret,
}

/// A token from the OAuth 2 client credentials flow (RFC 6749, section 4.4).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct OAuthClientCredentials {
    /// The access token.
    #[schemars(extend("x-field_type" = "HIDDEN"))]
    pub access_token: Secret,
    /// The client id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: Secret,
    /// The granted scopes.
    pub scopes: Vec<String>,
}

/// OAuth 1.0 credentials (RFC 5849).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct OAuth1Credentials {
    /// The consumer key.
    pub consumer_key: String,
    /// The consumer secret.
    pub consumer_secret: Secret,
    /// The token id.
    pub token_id: String,
    /// The token secret.
    pub token_secret: Secret,
}

/// The parts of a JSON Web Token to sign (RFC 7519).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct JwtCredentials {
    /// Header parameters.
    pub headers: JwtHeaders,
    /// Claims.
    pub claims: JwtClaims,
    /// The signing key.
    pub secret: Secret,
}

/// JOSE header parameters (RFC 7515, section 4.1), under their registered names.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "registered header parameter names")]
pub struct JwtHeaders {
    pub alg: String,
    pub jku: String,
    pub jwk: String,
    pub typ: String,
    pub kid: String,
    pub x5u: String,
    pub x5c: String,
    pub x5t: String,
    #[serde(rename = "x5t#S256")]
    pub x5t_s256: String,
    pub cty: String,
    pub crit: Vec<String>,
}

/// JWT claims (RFC 7519, section 4.1; RFC 8693, section 4), under their registered names.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "registered claim names")]
pub struct JwtClaims {
    pub iss: String,
    pub sub: String,
    pub aud: String,
    pub exp: i64,
    pub nbf: i64,
    pub iat: i64,
    pub jti: String,
    pub act: String,
    pub scope: Vec<String>,
    pub client_id: String,
    pub may_act: String,
}

/// A cloud provider's service account.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct ServiceAccountCredentials {
    /// The key as issued by the cloud provider. The whole object is secret.
    #[schemars(extend("x-field_type" = "HIDDEN"))]
    pub key: ServiceAccountKey,
    /// The user to act as.
    pub impersonation_email: String,
    /// The tenant.
    pub tenant_id: String,
    /// The scopes to request.
    #[schemars(extend("x-field_type" = "HIDDEN"))]
    pub scopes: Vec<String>,
    /// The cloud service. `None` means Google Cloud.
    #[schemars(extend("x-field_type" = "HIDDEN"))]
    pub service_type: Option<ServiceAccountType>,
}

/// A service account's key: a JSON object that is redacted, and wiped from memory when dropped, like any [`Secret`].
pub type ServiceAccountKey = Secret<SecretObject>;

/// The cloud service that a service account belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ServiceAccountType {
    /// Google Cloud.
    GoogleCloud,
    /// Google Drive.
    GoogleDrive,
    /// Amazon Web Services.
    Aws,
    /// A role in Amazon Web Services.
    AwsRole,
}

/// A key pair whose public key is registered with the upstream.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[schemars(extend("x-semantic" = "key-pair", "x-keygen-type" = "SSH"))]
pub struct KeyPairCredentials {
    /// The upstream's name for the key.
    #[schemars(extend("x-field_type" = "HIDDEN"))]
    pub key_identifier: String,
    /// The private key.
    #[schemars(extend("x-field_type" = "HIDDEN"))]
    pub private_key: Secret,
}

/// No credentials: the connector's host proves by itself who it is, for example with the role of a cloud instance.
///
/// Unlike with [`NoAuth`](crate::NoAuth), requests say so: they carry an empty object.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct EmptyCredentials {}

impl EmptyCredentials {
    /// Creates the only value.
    #[must_use]
    pub const fn new() -> Self {
        Self {}
    }
}

/// A JSON object whose strings are wiped from memory when it is dropped.
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct SecretObject(pub ExtraData);

impl std::fmt::Debug for SecretObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretObject(***)")
    }
}

impl zeroize::Zeroize for SecretObject {
    fn zeroize(&mut self) {
        fn wipe(value: &mut serde_json::Value) {
            match value {
                serde_json::Value::String(text) => text.zeroize(),
                serde_json::Value::Array(items) => items.iter_mut().for_each(wipe),
                serde_json::Value::Object(fields) => fields.values_mut().for_each(wipe),
                serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
            }
        }
        self.0.values_mut().for_each(wipe);
        self.0.clear();
    }
}
