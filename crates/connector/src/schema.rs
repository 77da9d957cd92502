//! JSON Schemas (2020-12) of settings, arguments and payloads.
//!
//! The schema of a type comes from `#[derive(JsonSchema)]`. [`Field`] adds marks that a form needs.

mod field;
mod inline;
mod semantic;

pub use field::Field;
pub(crate) use field::{FIELD_TYPE, MARKS};
pub(crate) use inline::inlined;
pub use semantic::Semantic;

use percent_encoding::percent_decode_str;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// The parts of the schema of a request's envelope.
pub(crate) struct RequestParts {
    pub(crate) request: Schema,
    pub(crate) settings: Schema,
    /// Whether a request must contain settings.
    pub(crate) needs_settings: bool,
    /// The schema of the credentials, if the connector takes any.
    pub(crate) auth: Option<Value>,
}

/// Builds a standalone schema, with its definitions and dialect.
pub(crate) fn document(make: impl FnOnce(&mut SchemaGenerator) -> Value) -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let schema = make(&mut generator);
    let definitions = generator.take_definitions(true);
    let mut document = serde_json::Map::new();
    document.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    if let Value::Object(fields) = schema {
        document.extend(fields);
    }
    if !definitions.is_empty() {
        document.insert("$defs".to_owned(), Value::Object(definitions));
    }
    Value::Object(document)
}

/// Whether this is the schema of a [`Secret`](crate::Secret), also if the field is [hidden](Field::hidden).
pub(crate) fn is_secret(schema: &Value) -> bool {
    schema[FIELD_TYPE] == "SECRET" || schema["x-secret"] == true
}

/// A schema that also allows `null`.
pub(crate) fn nullable(schema: &Schema) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

/// Whether `{}` is missing a field that the schema requires.
pub(crate) fn has_required_fields(schema: &Schema) -> bool {
    schema.get("required").and_then(Value::as_array).is_some_and(|required| !required.is_empty())
}

/// The names of an object's fields, in their order. JSON objects have none.
pub(crate) fn field_order(schema: &Value) -> Value {
    let fields = schema["properties"].as_object().into_iter().flat_map(Map::keys);
    fields.map(String::as_str).collect()
}

/// Returns a condition, as `(field, other field)`, that names a field which the object doesn't have. See
/// [`Field::shown_if`].
pub(crate) fn dangling_condition(mut document: Value) -> Option<(String, String)> {
    let mut found = None;
    change_each(&mut document, |fields| {
        let Some(properties) = fields.get("properties").and_then(Value::as_object) else { return };
        for (name, property) in properties {
            let Some(other) = property["x-discriminator"]["field"].as_str() else { continue };
            if !properties.contains_key(other) {
                found.get_or_insert_with(|| (name.clone(), other.to_owned()));
            }
        }
    });
    found
}

/// Applies `change` to a schema and its subschemas. Property names and values such as `default` are not schemas.
pub(crate) fn change_each(schema: &mut Value, mut change: impl FnMut(&mut Map<String, Value>)) {
    if let Ok(schema) = schema.try_into() {
        Each(&mut change).transform(schema);
    }
}

/// Not generic, because `transform_subschemas` is large.
struct Each<'a>(&'a mut dyn FnMut(&mut Map<String, Value>));

impl Transform for Each<'_> {
    fn transform(&mut self, schema: &mut Schema) {
        let Some(fields) = schema.as_object_mut() else { return };
        (self.0)(fields);
        // `transform_subschemas` doesn't visit these.
        for keyword in ["unevaluatedItems", "unevaluatedProperties", "contentSchema"] {
            if let Some(Ok(inner)) = fields.get_mut(keyword).map(TryInto::try_into) {
                self.transform(inner);
            }
        }
        let dependent = fields.get_mut("dependentSchemas").and_then(Value::as_object_mut);
        for inner in dependent.into_iter().flat_map(Map::values_mut) {
            if let Ok(inner) = inner.try_into() {
                self.transform(inner);
            }
        }
        transform_subschemas(self, schema);
    }
}

/// Unescapes a reference (RFC 6901, section 6).
pub(crate) fn decoded(reference: &str) -> String {
    percent_decode_str(reference).decode_utf8_lossy().replace("~1", "/").replace("~0", "~")
}

/// The schema of a capability in `info`.
pub(crate) fn capability_info() -> Value {
    json!({
        "type": "object",
        "properties": {
            "argument": { "type": "object" },
            "output": { "type": "object" },
            "display_name": { "type": "string" },
            "description": { "type": "string" },
        },
        "required": ["argument", "output", "display_name", "description"],
    })
}

/// The schema of the error codes in `info`.
pub(crate) fn error_codes() -> Value {
    json!({
        "type": "array",
        "items": {
            "type": "object",
            "properties": { "code": { "type": "string" }, "description": { "type": "string" } },
            "required": ["code", "description"],
        },
    })
}
