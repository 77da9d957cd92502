//! Schemas of either document, in one form.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// A schema with its references, parts and spellings resolved.
#[derive(Default)]
pub(super) struct Normal {
    /// The name of the first schema that it refers to.
    pub(super) name: Option<String>,
    /// The names of all schemas that it consists of.
    pub(super) names: BTreeSet<String>,
    pub(super) fields: Map<String, Value>,
}

impl Normal {
    /// Resolves a schema. `schemas` are those that it can refer to, by name. Whether `null` is allowed is ignored: the
    /// API doesn't declare it.
    pub(super) fn of(schema: &Value, schemas: &Value) -> Self {
        let mut normal = Self::default();
        normal.gather(schema, schemas);
        normal
    }

    fn gather(&mut self, schema: &Value, schemas: &Value) {
        for (key, value) in schema.as_object().into_iter().flatten() {
            match key.as_str() {
                "$ref" | "allOf" | "anyOf" | "oneOf" | "nullable" | "description" | "title" | "example" => {}
                "const" => self.keep("enum", json!([value])),
                "type" => self.keep("type", without_null(value)),
                "properties" | "required" => self.extend(key, value),
                _ => self.keep(key, value.clone()),
            }
        }
        if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
            self.name.get_or_insert_with(|| name.to_owned());
            self.names.insert(name.to_owned());
            self.gather(&schemas[name], schemas);
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.gather(part, schemas);
        }
        for keyword in ["anyOf", "oneOf"] {
            let Some(alternatives) = schema[keyword].as_array() else { continue };
            let alternatives: Vec<&Value> = alternatives.iter().filter(|one| one["type"] != "null").collect();
            self.gather_alternatives(&alternatives, schemas);
        }
    }

    fn gather_alternatives(&mut self, alternatives: &[&Value], schemas: &Value) {
        if let [only] = alternatives {
            return self.gather(only, schemas);
        }
        let normal: Vec<Self> = alternatives.iter().map(|one| Self::of(one, schemas)).collect();
        // `required` alone isn't a form of the value.
        if !self.fields.contains_key("properties") && normal.iter().all(|one| one.fields["type"] == "string")
        {
            self.keep("type", "string".into());
            self.names.extend(normal.iter().flat_map(|one| one.names.clone()));
            // Without an enum, an alternative accepts every text.
            let texts: Option<Vec<&Vec<Value>>> =
                normal.iter().map(|one| one.fields.get("enum")?.as_array()).collect();
            if let Some(texts) = texts {
                let mut texts: Vec<Value> = texts.into_iter().flatten().cloned().collect();
                texts.sort_by_key(Value::to_string);
                texts.dedup();
                self.keep("enum", texts.into());
            }
        } else {
            self.keep("alternatives", alternatives.iter().copied().cloned().collect());
        }
    }

    fn keep(&mut self, key: &str, value: Value) {
        self.fields.entry(key).or_insert(value);
    }

    fn extend(&mut self, key: &str, value: &Value) {
        match (self.fields.entry(key).or_insert_with(|| value.clone()), value) {
            (Value::Object(known), Value::Object(more)) => {
                for (name, field) in more {
                    known.entry(name.clone()).or_insert_with(|| field.clone());
                }
            }
            (Value::Array(known), Value::Array(more)) => {
                let more: Vec<Value> = more.iter().filter(|one| !known.contains(one)).cloned().collect();
                known.extend(more);
            }
            _ => {}
        }
    }

    pub(super) fn field(&self, key: &str) -> &Value {
        self.fields.get(key).unwrap_or(&Value::Null)
    }

    pub(super) fn requires(&self, name: &str) -> bool {
        self.field("required").as_array().is_some_and(|names| names.iter().any(|known| known == name))
    }

    /// The constant that identifies this alternative of a tagged union: the only value of a field.
    pub(super) fn tag(&self, schemas: &Value) -> Option<String> {
        let fields = self.field("properties").as_object()?;
        fields.values().find_map(|field| {
            match Self::of(field, schemas).field("enum").as_array()?.as_slice() {
                [only] => only.as_str().map(str::to_owned),
                _ => None,
            }
        })
    }
}

fn without_null(kind: &Value) -> Value {
    match kind
        .as_array()
        .map(|kinds| kinds.iter().filter(|kind| *kind != "null").collect::<Vec<_>>())
        .as_deref()
    {
        Some([only]) => (*only).clone(),
        _ => kind.clone(),
    }
}
