//! Chooses the parts of a payload that its fingerprint covers.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use crate::schema::is_secret;

/// Returns the fields that identify a payload.
///
/// These are the fields in the schema, with their defaults. A field is left out if it is `null` or a secret: a reader
/// could guess a short secret and compare. Nulls elsewhere, such as in a map, are kept.
pub(super) fn select(payload: Map<String, Value>, schema: &Value) -> Map<String, Value> {
    let schemas = Schemas { definitions: schema.get("$defs") };
    let mut fields = schemas.fields(schema);
    let is_unique = |field: &Value| field.get("x-unique").and_then(Value::as_bool).unwrap_or_default();
    if fields.values().any(|field| is_unique(field)) {
        fields.retain(|_, field| is_unique(field));
        return schemas.selected(&fields, payload);
    }
    schemas.object(payload, schema)
}

/// A schema's definitions.
struct Schemas<'s> {
    definitions: Option<&'s Value>,
}

impl<'s> Schemas<'s> {
    fn selected(&self, fields: &BTreeMap<&str, &Value>, mut given: Map<String, Value>) -> Map<String, Value> {
        let select = |(name, schema): (&&str, &&Value)| {
            let value = given.remove(*name).or_else(|| default_of(schema))?;
            let value = self.value(value, schema)?;
            (!value.is_null()).then(|| ((*name).to_owned(), value))
        };
        fields.iter().filter_map(select).collect()
    }

    /// Returns the part of a value that counts, or `None` if it is a secret.
    fn value(&self, value: Value, schema: &Value) -> Option<Value> {
        let parts = self.parts(schema);
        if parts.iter().any(|part| is_secret(part)) {
            return None;
        }
        Some(match value {
            Value::Object(given) => Value::Object(self.object(given, schema)),
            Value::Array(items) => match parts.iter().find_map(|part| part.get("items")) {
                Some(schema) => {
                    Value::Array(items.into_iter().filter_map(|item| self.value(item, schema)).collect())
                }
                None => Value::Array(items),
            },
            // The field is a float, even if the number was written without a fraction.
            Value::Number(number)
                if parts.iter().any(|part| allows(part, "number"))
                    && !parts.iter().any(|part| allows(part, "integer")) =>
            {
                Value::Number(number.as_f64().and_then(Number::from_f64).unwrap_or(number))
            }
            other => other,
        })
    }

    fn object(&self, mut given: Map<String, Value>, schema: &Value) -> Map<String, Value> {
        let fields = self.fields(schema);
        let mut others = Map::new();
        given.retain(|name, value| {
            let is_field = fields.contains_key(name.as_str());
            if !is_field {
                others.insert(name.clone(), value.take());
            }
            is_field
        });
        let mut selected = self.selected(&fields, given);
        // The schema of a map's values, unless they can be anything.
        let parts = self.parts(schema);
        let rest = parts.iter().find_map(|part| {
            let by_pattern = || part.get("patternProperties")?.as_object()?.values().next();
            by_pattern().or_else(|| part.get("additionalProperties"))
        });
        if rest.map_or(fields.is_empty(), |rest| rest != &Value::Bool(false)) {
            let rest = rest.unwrap_or(&Value::Bool(true));
            selected.extend(
                others.into_iter().filter_map(|(name, value)| Some((name, self.value(value, rest)?))),
            );
        }
        selected
    }

    /// The fields of an object. If several parts of the schema have the same field, a secret one counts.
    fn fields<'v>(&self, schema: &'v Value) -> BTreeMap<&'v str, &'v Value>
    where
        's: 'v,
    {
        let mut fields: BTreeMap<&str, &Value> = BTreeMap::new();
        for part in self.parts(schema) {
            for (name, field) in part.get("properties").and_then(Value::as_object).into_iter().flatten() {
                let known = fields.entry(name).or_insert(field);
                if !is_secret(known) {
                    *known = field;
                }
            }
        }
        fields
    }

    /// A schema, what it refers to, and its alternatives.
    fn parts<'v>(&self, schema: &'v Value) -> Vec<&'v Value>
    where
        's: 'v,
    {
        let mut parts = vec![schema];
        let mut at = 0;
        while let Some(part) = parts.get(at).copied() {
            at += 1;
            let target = part.get("$ref").and_then(Value::as_str).and_then(|name| self.definition(name));
            let lists = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|list| part.get(list)?.as_array());
            for found in target.into_iter().chain(lists.flatten()) {
                // A recursive type can be an alternative of itself.
                if !parts.iter().any(|known| std::ptr::eq(*known, found)) {
                    parts.push(found);
                }
            }
        }
        parts
    }

    fn definition(&self, reference: &str) -> Option<&'s Value> {
        self.definitions?.get(reference.strip_prefix("#/$defs/")?)
    }
}

/// The value of a field that is missing, if it has a default.
fn default_of(schema: &Value) -> Option<Value> {
    schema.get("default").cloned().or_else(|| match schema.get("type")?.as_str()? {
        // A schema only shows the defaults of types that can be serialized. A list or map that is neither required nor
        // nullable is empty by default.
        "array" => Some(Value::Array(Vec::new())),
        "object" if schema.get("additionalProperties").is_some() => Some(Value::Object(Map::new())),
        _ => None,
    })
}

/// Whether a schema's `type` is this one, or a list with it.
fn allows(schema: &Value, kind: &str) -> bool {
    match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|known| known == kind),
        known => known.is_some_and(|known| known == kind),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use schemars::JsonSchema;
    use serde::Deserialize;
    use serde_json::json;

    use super::*;
    use crate::{Secret, schema};

    fn selected<T: JsonSchema>(payload: Value) -> Value {
        let document = schema::document(|generator| generator.subschema_for::<T>().to_value());
        let Value::Object(payload) = payload else { panic!("an object") };
        Value::Object(select(payload, &document))
    }

    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Desk {
        floor: u8,
        label: Option<String>,
    }

    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Move {
        desk: Option<Desk>,
        #[serde(default)]
        others: Vec<Desk>,
        notes: Option<BTreeMap<String, Option<String>>>,
        by_floor: Option<BTreeMap<u8, Desk>>,
        #[serde(default)]
        counts: BTreeMap<String, u8>,
        #[serde(default)]
        by_name: BTreeMap<String, Desk>,
        #[serde(default = "name")]
        name: String,
        ratio: Option<f64>,
        anything: Option<Value>,
    }

    fn name() -> String {
        "n".to_owned()
    }

    /// Adds the fields of a move that have a default.
    fn with_defaults(mut fields: Value) -> Value {
        for (name, default) in
            [("others", json!([])), ("counts", json!({})), ("by_name", json!({})), ("name", json!("n"))]
        {
            fields.as_object_mut().unwrap().entry(name).or_insert(default);
        }
        fields
    }

    #[test]
    fn unknown_and_null_fields_are_left_out_at_every_level() {
        let payload = json!({
            "desk": { "floor": 1, "label": null, "x": 1 },
            "others": [{ "floor": 2, "x": 1 }],
            "by_floor": { "3": { "floor": 3, "label": null } },
            "ratio": null,
            "x": 1,
        });
        let expected = json!({ "desk": { "floor": 1 }, "others": [{ "floor": 2 }], "by_floor": { "3": { "floor": 3 } } });
        assert_eq!(selected::<Move>(payload), with_defaults(expected));
    }

    #[test]
    fn maps_and_free_form_values_are_kept_as_they_are() {
        let payload =
            json!({ "others": [], "notes": { "a": null, "b": "c" }, "anything": { "d": [null, 1] } });
        assert_eq!(selected::<Move>(payload.clone()), with_defaults(payload));
    }

    #[test]
    fn a_payload_can_be_a_map() {
        let payload = json!({ "a": null, "b": { "c": 1 } });
        assert_eq!(selected::<BTreeMap<String, Value>>(payload.clone()), payload);
        let desks = json!({ "a": { "floor": 1, "label": null } });
        assert_eq!(selected::<BTreeMap<String, Desk>>(desks), json!({ "a": { "floor": 1 } }));
    }

    #[test]
    fn defaults_count() {
        assert_eq!(selected::<Move>(json!({})), with_defaults(json!({})));
    }

    #[test]
    fn a_float_field_is_a_float() {
        let integer = selected::<Move>(json!({ "ratio": 5 }))["ratio"].take();
        assert!(integer.is_f64(), "{integer}");
        assert_eq!(selected::<Move>(json!({ "ratio": 5.0 }))["ratio"], integer);
        let free = selected::<Move>(json!({ "anything": 5 }))["anything"].take();
        assert!(free.is_u64(), "{free}");
    }

    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    enum Door {
        Pin { number: Secret, floor: u8 },
        Key(Secret),
        Open,
    }

    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Access {
        password: Secret,
        pin: Option<Secret>,
        #[schemars(transform = schema::Field::new().hidden())]
        badge: Option<Secret>,
        #[serde(default)]
        codes: Vec<Secret>,
        by_name: Option<BTreeMap<String, Secret>>,
        door: Option<Door>,
        email: String,
    }

    #[test]
    fn secrets_are_left_out() {
        let with = |door: Value| {
            selected::<Access>(json!({
                "password": "s1", "pin": "s2", "badge": "s7", "codes": ["s3"], "by_name": { "a": "s4" }, "email": "ada",
                "door": door,
            }))
        };
        let expected = |door: Value| json!({ "codes": [], "by_name": {}, "email": "ada", "door": door });
        assert_eq!(
            with(json!({ "Pin": { "number": "s5", "floor": 2 } })),
            expected(json!({ "Pin": { "floor": 2 } }))
        );
        assert_eq!(with(json!({ "Key": "s6" })), expected(json!({})));
        assert_eq!(with(json!("Open")), expected(json!("Open")));
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(untagged)]
    #[expect(dead_code, reason = "only its schema is used")]
    enum Nested {
        Same(Box<Self>),
        Many(Vec<Self>),
        Leaf(String),
    }

    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Tree {
        root: Nested,
    }

    #[test]
    fn recursive_types_end() {
        let payload = json!({ "root": [["a"], "b"] });
        assert_eq!(selected::<Tree>(payload.clone()), payload);
    }

    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Badge {
        #[schemars(extend("x-unique" = true))]
        badge: String,
        #[schemars(extend("x-unique" = false))]
        color: String,
        note: String,
    }

    #[test]
    fn only_unique_fields_count_if_there_are_any() {
        assert_eq!(
            selected::<Badge>(json!({ "badge": "7", "color": "red", "note": "n" })),
            json!({ "badge": "7" })
        );
    }
}
