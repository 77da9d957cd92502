//! Fingerprints of requests: calls that request the same thing have the same one.
//!
//! A fingerprint is the SHA-256 of the payload in a canonical form, in hexadecimal. Published releases compute the same
//! one for the same payload, so a caller can compare those of any connectors.

mod canonical;
mod selection;

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// Returns the fingerprint of a payload, which is valid according to `schema`: a document with its definitions.
///
/// Unknown fields, fields that are `null`, and secrets are not part of it. If the schema marks fields with
/// `"x-unique": true`, only those are.
pub(crate) fn fingerprint(payload: &str, schema: &Value) -> String {
    let selected = selection::select(fields(payload), schema);
    let text = canonical::to_string(&Value::Object(selected));
    base16ct::lower::encode_string(&Sha256::digest(text))
}

/// Reads the fields of an object, except those that are nested too deeply. No payload has a field like that, but it may
/// be an unknown one.
fn fields(object: &str) -> Map<String, Value> {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(object).unwrap_or_default();
    fields
        .into_iter()
        .filter_map(|(name, text)| Some((name, serde_json::from_str(text.get()).ok()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema() -> Value {
        json!({ "properties": { "id": { "type": "string" }, "any": {} } })
    }

    #[test]
    fn a_fingerprint_is_the_hash_of_the_canonical_form() {
        let expected = base16ct::lower::encode_string(&Sha256::digest(br#"{"any":[1,null],"id":"7"}"#));
        assert_eq!(fingerprint(r#"{"id": "7", "any": [1, null]}"#, &schema()), expected);
        assert_eq!(fingerprint(r#"{"other": {}, "any": [1, null], "id": "7"}"#, &schema()), expected);
    }

    #[test]
    fn unknown_fields_may_be_nested_deeply() {
        let deep = format!(r#"{{"id": "7", "other": {}{}}}"#, "[".repeat(1000), "]".repeat(1000));
        assert_eq!(fingerprint(&deep, &schema()), fingerprint(r#"{"id": "7"}"#, &schema()));
    }
}
