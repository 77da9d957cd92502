//! Converts JSON Schema 2020-12, the dialect of OpenAPI 3.1, to that of OpenAPI 3.0.
//!
//! What 3.0 can't express is omitted: the converted schema may accept more than the original.

use serde_json::{Map, Value, json};

/// The keywords of OpenAPI 3.0, apart from extensions.
const KEYWORDS: [&str; 36] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "default",
    "deprecated",
    "description",
    "discriminator",
    "enum",
    "example",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "properties",
    "readOnly",
    "required",
    "title",
    "type",
    "uniqueItems",
    "writeOnly",
    "xml",
];

/// Converts one schema, but not those in it: they come next.
pub(super) fn convert(schema: &mut Map<String, Value>) {
    without_null_alternative(schema, "anyOf");
    without_null_alternative(schema, "oneOf");
    single_type(schema);
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = without_rust(text);
    }
    if let Some(only) = schema.remove("const") {
        schema.insert("enum".to_owned(), json!([only]));
    }
    if let Some(Value::Array(mut examples)) = schema.remove("examples")
        && !examples.is_empty()
    {
        schema.entry("example").or_insert(examples.swap_remove(0));
    }
    limit(schema, "minimum", "exclusiveMinimum");
    limit(schema, "maximum", "exclusiveMaximum");
    if let Some(Value::Array(items)) = schema.remove("prefixItems") {
        schema.insert("items".to_owned(), json!({ "anyOf": items }));
    }
    if schema.remove("patternProperties").is_some()
        && schema.get("additionalProperties") == Some(&Value::Bool(false))
    {
        schema.remove("additionalProperties");
    }
    boolean_schemas(schema);
    if schema.get("type").is_some_and(|kind| kind == "array") {
        schema.entry("items").or_insert_with(|| json!({}));
    }
    schema.retain(|key, _| key.starts_with("x-") || KEYWORDS.contains(&key.as_str()));
    // Nothing is read next to a reference.
    if schema.len() > 1
        && let Some(reference) = schema.remove("$ref")
    {
        let mut parts = vec![json!({ "$ref": reference })];
        if let Some(Value::Array(more)) = schema.remove("allOf") {
            parts.extend(more);
        }
        schema.insert("allOf".to_owned(), Value::Array(parts));
    }
}

/// Removes examples in Rust, which are of no use to the document's readers.
fn without_rust(text: &str) -> String {
    let mut lines = Vec::new();
    let mut skips = false;
    let mut is_open = false;
    for line in text.lines() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            is_open = !is_open;
            // In a doc comment, code without a language is Rust.
            if is_open {
                skips = language.is_empty() || language.starts_with("rust");
            } else if std::mem::take(&mut skips) {
                continue;
            }
        }
        if !skips {
            lines.push(line);
        }
    }
    lines.join("\n").trim_end().to_owned()
}

/// Writes `null` among the alternatives as `nullable`. A single other alternative takes their place.
fn without_null_alternative(schema: &mut Map<String, Value>, keyword: &str) {
    let Some(Value::Array(alternatives)) = schema.get_mut(keyword) else { return };
    let before = alternatives.len();
    alternatives.retain(|one| one["type"] != "null");
    if alternatives.len() == before {
        return;
    }
    if let [Value::Object(only)] = alternatives.as_mut_slice() {
        let only = std::mem::take(only);
        schema.remove(keyword);
        for (key, value) in only {
            schema.entry(key).or_insert(value);
        }
    }
    schema.insert("nullable".to_owned(), true.into());
}

/// Writes a list of types as one type, with `nullable` instead of `null`.
fn single_type(schema: &mut Map<String, Value>) {
    let mut types = match schema.get_mut("type") {
        Some(Value::Array(types)) => std::mem::take(types),
        Some(kind) if kind == "null" => Vec::from(["null".into()]),
        _ => return,
    };
    let allows_null = types.iter().any(|kind| kind == "null");
    types.retain(|kind| kind != "null");
    schema.remove("type");
    if allows_null {
        schema.insert("nullable".to_owned(), true.into());
    }
    match types.as_slice() {
        [] => drop(schema.insert("enum".to_owned(), json!([null]))),
        [only] => drop(schema.insert("type".to_owned(), only.clone())),
        _ if schema.contains_key("anyOf") => {}
        _ => {
            let alternatives = types.iter().map(|kind| json!({ "type": kind })).collect();
            schema.insert("anyOf".to_owned(), alternatives);
        }
    }
}

/// Writes an exclusive limit as an inclusive one, with a flag.
fn limit(schema: &mut Map<String, Value>, inclusive: &str, exclusive: &str) {
    if let Some(Value::Number(limit)) = schema.get(exclusive) {
        let limit = limit.clone();
        schema.insert(inclusive.to_owned(), limit.into());
        schema.insert(exclusive.to_owned(), true.into());
    }
}

/// Writes `true` and `false` as schemas that accept everything and nothing.
fn boolean_schemas(schema: &mut Map<String, Value>) {
    for keyword in ["items", "not", "allOf", "anyOf", "oneOf", "properties"] {
        match schema.get_mut(keyword) {
            Some(Value::Array(schemas)) => schemas.iter_mut().for_each(boolean_schema),
            Some(Value::Object(schemas)) if keyword == "properties" => {
                schemas.values_mut().for_each(boolean_schema);
            }
            Some(schema) => boolean_schema(schema),
            None => {}
        }
    }
}

fn boolean_schema(schema: &mut Value) {
    match schema {
        Value::Bool(true) => *schema = json!({}),
        Value::Bool(false) => *schema = json!({ "not": {} }),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::change_each;

    #[test]
    fn each_construct_is_written_as_openapi_3_0_has_it() {
        let reference = json!({ "$ref": "#/components/schemas/A" });
        for (schema, expected) in [
            (json!({ "type": ["string", "null"] }), json!({ "type": "string", "nullable": true })),
            (
                json!({ "type": ["string", "integer", "null"] }),
                json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }], "nullable": true }),
            ),
            (json!({ "type": "null" }), json!({ "enum": [null], "nullable": true })),
            (
                json!({ "anyOf": [{ "type": ["array", "null"] }, { "type": "null" }], "description": "d" }),
                json!({ "type": "array", "items": {}, "nullable": true, "description": "d" }),
            ),
            (
                json!({ "oneOf": [reference, { "type": "null" }], "title": "T" }),
                json!({ "allOf": [reference], "nullable": true, "title": "T" }),
            ),
            (
                json!({ "anyOf": [reference, { "const": 1 }, { "type": "null" }] }),
                json!({ "anyOf": [reference, { "enum": [1] }], "nullable": true }),
            ),
            (reference.clone(), reference.clone()),
            (
                json!({ "$ref": "#/components/schemas/A", "description": "d", "allOf": [true] }),
                json!({ "description": "d", "allOf": [reference, {}] }),
            ),
            (
                json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 9 }),
                json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 9 }),
            ),
            (
                json!({ "type": "array", "prefixItems": [{ "const": 1 }, true], "items": false }),
                json!({ "type": "array", "items": { "anyOf": [{ "enum": [1] }, {}] } }),
            ),
            (
                json!({ "patternProperties": { "^x": {} }, "additionalProperties": false, "if": {} }),
                json!({}),
            ),
            (
                json!({ "properties": { "const": false, "p": { "format": "uuid", "x-group": "g", "if": {} } } }),
                json!({ "properties": { "const": { "not": {} }, "p": { "format": "uuid", "x-group": "g" } } }),
            ),
            (json!({ "examples": ["a", "b"] }), json!({ "example": "a" })),
            (json!({ "description": "A.\n\n```\nlet a;\n```" }), json!({ "description": "A." })),
            (
                json!({ "description": "A:\n```json\n{}\n```\n```rust\nlet a;\n```\nB." }),
                json!({ "description": "A:\n```json\n{}\n```\nB." }),
            ),
        ] {
            let mut converted = schema.clone();
            change_each(&mut converted, convert);
            assert_eq!(converted, expected, "{schema}");
        }
    }
}
