//! Schemas without references at the top, for readers that look for `properties` there.

use serde_json::{Map, Value};

use super::decoded;

/// References at most this deep are resolved.
const MAX_DEPTH: usize = 8;

/// The keywords that can be merged if a schema consists of several objects.
const MERGED: [&str; 5] = ["type", "title", "description", "properties", "required"];

/// Moves what the top of a schema document refers to, or consists of, into the top itself: `{"$ref": "#/$defs/A"}`
/// becomes the schema `A`, and `{"allOf": [A, B]}` becomes one object with the fields of both. A schema that can't be
/// expressed that way stays as it is.
pub(crate) fn inlined(mut document: Value) -> Value {
    let Some(fields) = document.as_object_mut() else { return document };
    let definitions = fields.remove("$defs");
    let empty = Map::new();
    let known = definitions.as_ref().and_then(Value::as_object).unwrap_or(&empty);
    if let Some(found) = resolved(fields, known, 0) {
        *fields = found;
    }
    if let Some(Value::Object(mut known)) = definitions {
        drop_unused(&mut known, fields);
        if !known.is_empty() {
            fields.insert("$defs".to_owned(), Value::Object(known));
        }
    }
    document
}

/// A schema without `$ref` and `allOf`, or `None` if there is no such schema.
fn resolved(
    schema: &Map<String, Value>,
    known: &Map<String, Value>,
    depth: usize,
) -> Option<Map<String, Value>> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut own = schema.clone();
    if let Some(reference) = own.remove("$ref") {
        let mut found = resolved(definition(&reference, known)?, known, depth + 1)?;
        found.extend(own);
        return Some(found);
    }
    let Some(Value::Array(parts)) = own.remove("allOf") else { return Some(own) };
    let mut merged = own;
    for part in &parts {
        let part = resolved(part.as_object()?, known, depth + 1)?;
        merge(&mut merged, part)?;
    }
    Some(merged)
}

fn definition<'a>(reference: &Value, known: &'a Map<String, Value>) -> Option<&'a Map<String, Value>> {
    known.get(&definition_name(reference.as_str()?)?)?.as_object()
}

fn definition_name(reference: &str) -> Option<String> {
    reference.strip_prefix("#/$defs/").map(decoded)
}

/// Adds the fields of an object to another one, or returns `None` if it isn't just an object with fields.
fn merge(into: &mut Map<String, Value>, part: Map<String, Value>) -> Option<()> {
    let is_mark = |keyword: &str| keyword.starts_with("x-");
    if part.get("type").is_some_and(|kind| kind != "object")
        || !part.keys().all(|keyword| MERGED.contains(&keyword.as_str()) || is_mark(keyword))
    {
        return None;
    }
    for (keyword, value) in part {
        match (into.get_mut(&keyword), value) {
            (None, value) => drop(into.insert(keyword, value)),
            (Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
            (Some(Value::Array(known)), Value::Array(more)) => {
                for item in more {
                    if !known.contains(&item) {
                        known.push(item);
                    }
                }
            }
            (Some(_), _) => {}
        }
    }
    Some(())
}

/// Removes the definitions that nothing refers to any more.
fn drop_unused(known: &mut Map<String, Value>, top: &Map<String, Value>) {
    let mut used = Vec::new();
    let mut open: Vec<&Value> = top.values().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Object(fields) => open.extend(fields.values()),
            Value::Array(items) => open.extend(items),
            Value::String(text) => {
                if let Some(name) = definition_name(text)
                    && let Some(schema) = known.get(&name)
                    && !used.contains(&name)
                {
                    used.push(name);
                    open.push(schema);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    known.retain(|name, _| used.contains(name));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_is_replaced_by_its_definition() {
        let document = json!({
            "$schema": "s",
            "$ref": "#/$defs/A",
            "x-capability-level": "read",
            "$defs": {
                "A": { "type": "object", "properties": { "b": { "$ref": "#/$defs/B" } } },
                "B": { "type": "array", "items": { "$ref": "#/$defs/C" } },
                "C": { "type": "string" },
            },
        });
        let expected = json!({
            "type": "object",
            "properties": { "b": { "$ref": "#/$defs/B" } },
            "$schema": "s",
            "x-capability-level": "read",
            "$defs": {
                "B": { "type": "array", "items": { "$ref": "#/$defs/C" } },
                "C": { "type": "string" },
            },
        });
        assert_eq!(inlined(document), expected);
    }

    #[test]
    fn a_type_that_contains_itself_keeps_its_definition() {
        let tree = json!({ "type": "object", "properties": { "child": { "$ref": "#/$defs/Tree" } } });
        let found = inlined(json!({ "$ref": "#/$defs/Tree", "$defs": { "Tree": tree } }));
        assert_eq!(found["properties"], tree["properties"]);
        assert_eq!(found["$defs"]["Tree"], tree);
        let endless = json!({ "$ref": "#/$defs/A", "$defs": { "A": { "$ref": "#/$defs/A" } } });
        assert_eq!(inlined(endless.clone()), endless);
    }

    #[test]
    fn objects_are_merged() {
        let standard = json!({
            "type": "object", "description": "standard", "required": ["id"],
            "properties": { "id": { "type": "string" } },
        });
        let args = json!({
            "type": "object", "description": "own", "required": ["id", "office"], "x-a": 1,
            "properties": { "id": { "type": "string" }, "office": { "type": "string" } },
        });
        let document = json!({
            "allOf": [{ "$ref": "#/$defs/S" }, { "$ref": "#/$defs/O" }],
            "$defs": { "S": standard, "O": args },
        });
        let expected = json!({
            "type": "object", "description": "standard", "required": ["id", "office"], "x-a": 1,
            "properties": { "id": { "type": "string" }, "office": { "type": "string" } },
        });
        assert_eq!(inlined(document), expected);
    }

    #[test]
    fn other_schemas_are_kept() {
        for other in [json!({ "oneOf": [] }), json!({ "type": "array" }), json!(true)] {
            let document = json!({
                "allOf": [{ "type": "object" }, { "$ref": "#/$defs/O" }],
                "$defs": { "O": other },
            });
            assert_eq!(inlined(document.clone()), document);
        }
        assert_eq!(inlined(json!(true)), json!(true));
    }
}
