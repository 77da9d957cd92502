//! Logs the settings of each call, without secrets, so that it is clear what a failing call was configured with.
//!
//! Only fields that the settings' type declares are logged. A value is replaced if its type or its name says that it is
//! a secret, or if it looks like one. What the call's [`Secret`](crate::Secret)s contain is scrubbed from all other
//! values as well.

use std::sync::OnceLock;

use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value};

use crate::schema;
use crate::scrub::CUT;

/// The target of the lines.
const TARGET: &str = "connector::settings";
/// The replacement for a value that may be a secret.
const REDACTED: &str = "[REDACTED]";
/// The maximum length of a string, in characters.
const MAX_LENGTH: usize = 2048;
/// The maximum size of all settings as JSON, in bytes. The fields beyond it are only named.
const MAX_SIZE: usize = 16 << 10;
/// The name of the field that names the fields beyond the maximum size.
const OMITTED: &str = "x-omitted";

/// How to log the settings of calls.
pub(crate) struct SettingsLog {
    /// Names of fields whose values are replaced, in lowercase.
    keys: Vec<String>,
    /// The settings' schema, generated for the first call.
    schema: OnceLock<Value>,
}

impl SettingsLog {
    /// Also replaces the values of fields with these names, in any case and at any depth.
    pub(crate) fn new<'k>(keys: impl Iterator<Item = &'k str>) -> Self {
        let keys = keys.map(|key| key.trim().to_lowercase()).filter(|key| !key.is_empty());
        Self { keys: keys.collect(), schema: OnceLock::new() }
    }

    /// Logs the settings of a call, which must be valid. A value in the wrong place could be anything.
    pub(super) fn write(&self, settings: &str, schema: fn(&mut SchemaGenerator) -> Schema) {
        if !tracing::enabled!(target: TARGET, tracing::Level::INFO) {
            return;
        }
        let schema = self.schema.get_or_init(|| schema::document(|generator| schema(generator).to_value()));
        if let Ok(Value::Object(settings)) = serde_json::from_str(settings) {
            let settings = Value::Object(limited(self.fields(&settings, &Schemas::of(schema)))).to_string();
            tracing::info!(target: TARGET, settings, "settings of the call");
        }
    }

    fn fields(&self, fields: &Map<String, Value>, schemas: &Schemas<'_>) -> Map<String, Value> {
        let shown = fields.iter().filter_map(|(name, value)| {
            let declared = schemas.property(name)?;
            let is_secret = declared.are_secret()
                || self.keys.contains(&name.to_lowercase())
                || (!matches!(value, Value::Number(_) | Value::Bool(_)) && names_a_secret(name));
            let shown =
                if is_secret && !value.is_null() { REDACTED.into() } else { self.value(value, &declared) };
            Some((name.clone(), shown))
        });
        shown.collect()
    }

    fn value(&self, value: &Value, schemas: &Schemas<'_>) -> Value {
        match value {
            Value::Object(fields) => self.fields(fields, schemas).into(),
            Value::Array(items) => {
                let declared = schemas.items();
                items
                    .iter()
                    .map(
                        |item| {
                            if declared.are_secret() { REDACTED.into() } else { self.value(item, &declared) }
                        },
                    )
                    .collect()
            }
            Value::String(text) if looks_like_a_secret(text) => REDACTED.into(),
            Value::String(text) => shortened(text).into(),
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }
}

/// The schemas that may describe a value: with `anyOf`, for example, there are several.
struct Schemas<'s> {
    document: &'s Value,
    found: Vec<&'s Value>,
}

/// The maximum number of schemas that may describe one value.
const MAX_SCHEMAS: usize = 64;

impl<'s> Schemas<'s> {
    fn of(document: &'s Value) -> Self {
        Self::resolved(document, [document])
    }

    /// Follows references and alternatives.
    fn resolved(document: &'s Value, schemas: impl IntoIterator<Item = &'s Value>) -> Self {
        let mut found: Vec<&Value> = schemas.into_iter().collect();
        let mut at = 0;
        while let Some(schema) = found.get(at).copied()
            && at < MAX_SCHEMAS
        {
            let reference = schema.get("$ref").and_then(Value::as_str);
            found.extend(reference.and_then(|path| document.pointer(path.strip_prefix('#')?)));
            for keyword in ["anyOf", "oneOf", "allOf"] {
                found.extend(schema.get(keyword).and_then(Value::as_array).into_iter().flatten());
            }
            at += 1;
        }
        found.truncate(MAX_SCHEMAS);
        Self { document, found }
    }

    /// Returns the schemas of a field, or `None` if it isn't declared.
    fn property(&self, name: &str) -> Option<Self> {
        let named = self.found.iter().filter_map(|schema| schema.get("properties")?.get(name));
        let mut schemas: Vec<&Value> = named.collect();
        if schemas.is_empty() {
            // The names of a map's entries aren't declared.
            let others = self.found.iter().filter_map(|schema| schema.get("additionalProperties"));
            schemas = others.filter(|schema| schema.is_object() || **schema == true).collect();
        }
        (!schemas.is_empty()).then(|| Self::resolved(self.document, schemas))
    }

    fn items(&self) -> Self {
        let items = self.found.iter().flat_map(|schema| {
            let tuple = schema.get("prefixItems").and_then(Value::as_array).into_iter().flatten();
            schema.get("items").into_iter().chain(tuple)
        });
        Self::resolved(self.document, items)
    }

    /// Whether one of the schemas says that the value is a secret.
    fn are_secret(&self) -> bool {
        self.found.iter().any(|schema| {
            schema::is_secret(schema)
                || schema.get("format").is_some_and(|format| format == "password")
                || ["writeOnly", "x-redact"]
                    .iter()
                    .any(|mark| schema.get(mark).is_some_and(|value| value == true))
        })
    }
}

/// Words in the names of secrets, without hyphens and underscores.
const SECRET_WORDS: [&str; 8] =
    ["token", "secret", "password", "passwd", "passphrase", "apikey", "privatekey", "credential"];

/// Whether a field of this name usually contains a secret, such as `scim_token`, but not `token_url`.
fn names_a_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    let is_about_one = ["url", "name", "prefix", "endpoint", "source"];
    if is_about_one.iter().any(|end| name.strip_suffix(end).is_some_and(|rest| rest.ends_with(['_', '-']))) {
        return false;
    }
    let plain = name.replace(['_', '-'], "");
    name.ends_with("_pem") || SECRET_WORDS.iter().any(|word| plain.contains(word))
}

/// Whether a text contains a credential: `Bearer …`, `api_key=…`, `Authorization: …`, a URL with a user, a private key,
/// or a token of a well-known kind.
fn looks_like_a_secret(text: &str) -> bool {
    const BEGINNINGS: [&str; 14] = [
        "bearer ",
        "eyj",
        "xoxa-",
        "xoxb-",
        "xoxp-",
        "xoxr-",
        "xoxs-",
        "ghp_",
        "gho_",
        "ghr_",
        "ghs_",
        "ghu_",
        "github_pat_",
        "akia",
    ];
    let text = text.to_lowercase();
    let begins_word = |at: usize| !text[..at].ends_with(|before: char| before.is_alphanumeric());
    let has_user = |url: &str| url.split_whitespace().next().is_some_and(|url| url.contains('@'));
    text.contains("private key-----")
        || text.split("://").skip(1).any(has_user)
        || BEGINNINGS.iter().any(|begin| text.match_indices(begin).any(|(at, _)| begins_word(at)))
        || text.split_inclusive(['=', ':']).any(|part| {
            let name = part.strip_suffix(['=', ':']).unwrap_or("").trim_end();
            let begin = name.rfind(|char: char| !char.is_alphanumeric() && !"_-".contains(char));
            let name = &name[begin.map_or(0, |at| at + 1)..];
            names_a_secret(name) || name.contains("auth")
        })
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_LENGTH) {
        // A secret that is cut is scrubbed only before this character.
        Some((end, _)) => format!("{}{CUT}", &text[..end]),
        None => text.to_owned(),
    }
}

/// Returns the fields up to the maximum size, and the names of the others.
fn limited(fields: Map<String, Value>) -> Map<String, Value> {
    let (mut shown, mut omitted, mut size) = (Map::new(), Vec::new(), 0);
    for (name, value) in fields {
        let added = name.len() + value.to_string().len();
        if size + added > MAX_SIZE {
            omitted.push(Value::String(name));
        } else {
            size += added;
            shown.insert(name, value);
        }
    }
    if !omitted.is_empty() {
        omitted.truncate(MAX_SCHEMAS);
        shown.insert(OMITTED.to_owned(), omitted.into());
    }
    shown
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use schemars::JsonSchema;
    use serde_json::json;

    use super::*;
    use crate::secret::Secret;

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Settings {
        host: String,
        key: Option<Secret>,
        pins: Vec<Secret<u32>>,
        scim_token: Option<String>,
        token_url: String,
        max_tokens: u32,
        badge: u32,
        headers: BTreeMap<String, String>,
        nested: Option<Nested>,
        either: Either,
    }

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Nested {
        city: String,
        pin: Secret<u32>,
        next: Option<Box<Self>>,
    }

    #[derive(JsonSchema)]
    #[serde(untagged)]
    #[expect(dead_code, reason = "only its schema is used")]
    enum Either {
        Plain { shared: String },
        Hidden { shared: Secret },
    }

    /// Returns what is logged of `settings`.
    fn shown(settings: &Value) -> Value {
        let log = SettingsLog::new(" Badge ,, CITY".split(','));
        let schema = schema::document(|generator| Settings::json_schema(generator).to_value());
        let Value::Object(settings) = settings else { panic!("not an object") };
        limited(log.fields(settings, &Schemas::of(&schema))).into()
    }

    #[test]
    fn secrets_are_redacted_by_type_name_and_configuration() {
        let settings = json!({
            "host": "example.com", "key": "k", "pins": [1, 2], "scim_token": "t", "token_url": "https://example.com/token",
            "max_tokens": 5, "badge": 6, "headers": {"X-Api-Key": "h", "Accept": "a"},
            "nested": {"city": "c", "pin": 3, "next": {"city": "d", "pin": 4, "next": null}},
        });
        let expected = json!({
            "host": "example.com", "key": REDACTED, "pins": [REDACTED, REDACTED], "scim_token": REDACTED,
            "token_url": "https://example.com/token", "max_tokens": 5, "badge": REDACTED,
            "headers": {"X-Api-Key": REDACTED, "Accept": "a"},
            "nested": {"city": REDACTED, "pin": REDACTED, "next": {"city": REDACTED, "pin": REDACTED, "next": null}},
        });
        assert_eq!(shown(&settings), expected);
    }

    #[test]
    fn a_field_that_may_be_a_secret_is_redacted() {
        assert_eq!(shown(&json!({"either": {"shared": "s"}})), json!({"either": {"shared": REDACTED}}));
    }

    #[test]
    fn undeclared_fields_are_omitted() {
        assert_eq!(shown(&json!({"hots": "h", "host": "example.com"})), json!({"host": "example.com"}));
        assert_eq!(shown(&json!({"nested": {"town": "t"}})), json!({"nested": {}}));
    }

    #[test]
    fn texts_that_look_like_secrets_are_redacted() {
        for text in [
            "Bearer abc",
            "Authorization: Basic YTpi",
            "X-Api-Key : abc\nAccept: b",
            "/users?api_key=abc",
            "https://user:pass/word@example.com/",
            "see eyJhbGciOi.J9",
            "ghp_abc",
            "-----BEGIN RSA PRIVATE KEY-----\nabc",
        ] {
            assert!(looks_like_a_secret(text), "{text}");
        }
        for text in ["https://example.com/oauth/token", "token_url=https://example.com", "monkeyja", "12:30"]
        {
            assert!(!looks_like_a_secret(text), "{text}");
        }
    }

    #[test]
    fn long_settings_are_limited() {
        let long = shown(&json!({"host": "é".repeat(MAX_LENGTH + 1)}));
        assert_eq!(long["host"].as_str().map(|text| text.chars().count()), Some(MAX_LENGTH + 1));
        assert_eq!(shortened(&"é".repeat(MAX_LENGTH)), "é".repeat(MAX_LENGTH));
        let headers: Map<String, Value> =
            (0..9).map(|at| (format!("h{at}"), "x".repeat(MAX_LENGTH).into())).collect();
        let large = shown(&json!({"headers": headers, "host": "example.com"}));
        assert_eq!(large, json!({"host": "example.com", "x-omitted": ["headers"]}));
    }
}
