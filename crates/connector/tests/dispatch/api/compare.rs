//! Compares schemas of the API with those of a document, both ways.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::normal::Normal;

/// Keywords that must be equal.
const KEYWORDS: [&str; 4] = ["type", "format", "enum", "default"];

/// Marks that `app_info` of releases adds to the schemas of the API.
const ADDED: [&str; 2] = ["x-field_order", "x-optional"];

/// A comparison of many schemas.
pub(super) struct Comparison<'a> {
    api: &'a Value,
    /// Differences, as `place: what`.
    pub(super) differences: BTreeSet<String>,
    /// The schemas of the API that were compared.
    pub(super) compared: BTreeSet<String>,
    pairs: BTreeSet<(String, Option<String>)>,
}

impl<'a> Comparison<'a> {
    /// Starts a comparison with an API that has these schemas, by name.
    pub(super) const fn new(api: &'a Value) -> Self {
        Self { api, differences: BTreeSet::new(), compared: BTreeSet::new(), pairs: BTreeSet::new() }
    }

    pub(super) fn differ(&mut self, place: &str, what: impl std::fmt::Display) {
        self.differences.insert(format!("{place}: {what}"));
    }

    /// Compares `expected`, of the API, with `found`, of a document that has `schemas`.
    pub(super) fn schema(&mut self, place: &str, expected: &Value, found: &Value, schemas: &Value) {
        let (expected, found) = (Normal::of(expected, self.api), Normal::of(found, schemas));
        self.compared.extend(expected.names.iter().cloned());
        let mut place = place;
        if let Some(name) = &expected.name {
            place = name;
            // Only schemas with a name can contain themselves.
            if found.name.is_some() && !self.pairs.insert((name.clone(), found.name.clone())) {
                return;
            }
        }
        let marks: BTreeSet<&String> = [&expected.fields, &found.fields]
            .into_iter()
            .flat_map(Map::keys)
            .filter(|key| key.starts_with("x-") && !ADDED.contains(&key.as_str()))
            .collect();
        for key in KEYWORDS.into_iter().chain(marks.into_iter().map(String::as_str)) {
            // The default of a constant is known.
            let is_known =
                key == "default" && expected.field("enum").as_array().is_some_and(|only| only.len() == 1);
            let (expected, found) = (sorted(expected.field(key)), sorted(found.field(key)));
            if expected != found && !is_known {
                self.differ(place, format_args!("{key} {expected}, here {found}"));
            }
        }
        self.fields(place, &expected, &found, schemas);
        self.items(place, &expected, &found, schemas);
        self.alternatives(place, &expected, &found, schemas);
    }

    fn fields(&mut self, place: &str, expected: &Normal, found: &Normal, schemas: &Value) {
        let fields = |normal: &Normal| normal.field("properties").as_object().cloned().unwrap_or_default();
        let (known, own) = (fields(expected), fields(found));
        for (name, field) in &known {
            let place = format!("{place}.{name}");
            let Some(own) = own.get(name) else {
                self.differ(&place, "missing");
                continue;
            };
            match (expected.requires(name), found.requires(name)) {
                (true, false) => self.differ(&place, "required, here optional"),
                (false, true) => self.differ(&place, "optional, here required"),
                _ => {}
            }
            self.schema(&place, field, own, schemas);
        }
        for name in own.keys().filter(|name| !known.contains_key(*name)) {
            self.differ(&format!("{place}.{name}"), "additional");
        }
    }

    fn items(&mut self, place: &str, expected: &Normal, found: &Normal, schemas: &Value) {
        for (key, suffix) in [("items", "[]"), ("additionalProperties", "{}")] {
            match (open(expected.field(key)), open(found.field(key))) {
                (Some(expected), Some(found)) => {
                    self.schema(&format!("{place}{suffix}"), &expected, &found, schemas);
                }
                (None, None) => {}
                (Some(_), None) => self.differ(place, format_args!("{key}, here none")),
                (None, Some(_)) => self.differ(place, format_args!("no {key}, here some")),
            }
        }
    }

    /// Compares the alternatives of tagged unions by their tags.
    fn alternatives(&mut self, place: &str, expected: &Normal, found: &Normal, schemas: &Value) {
        let all = |normal: &Normal| normal.field("alternatives").as_array().cloned().unwrap_or_default();
        let (expected, found) = (all(expected), all(found));
        let tags = |all: &[Value], schemas: &Value| -> Vec<Option<String>> {
            all.iter().map(|one| Normal::of(one, schemas).tag(schemas)).collect()
        };
        let (known, own) = (tags(&expected, self.api), tags(&found, schemas));
        for (tag, alternative) in known.iter().zip(&expected) {
            let place = format!("{place}<{}>", tag.as_deref().unwrap_or("?"));
            match own.iter().position(|own| own == tag) {
                Some(index) => self.schema(&place, alternative, &found[index], schemas),
                None => self.differ(&place, "missing"),
            }
        }
        for tag in own.iter().filter(|tag| !known.contains(tag)) {
            self.differ(&format!("{place}<{}>", tag.as_deref().unwrap_or("?")), "additional");
        }
    }
}

/// The schema of further values; `None` if there are none or nothing is said about them.
fn open(schema: &Value) -> Option<Value> {
    match schema {
        Value::Null | Value::Bool(false) => None,
        Value::Bool(true) => Some(Value::Object(Map::new())),
        schema => Some(schema.clone()),
    }
}

/// Sorts the values of an `enum`.
fn sorted(value: &Value) -> Value {
    let mut value = value.clone();
    if let Value::Array(values) = &mut value {
        values.sort_by_key(Value::to_string);
    }
    value
}
