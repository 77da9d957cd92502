//! Marks on the schemas of credentials in the document of `app_info`.

use serde_json::Value;

use crate::model::CredentialKind;
use crate::wire::Wire;

/// Marks the schemas of the standard types for credentials, which are among those of a document.
pub(super) fn mark_standard_credentials(schemas: &mut Value) {
    for &kind in CredentialKind::ALL {
        if let Some(schema) = schemas.get_mut(type_name(kind)) {
            mark_credentials(kind, schema);
        }
    }
}

/// Marks the schema of a kind of credentials.
pub(super) fn mark_credentials(kind: CredentialKind, schema: &mut Value) {
    schema["x-credential-type"] = Wire::OpenApi.auth_key(kind).into();
    if kind == CredentialKind::KeyPair {
        schema["x-semantic"] = "key-pair".into();
        schema["x-keygen-type"] = "SSH".into();
    }
}

/// The name of the type for a kind of credentials.
const fn type_name(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::Empty => "EmptyCredentials",
        CredentialKind::Basic => "BasicCredentials",
        CredentialKind::OAuth => "OAuthCredentials",
        CredentialKind::Token => "TokenCredentials",
        CredentialKind::OAuthClient => "OAuthClientCredentials",
        CredentialKind::OAuth1 => "OAuth1Credentials",
        CredentialKind::Jwt => "JwtCredentials",
        CredentialKind::ServiceAccount => "ServiceAccountCredentials",
        CredentialKind::KeyPair => "KeyPairCredentials",
    }
}
