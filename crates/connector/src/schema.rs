//! JSON Schemas (2020-12) of the types, as `info` shows them.

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Value, json};

/// What the schema of a request's envelope is made of.
pub(crate) struct RequestParts {
    pub(crate) request: Schema,
    pub(crate) settings: Schema,
    /// Whether a request without settings lacks something.
    pub(crate) needs_settings: bool,
    /// Of a connector that takes credentials.
    pub(crate) auth: Option<Value>,
}

/// A schema that stands alone: with its definitions and its dialect.
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

/// A schema that also allows `null`.
pub(crate) fn nullable(schema: &Schema) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

/// Whether `{}` lacks something that a schema demands.
pub(crate) fn demands_something(schema: &Schema) -> bool {
    schema.get("required").and_then(Value::as_array).is_some_and(|required| !required.is_empty())
}

/// The schema of what `info` tells of a capability.
pub(crate) fn described() -> Value {
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

/// The schema of the codes that `info` tells of.
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
