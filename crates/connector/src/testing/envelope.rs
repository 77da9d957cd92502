//! The envelopes of requests and responses.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::capability::Capability;

/// The sections of a request: `request`, `auth`, `settings`, `page`, …
pub(super) type Envelope = Map<String, Value>;

/// A capability to call: a marker type such as [`ListAccounts`](crate::capability::ListAccounts), or a name.
pub trait CapabilityName {
    /// Its name, with hyphens or underscores.
    fn capability_name(self) -> String;
}

impl<C: Capability> CapabilityName for C {
    fn capability_name(self) -> String {
        C::NAME.to_owned()
    }
}

impl CapabilityName for &str {
    fn capability_name(self) -> String {
        self.to_owned()
    }
}

impl CapabilityName for String {
    fn capability_name(self) -> String {
        self
    }
}

/// Adds the sections of `more` to `envelope`. Objects are merged, and `more` takes precedence.
pub(super) fn merge(envelope: &mut Envelope, more: &Envelope) {
    for (name, section) in more {
        match (envelope.get_mut(name), section) {
            (Some(Value::Object(known)), Value::Object(more)) => {
                known.extend(more.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
            _ => drop(envelope.insert(name.clone(), section.clone())),
        }
    }
}

/// `value` as JSON.
#[track_caller]
pub(super) fn json_of(value: impl Serialize) -> Value {
    match serde_json::to_value(value) {
        Ok(value) => value,
        Err(error) => panic!("this can't be serialized as JSON: {error}"),
    }
}

/// `sections` as an envelope.
#[track_caller]
pub(super) fn sections(sections: impl Serialize) -> Envelope {
    match json_of(sections) {
        Value::Object(sections) => sections,
        other => {
            panic!("expected an object with sections of the request, found {}", super::diff::kind(&other))
        }
    }
}

/// The error in a response.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallError {
    /// Its code without the app's prefix, such as `not_found`.
    pub code: String,
    /// Its message.
    pub message: String,
    /// The HTTP status of the upstream's response.
    pub status_code: Option<u16>,
}

impl CallError {
    /// The error in `response`, if there is one.
    pub(super) fn of(app_id: &str, response: &Value) -> Option<Self> {
        let error = response.get("error").filter(|error| !error.is_null())?;
        let text = |key: &str| error[key].as_str().unwrap_or_default();
        // In openapi, only this key has the app's own code.
        let code = match text("app_error_code") {
            "" => text("error_code"),
            code => code,
        };
        let code = code.strip_prefix(app_id).and_then(|code| code.strip_prefix('.')).unwrap_or(code);
        let status_code = error["status_code"].as_u64().and_then(|status| status.try_into().ok());
        Some(Self { code: code.to_owned(), message: text("message").to_owned(), status_code })
    }
}

impl std::fmt::Display for CallError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}
