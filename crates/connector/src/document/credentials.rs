//! The credentials of a connector in the document of `app_info`.

use serde_json::{Map, Value, json};

use super::app_info::with_field_order;
use super::components::Components;
use super::marks::mark_credentials;
use crate::auth::DeclaredCredential;
use crate::facts::Facts;
use crate::model::CredentialKind;
use crate::wire::Wire;

/// The credentials that a connector accepts.
pub(super) struct Credentials {
    all: Vec<Credential>,
    /// The IDs of the credentials that can be used together. Empty if they have no IDs.
    allowed: Vec<Vec<String>>,
}

struct Credential {
    /// The name in `security`.
    id: String,
    kind: CredentialKind,
    /// The kind's key in a request.
    key: &'static str,
    is_optional: bool,
    declared: Option<&'static DeclaredCredential>,
}

impl Credentials {
    pub(super) fn of(facts: &Facts<'_>) -> Self {
        if let Some(by_id) = facts.kinds.by_id() {
            let all = by_id.declared.iter().filter_map(|declared| {
                let (key, is_optional) = (Wire::OpenApi.auth_key(declared.kind)?, declared.is_optional);
                let id = declared.id.to_owned();
                Some(Credential { id, kind: declared.kind, key, is_optional, declared: Some(declared) })
            });
            return Self { all: all.collect(), allowed: by_id.combinations() };
        }
        let kinds = facts.kinds.all();
        let credential = |kind: &CredentialKind| {
            let key = Wire::OpenApi.auth_key(*kind)?;
            // A single credential needs no ID in requests.
            let id = if kinds.len() == 1 { facts.app_id } else { key };
            Some(Credential { id: id.to_owned(), kind: *kind, key, is_optional: true, declared: None })
        };
        let all: Vec<Credential> = kinds.iter().filter_map(credential).collect();
        // Any one of several kinds is enough.
        let is_one = all.len() == 1;
        let allowed = all.iter().filter(|_| !is_one).map(|credential| vec![credential.id.clone()]).collect();
        Self { all, allowed }
    }

    /// Whether requests carry a list of credentials, each with an ID.
    pub(super) const fn are_by_id(&self) -> bool {
        !self.allowed.is_empty()
    }

    /// The IDs of the credentials that can be used together.
    pub(super) fn allowed(&self) -> &[Vec<String>] {
        &self.allowed
    }

    /// The name and the schema of the request's section.
    pub(super) fn section(
        &self,
        facts: &Facts<'_>,
        components: &mut Components,
    ) -> Option<(&'static str, Value)> {
        let mut schemas: Vec<Value> =
            self.all.iter().map(|one| self.schema(one, facts, components)).collect();
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
        let generator = &mut components.generator;
        let schema = match credential.declared {
            Some(declared) => (declared.schema)(generator),
            None => facts.kinds.schema(credential.kind, generator),
        };
        let mut schema = with_field_order(schema.to_value());
        mark_credentials(credential.kind, &mut schema);
        if !self.are_by_id() {
            return json!({ "type": "object", "properties": { key: schema }, "required": [key] });
        }
        schema["x-optional"] = credential.is_optional.into();
        if let Some(declared) = credential.declared {
            schema["description"] = declared.description.into();
        }
        let id = json!({ "type": "string", "enum": [credential.id] });
        json!({ "type": "object", "properties": { "id": id, key: schema }, "required": ["id", key] })
    }

    /// What every operation requires: any of the credentials.
    pub(super) fn requirements(&self) -> Value {
        self.all.iter().map(|credential| json!({ credential.id.as_str(): [] })).collect()
    }

    /// How each credential is passed to the app, as far as OpenAPI can express it.
    pub(super) fn security_schemes(&self) -> Map<String, Value> {
        self.all.iter().map(|credential| (credential.id.clone(), security_scheme(credential.kind))).collect()
    }
}

fn security_scheme(kind: CredentialKind) -> Value {
    let header = |description: &str| json!({ "type": "apiKey", "in": "header", "name": "Authorization", "description": description });
    let jwt = |description: &str| json!({ "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": description });
    // The connector's own handlers know the URLs and scopes.
    match kind {
        CredentialKind::Empty => header("No credentials"),
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
