//! Credentials in a payload, as openapi spells them: one object with a key for each kind.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::capability as cap;
use crate::model::{
    AnyCredentials, BasicCredentials, EmptyCredentials, JwtCredentials, KeyPairCredentials,
    OAuth1Credentials, OAuthClientCredentials, OAuthCredentials, ServiceAccountCredentials, TokenCredentials,
};

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ValidateCredentialConfig")]
pub(crate) struct CredentialConfig {
    credential: Credential,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "AuthCredential")]
struct Credential {
    id: Option<String>,
    empty: Option<EmptyCredentials>,
    basic: Option<BasicCredentials>,
    oauth: Option<OAuthCredentials>,
    token: Option<TokenCredentials>,
    oauth_client_credentials: Option<OAuthClientCredentials>,
    oauth1: Option<OAuth1Credentials>,
    jwt: Option<JwtCredentials>,
    service_account: Option<ServiceAccountCredentials>,
    key_pair: Option<KeyPairCredentials>,
}

/// How the request for a check of credentials is spelled.
pub(crate) type ValidateCredentialConfigRequest = serde_with::FromInto<CredentialConfig>;

impl From<CredentialConfig> for cap::ValidateCredentialConfigRequest {
    fn from(CredentialConfig { credential }: CredentialConfig) -> Self {
        Self {
            credential_id: credential.id,
            credential: AnyCredentials {
                basic: credential.basic,
                oauth: credential.oauth,
                token: credential.token,
                oauth_client: credential.oauth_client_credentials,
                oauth1: credential.oauth1,
                jwt: credential.jwt,
                service_account: credential.service_account,
                key_pair: credential.key_pair,
                empty: credential.empty,
            },
        }
    }
}
