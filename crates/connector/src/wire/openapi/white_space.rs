//! White space around the values of credentials, which users copy along with them.

use std::fmt;

use schemars::{Schema, SchemaGenerator};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::read::{Place, Problem};
use crate::schema;

/// The schema of a credential.
pub(crate) type SchemaOf<'a> = &'a dyn Fn(&mut SchemaGenerator) -> Schema;

/// Rejects a credential if a value in it begins or ends with white space.
pub(super) fn check(place: Place, text: &str, schema: SchemaOf<'_>) -> Result<(), Problem> {
    match find(text, schema) {
        Some(path) => Err(Problem::at(place.path_of(&path), "must not begin or end with white space")),
        None => Ok(()),
    }
}

/// Whether a value in a credential begins or ends with white space.
pub(crate) fn is_in(text: &str, schema: SchemaOf<'_>) -> bool {
    find(text, schema).is_some()
}

/// Returns the path of the first value in a credential that begins or ends with white space.
///
/// Values in arrays are ignored, and so are fields whose name contains `private_key`, because key files end with a line
/// break, and fields that the schema doesn't have. Keys that the schema allows without naming them are returned as `*`.
fn find(text: &str, schema: SchemaOf<'_>) -> Option<Vec<String>> {
    let mut found = Found { path: Vec::new(), all: Vec::new() };
    // Malformed JSON is reported when the credential is read.
    let _ = Walk(&mut found).deserialize(&mut serde_json::Deserializer::from_str(text));
    if found.all.is_empty() {
        return None;
    }
    let document = schema::document(|generator| schema(generator).to_value());
    found.all.into_iter().find_map(|path| known(&document, &document, &path))
}

/// Replaces the keys of a path that the schema doesn't name by `*`, or returns `None` if it doesn't allow one.
fn known(document: &Value, schema: &Value, path: &[String]) -> Option<Vec<String>> {
    let Some((key, rest)) = path.split_first() else { return Some(Vec::new()) };
    if let Some(reference) = schema["$ref"].as_str() {
        return known(document, document.pointer(reference.trim_start_matches('#'))?, path);
    }
    let (shown, inner) = match schema["properties"].get(key) {
        Some(inner) => (key.clone(), inner),
        None => match &schema["additionalProperties"] {
            Value::Null | Value::Bool(false) => {
                let parts = ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|key| schema[key].as_array());
                return parts.flatten().find_map(|part| known(document, part, path));
            }
            inner => ("*".to_owned(), inner),
        },
    };
    // A free-form value may contain anything.
    let rest = if inner == &Value::Bool(true) {
        vec!["*".to_owned(); rest.len()]
    } else {
        known(document, inner, rest)?
    };
    Some([vec![shown], rest].concat())
}

struct Found {
    path: Vec<String>,
    all: Vec<Vec<String>>,
}

/// Visits a value, at any depth.
struct Walk<'a>(&'a mut Found);

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        if text.trim().len() != text.len() {
            self.0.all.push(self.0.path.clone());
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key.contains("private_key") {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            self.0.path.push(key);
            let visited = map.next_value_seed(Walk(self.0));
            self.0.path.pop();
            visited?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::schema_of;
    use crate::model::CredentialKind;

    fn found(kind: CredentialKind, json: &str) -> Option<String> {
        find(json, &|generator| schema_of(kind, generator)).map(|path| path.join("."))
    }

    #[test]
    fn the_path_of_the_value_is_found() {
        for (kind, json, path) in [
            (CredentialKind::Token, r#"{"token":"t "}"#, Some("token")),
            (CredentialKind::Token, r#"{"token":"\u00a0t"}"#, Some("token")),
            (CredentialKind::Token, r#"{"token":"a b"}"#, None),
            (CredentialKind::Jwt, r#"{"headers":{"crit":[" "],"x5t#S256":"\t"}}"#, Some("headers.x5t#S256")),
            (CredentialKind::ServiceAccount, r#"{"key":{"client":{"id":"x\n"}}}"#, Some("key.*.*")),
        ] {
            assert_eq!(found(kind, json).as_deref(), path, "{json}");
        }
    }

    #[test]
    fn private_keys_lists_and_unknown_fields_are_ignored() {
        for (kind, json) in [
            (CredentialKind::KeyPair, r#"{"key_identifier":"k","private_key":"p\n"}"#),
            (CredentialKind::ServiceAccount, r#"{"key":{"my_private_key_2":{"a":" b"}}}"#),
            (CredentialKind::OAuthClient, r#"{"scopes":["read "]}"#),
            (CredentialKind::Token, r#"{"note":" n","token":"t"}"#),
            (CredentialKind::Token, r#"{"token":"#),
        ] {
            assert_eq!(found(kind, json), None, "{json}");
        }
    }

    #[test]
    fn a_known_field_is_found_after_an_unknown_one() {
        assert_eq!(found(CredentialKind::Token, r#"{" note ":" n","token":" t"}"#).as_deref(), Some("token"));
    }
}
