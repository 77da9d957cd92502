//! [`Secret`]: a value that can't be printed, compared or serialized by accident.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::{Zeroize, Zeroizing};

/// A value that must not leak, such as a password, a token or a key.
///
/// It has no `Display`, its `Debug` output is redacted, it can't be compared, and it is wiped from memory when dropped.
/// Its JSON Schema is marked with `"field_type": "SECRET"`. It can be deserialized but not serialized: if a response
/// has to contain a token, use [`expose`](fn@expose) on the field.
///
/// ```
/// # use connector::Secret;
/// let password = Secret::new("correct horse".to_owned());
/// assert_eq!(format!("{password:?}"), "Secret(***)");
/// assert_eq!(password.expose(), "correct horse");
/// ```
#[derive(Clone)]
pub struct Secret<T: Zeroize = String>(T);

impl<T: Zeroize> Secret<T> {
    /// Wraps `value`.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value. This is the only way to access it, so every use is easy to find.
    #[must_use]
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl<T: Zeroize> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self::new(value.to_owned())
    }
}

impl<'de, T: Zeroize + DeserializeOwned + Serialize> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = T::deserialize(deserializer)?;
        collect_from(&value);
        Ok(Self(value))
    }
}

/// Serializes a secret in plain text. Use it for response fields that must contain one, with `#[serde(serialize_with =
/// "connector::secret::expose")]`.
///
/// # Errors
/// Returns the serializer's errors.
pub fn expose<T: Zeroize + Serialize, S: Serializer>(
    secret: &Secret<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    secret.0.serialize(serializer)
}

/// [`expose`] for an optional secret.
///
/// # Errors
/// Returns the serializer's errors.
pub fn expose_some<T: Zeroize + Serialize, S: Serializer>(
    secret: &Option<Secret<T>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(Secret::expose).serialize(serializer)
}

impl<T: Zeroize + JsonSchema> JsonSchema for Secret<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        schema.insert("field_type".to_owned(), "SECRET".into());
        schema
    }
}

thread_local! {
    static COLLECTED: RefCell<Option<Vec<Zeroizing<String>>>> = const { RefCell::new(None) };
}

/// Runs `decode` and returns the strings of all secrets that it deserialized on this thread.
///
/// Scrubbing is rare, so the request is deserialized a second time for it. That way, calls without scrubbing have no
/// overhead.
pub(crate) fn collect(decode: impl FnOnce()) -> Vec<Zeroizing<String>> {
    let outer = COLLECTED.with(|cell| cell.replace(Some(Vec::new())));
    // An author's code may panic, and the collector must be reset then too.
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(decode));
    drop(ended);
    COLLECTED.with(|cell| cell.replace(outer)).unwrap_or_default()
}

fn collect_from<T: Serialize>(value: &T) {
    COLLECTED.with(|cell| {
        if let Some(texts) = cell.borrow_mut().as_mut()
            && let Ok(value) = serde_json::to_value(value)
        {
            texts_of(value, texts);
        }
    });
}

/// Adds every string and number in `value` to `texts`, at any depth.
fn texts_of(value: serde_json::Value, texts: &mut Vec<Zeroizing<String>>) {
    match value {
        serde_json::Value::String(text) => texts.push(text.into()),
        serde_json::Value::Number(number) => texts.push(number.to_string().into()),
        serde_json::Value::Array(items) => items.into_iter().for_each(|item| texts_of(item, texts)),
        serde_json::Value::Object(fields) => fields.into_iter().for_each(|(_, field)| texts_of(field, texts)),
        serde_json::Value::Null | serde_json::Value::Bool(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_is_redacted() {
        #[derive(Debug)]
        struct Holder {
            #[expect(dead_code, reason = "read through Debug")]
            key: Secret,
        }
        let text = format!("{:?}", Holder { key: "canary-value".into() });
        assert_eq!(text, "Holder { key: Secret(***) }");
    }

    #[test]
    fn only_secrets_decoded_inside_collect_are_collected() {
        #[derive(Deserialize)]
        struct Auth {
            #[expect(dead_code, reason = "only decoded")]
            username: String,
            #[expect(dead_code, reason = "only decoded")]
            password: Secret,
        }
        let json = r#"{"username": "alice", "password": "canary-value"}"#;
        let texts = collect(|| drop(serde_json::from_str::<Auth>(json)));
        assert_eq!(texts, [Zeroizing::new("canary-value".to_owned())]);
        assert!(serde_json::from_str::<Auth>(json).is_ok());
        assert!(collect(|| ()).is_empty(), "nothing is kept between calls");
    }
}
