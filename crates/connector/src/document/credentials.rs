//! The credentials of a connector in the document of `app_info`.

use serde_json::{Map, Value, json};

use super::app_info::with_field_order;
use super::components::Components;
use super::marks::mark_credentials;
use crate::facts::Facts;
use crate::model::CredentialKind;
use crate::wire::Wire;

/// The credentials that a connector accepts.
pub(super) struct Credentials(Vec<Credential>);

struct Credential {
    /// The name in `security`.
    id: String,
    kind: CredentialKind,
    /// The kind's key in a request.
    key: &'static str,
}

impl Credentials {
    pub(super) fn of(facts: &Facts<'_>) -> Self {
        let kinds = facts.kinds.all();
        let credential = |kind: &CredentialKind| {
            let key = Wire::OpenApi.auth_key(*kind)?;
            // A single credential has no ID of its own.
            let id = if kinds.len() == 1 { facts.app_id } else { key };
            Some(Credential { id: id.to_owned(), kind: *kind, key })
        };
        Self(kinds.iter().filter_map(credential).collect())
    }

    /// Whether requests carry a list of credentials, each with an ID.
    pub(super) const fn are_by_id(&self) -> bool {
        self.0.len() > 1
    }

    /// The IDs of the credentials that can be used together, if they have IDs: any one of them is enough.
    pub(super) fn allowed(&self) -> Value {
        if !self.are_by_id() {
            return json!([]);
        }
        self.0.iter().map(|credential| json!([credential.id])).collect()
    }

    /// The name and the schema of the request's section.
    pub(super) fn section(
        &self,
        facts: &Facts<'_>,
        components: &mut Components,
    ) -> Option<(&'static str, Value)> {
        let mut schemas: Vec<Value> = self.0.iter().map(|one| self.schema(one, facts, components)).collect();
        if self.are_by_id() {
            // Published releases write `allOf`, and its readers expect one entry for each credential there.
            let list = json!({ "type": "array", "items": { "allOf": schemas } });
            return Some(("credentials", components.add("Credentials", list)));
        }
        let only = schemas.pop()?;
        Some(("auth", components.add("Auth", only)))
    }

    fn schema(&self, credential: &Credential, facts: &Facts<'_>, components: &mut Components) -> Value {
        let key = credential.key;
        let schema = facts.kinds.schema(credential.kind, &mut components.generator);
        let mut schema = with_field_order(schema.to_value());
        mark_credentials(credential.kind, &mut schema);
        if !self.are_by_id() {
            return json!({ "type": "object", "properties": { key: schema }, "required": [key] });
        }
        schema["x-optional"] = true.into();
        let id = json!({ "type": "string", "enum": [credential.id] });
        json!({ "type": "object", "properties": { "id": id, key: schema }, "required": ["id", key] })
    }

    /// What every operation requires: any of the credentials.
    pub(super) fn requirements(&self) -> Value {
        self.0.iter().map(|credential| json!({ credential.id.as_str(): [] })).collect()
    }

    /// How each credential is passed to the app, as far as OpenAPI can express it.
    pub(super) fn security_schemes(&self) -> Map<String, Value> {
        self.0.iter().map(|credential| (credential.id.clone(), security_scheme(credential.kind))).collect()
    }
}

fn security_scheme(kind: CredentialKind) -> Value {
    let header = |description: &str| json!({ "type": "apiKey", "in": "header", "name": "Authorization", "description": description });
    let jwt = |description: &str| json!({ "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": description });
    // The connector's own handlers know the URLs and scopes.
    match kind {
        CredentialKind::Basic => json!({ "type": "http", "scheme": "basic" }),
        CredentialKind::OAuth => json!({ "type": "oauth2", "flows": {
            "authorizationCode": { "authorizationUrl": "", "tokenUrl": "", "scopes": {} },
        } }),
        CredentialKind::OAuthClient => json!({ "type": "oauth2", "flows": {
            "clientCredentials": { "tokenUrl": "", "scopes": {} },
        } }),
        CredentialKind::Token => header("API token or key"),
        CredentialKind::OAuth1 => header("OAuth 1.0a signature"),
        CredentialKind::ServiceAccount => header("Token of the service account"),
        CredentialKind::Jwt => jwt("Token that the connector signs"),
        CredentialKind::KeyPair => jwt("Token that is signed with the key pair"),
    }
}
