//! [`Canary`]: a secret that is detected wherever it leaks.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::auth::DeclaredCredential;
use crate::integration::Integration;
use crate::model::{CredentialKind, each_kind};
use crate::schema;
use crate::scrub::named_spellings;
use crate::wire::Wire;

/// A secret that is detected wherever it leaks. Plant it in credentials and settings.
///
/// Every canary has a different secret. It contains characters that logs, JSON, URLs and forms escape.
///
/// ```
/// # use connector::capability::{ValidateCredentials, ValidateCredentialsRequest, ValidateCredentialsResponse};
/// # use connector::model::BasicCredentials;
/// # use connector::{Integration, NoSettings, Request, Response, Result};
/// # async fn validate(
/// #     _: Request<ValidateCredentialsRequest, NoSettings, BasicCredentials>,
/// # ) -> Result<Response<ValidateCredentialsResponse>> {
/// #     Ok(ValidateCredentialsResponse::new(true).into())
/// # }
/// # let integration =
/// #     Integration::builder("app").auth::<BasicCredentials>().register(ValidateCredentials, validate).build();
/// use connector::testing::{Canary, TestClient};
/// use serde_json::json;
///
/// let canary = Canary::new();
/// let auth = canary.auth(&integration);
/// let response = TestClient::new(integration).with(json!({ "auth": auth })).ask("validate-credentials", json!({}));
/// canary.assert_not_in(response.to_string());
/// ```
#[derive(Clone)]
pub struct Canary {
    stem: String,
    secret: String,
}

impl Default for Canary {
    fn default() -> Self {
        Self::new()
    }
}

impl Canary {
    /// A canary with a new secret.
    #[must_use]
    pub fn new() -> Self {
        let random = RandomState::new().hash_one(std::process::id());
        // Short, because some libraries quote only part of a value: pydantic quotes its first and last 24 characters.
        let stem = format!("canary{:012x}", random >> 16);
        // Each half of the secret contains the stem.
        Self { secret: format!("{stem} \"&+/\\%={stem}"), stem }
    }

    /// The secret itself, to plant it in other places.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// The `auth` of a request to `integration`: credentials of every kind that it takes, or `{}` if it takes none. The
    /// classic format has room for one kind only, the first.
    #[must_use]
    pub fn auth(&self, integration: &Integration) -> Value {
        self.section(integration.credential_kinds(), integration.wire())
    }

    /// The `credentials` of a request to an `integration` that declares them by ID: all of them, in the openapi format.
    /// A credential of the author's own type has the secret in its secret fields, and the text `x` in the others.
    #[must_use]
    pub fn credentials_by_id(&self, integration: &Integration) -> Value {
        let declared = integration.credentials_by_id().into_iter().flat_map(|by_id| by_id.declared);
        let of = |declared: &DeclaredCredential| {
            let fields = if declared.is_custom { self.custom(declared) } else { self.fields(declared.kind) };
            let kind = Wire::OpenApi.kind_name(declared.kind).unwrap_or_default();
            json!({ "id": declared.id, kind: fields })
        };
        declared.map(of).collect()
    }

    fn custom(&self, declared: &DeclaredCredential) -> Value {
        let document = schema::document(|generator| (declared.schema)(generator).to_value());
        let properties = document["properties"].as_object().into_iter().flatten();
        let value = |field: &Value| if schema::is_secret(field) { &self.secret } else { "x" };
        properties.map(|(name, field)| (name.clone(), Value::from(value(field)))).collect()
    }

    fn section(&self, kinds: &[CredentialKind], wire: Wire) -> Value {
        let mut credentials =
            kinds.iter().filter_map(|kind| Some((wire.kind_name(*kind)?, self.fields(*kind))));
        match wire {
            Wire::Classic => {
                let Some((name, mut fields)) = credentials.next() else { return json!({}) };
                fields["model"] = name.into();
                fields
            }
            Wire::OpenApi => credentials.map(|(name, fields)| (name.to_owned(), fields)).collect(),
        }
    }

    /// Credentials as both wire formats write them, without the key for their kind.
    fn fields(&self, kind: CredentialKind) -> Value {
        let secret = &self.secret;
        match kind {
            CredentialKind::Basic => json!({ "username": "ada", "password": secret }),
            CredentialKind::OAuth => {
                json!({ "access_token": secret, "refresh_token": secret, "scope": null })
            }
            CredentialKind::Token => json!({ "token": secret }),
            CredentialKind::OAuthClient => json!({
                "access_token": secret, "client_id": "client", "client_secret": secret, "scopes": [],
            }),
            CredentialKind::OAuth1 => json!({
                "consumer_key": "consumer", "consumer_secret": secret, "token_id": "id", "token_secret": secret,
            }),
            CredentialKind::Jwt => {
                json!({ "headers": jwt_headers(), "claims": jwt_claims(), "secret": secret })
            }
            CredentialKind::ServiceAccount => json!({
                "key": { "type": "service_account", "private_key": secret },
                "impersonation_email": "ada@example.com",
                "tenant_id": "tenant",
                "scopes": [],
                "service_type": null,
            }),
            CredentialKind::KeyPair => json!({ "key_identifier": "key", "private_key": secret }),
            CredentialKind::Empty => json!({}),
        }
    }

    fn credentials<T: DeserializeOwned>(&self, kind: CredentialKind) -> T {
        match serde_json::from_value(self.fields(kind)) {
            Ok(credentials) => credentials,
            Err(error) => panic!("the canary has no credentials of the kind {kind:?}: {error}"),
        }
    }

    /// How the secret is encoded in `text`, if it occurs there: `as it is`, `in base64`, …
    #[must_use]
    pub fn encoding_in(&self, text: impl AsRef<[u8]>) -> Option<&'static str> {
        let text = String::from_utf8_lossy(text.as_ref());
        let mut encodings = named_spellings(self.secret.clone().into());
        // The longest first, because the whole secret also contains its lines and words.
        encodings.sort_by_key(|(_, spelling)| std::cmp::Reverse(spelling.len()));
        let found = encodings.into_iter().find(|(_, spelling)| text.contains(spelling.as_str()));
        found.map(|(name, _)| name).or_else(|| text.contains(&self.stem).then_some("in part"))
    }

    /// Asserts that the secret is not in `text`: a response, a log, the output of a program.
    ///
    /// # Panics
    /// If it is, in any encoding or in part. The message names the encoding.
    #[track_caller]
    pub fn assert_not_in(&self, text: impl AsRef<[u8]>) {
        if let Some(spelling) = self.encoding_in(text) {
            panic!("the canary's secret leaked, {spelling}");
        }
    }
}

macro_rules! credentials {
    ($($kind:ident, $type:ident, $field:ident;)*) => {
        impl Canary {
            $(
                #[doc = concat!("[`", stringify!($type), "`](crate::model::", stringify!($type), ") with the secret in each secret field.")]
                #[must_use]
                pub fn $field(&self) -> crate::model::$type {
                    self.credentials(CredentialKind::$kind)
                }
            )*
        }
    };
}
each_kind!(credentials);

fn jwt_headers() -> Value {
    let mut headers: Value = ["jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "cty"]
        .map(|name| (name.to_owned(), Value::from("")))
        .into_iter()
        .collect();
    headers["alg"] = "HS256".into();
    headers["typ"] = "JWT".into();
    headers["crit"] = json!([]);
    headers
}

fn jwt_claims() -> Value {
    json!({
        "iss": "issuer", "sub": "subject", "aud": "audience", "exp": 4_102_444_800_i64, "nbf": 0, "iat": 0,
        "jti": "id", "act": "", "scope": [], "client_id": "client", "may_act": "",
    })
}

impl fmt::Debug for Canary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Canary(***)")
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;

    #[test]
    fn the_secret_is_detected_in_every_encoding() {
        let canary = Canary::new();
        let secret = canary.secret().to_owned();
        let in_base64 = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
        for (text, spelling) in [
            (format!("password={secret};"), "as it is"),
            (json!({ "password": secret }).to_string(), "as JSON writes it"),
            (json!(json!({ "password": secret }).to_string()).to_string(), "as JSON in JSON writes it"),
            (
                format!("?p={}", form_urlencoded::byte_serialize(secret.as_bytes()).collect::<String>()),
                "percent-encoded",
            ),
            (format!("Basic {}", in_base64(&format!("ada:{secret}"))), "in base64"),
            (format!("Basic {}", in_base64(&format!("adam:{secret}:x"))), "in base64"),
            (secret[..30].to_owned(), "in part"),
            (secret[20..].to_owned(), "in part"),
        ] {
            assert_eq!(canary.encoding_in(&text), Some(spelling), "{text}");
        }
        assert_eq!(canary.encoding_in("a harmless text"), None);
        assert_eq!(canary.encoding_in(Canary::new().secret()), None, "another canary's");
    }

    #[test]
    fn the_panic_names_the_encoding_and_not_the_secret() {
        let canary = Canary::new();
        let text = canary.secret().to_owned();
        let panic = std::panic::catch_unwind(|| canary.assert_not_in(text)).unwrap_err();
        let message = panic.downcast_ref::<String>().unwrap();
        assert_eq!(message, "the canary's secret leaked, as it is");
    }

    #[test]
    fn credentials_exist_for_every_kind() {
        let canary = Canary::new();
        macro_rules! every {
            ($($kind:ident, $type:ident, $field:ident;)*) => { [$(format!("{:?}", canary.$field())),*] };
        }
        let all = each_kind!(every);
        assert_eq!(all.len(), CredentialKind::ALL.len());
        all.iter().for_each(|debug| canary.assert_not_in(debug));
        assert_eq!(canary.basic().password.expose(), canary.secret());
    }

    #[test]
    fn auth_is_written_in_the_wire_format() {
        let canary = Canary::new();
        let kinds = [CredentialKind::OAuth, CredentialKind::Token];
        assert_eq!(canary.section(&kinds, Wire::Classic)["model"], "oauth");
        assert_eq!(canary.section(&kinds, Wire::OpenApi)["token"]["token"], canary.secret());
        assert_eq!(canary.section(&[], Wire::Classic), json!({}));
    }
}
