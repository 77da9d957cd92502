//! Marks on the schemas of credentials in the document of `app_info`.

use serde_json::Value;

use crate::model::CredentialKind;
use crate::wire::Wire;

/// Marks the schema of a kind of credentials.
pub(super) fn mark_credentials(kind: CredentialKind, schema: &mut Value) {
    schema["x-credential-type"] = Wire::OpenApi.auth_key(kind).into();
    if kind == CredentialKind::KeyPair {
        schema["x-semantic"] = "key-pair".into();
        schema["x-keygen-type"] = "SSH".into();
    }
}
