//! Shared schemas in `#/components/schemas/…`.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::schema::{change_each, decoded};
use crate::wire::Wire;

const SCHEMAS: &str = "#/components/schemas/";
/// The location of the document's own schemas, until types can no longer take their names.
const OWN: &str = "#/components/own/";

/// References to schemas, and what they become. A map of another type would only make connectors larger.
type Names = Map<String, Value>;
/// Changes a schema, but not those in it.
type Convert = fn(&mut Map<String, Value>);

/// The schemas of types, and the document's own schemas.
pub(super) struct Components {
    pub(super) generator: SchemaGenerator,
    wire: Wire,
    own: Vec<(&'static str, Value)>,
    convert: Convert,
}

impl Components {
    /// Creates an empty collection. `convert` changes each finished schema, before those in it.
    pub(super) fn new(wire: Wire, convert: Convert) -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            "/components/schemas".clone_into(settings.definitions_path.to_mut());
            settings.meta_schema = None;
        });
        Self { generator: settings.into_generator(), wire, own: Vec::new(), convert }
    }

    /// Adds a schema called `name` and returns a reference to it. A type of that name gets a number appended.
    pub(super) fn add(&mut self, name: &'static str, schema: Value) -> Value {
        if !self.own.iter().any(|(known, _)| *known == name) {
            self.own.push((name, schema));
        }
        json!({ "$ref": format!("{OWN}{name}") })
    }

    /// Adds the schemas to the document.
    pub(super) fn finish(mut self, document: &mut Value) {
        let mut schemas = Map::new();
        let mut names = Names::new();
        for (name, schema) in self.own {
            schemas.insert(name.to_owned(), schema);
            names.insert(format!("{OWN}{name}"), format!("{SCHEMAS}{name}").into());
        }
        for (name, schema) in self.generator.take_definitions(true) {
            let allowed = unused_name(&schemas, &allowed(&name));
            schemas.insert(allowed.clone(), schema);
            names.insert(format!("{SCHEMAS}{name}"), format!("{SCHEMAS}{allowed}").into());
        }
        fix_inline_schemas(document, self.wire, &names, self.convert);
        schemas.values_mut().for_each(|schema| fix_schema(schema, self.wire, &names, self.convert));
        schemas.sort_keys();
        document["components"]["schemas"] = Value::Object(schemas);
    }
}

/// Replaces characters that OpenAPI doesn't allow in a name: only letters, digits, `.`, `-` and `_` are valid.
fn allowed(name: &str) -> String {
    name.chars()
        .map(|char| if char.is_ascii_alphanumeric() || ".-_".contains(char) { char } else { '_' })
        .collect()
}

fn unused_name(taken: &Map<String, Value>, name: &str) -> String {
    let mut free = name.to_owned();
    let mut next = 2;
    while taken.contains_key(&free) {
        free = format!("{name}{next}");
        next += 1;
    }
    free
}

/// Fixes the references of inline schemas, which are under `schema` in every OpenAPI object.
fn fix_inline_schemas(value: &mut Value, wire: Wire, names: &Names, convert: Convert) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                match key.as_str() {
                    "schema" => fix_schema(field, wire, names, convert),
                    "example" | "examples" => {}
                    _ => fix_inline_schemas(field, wire, names, convert),
                }
            }
        }
        Value::Array(items) => {
            items.iter_mut().for_each(|item| fix_inline_schemas(item, wire, names, convert))
        }
        _ => {}
    }
}

/// Fixes the references in a schema, writes its marks in the wire format, adds bounds to its integers, and converts it.
fn fix_schema(schema: &mut Value, wire: Wire, names: &Names, convert: Convert) {
    change_each(schema, |fields| {
        if let Some(Value::String(reference)) = fields.get_mut("$ref")
            && let Some(Value::String(fixed)) = names.get(&decoded(reference))
        {
            fixed.clone_into(reference);
        }
        wire.write_marks(fields);
        add_bounds(fields);
        convert(fields);
    });
}

// Most validators ignore `format`: without bounds, an `int64` could have any value.
fn add_bounds(schema: &mut Map<String, Value>) {
    let limits = |min: i64, max: u64| Some((Value::from(min), Value::from(max)));
    let limits = match schema.get("format").and_then(Value::as_str) {
        Some("int8") => limits(i64::from(i8::MIN), 0x7f),
        Some("int16") => limits(i64::from(i16::MIN), 0x7fff),
        Some("int32") => limits(i64::from(i32::MIN), 0x7fff_ffff),
        Some("int64" | "int") => limits(i64::MIN, 0x7fff_ffff_ffff_ffff),
        Some("uint8") => limits(0, 0xff),
        Some("uint16") => limits(0, 0xffff),
        Some("uint32") => limits(0, 0xffff_ffff),
        Some("uint64" | "uint") => limits(0, u64::MAX),
        _ => None,
    };
    if let Some((min, max)) = limits {
        if !schema.contains_key("exclusiveMinimum") {
            schema.entry("minimum").or_insert(min);
        }
        if !schema.contains_key("exclusiveMaximum") {
            schema.entry("maximum").or_insert(max);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(schemars::JsonSchema)]
    #[schemars(rename = "Badge<Lost/Found>")]
    struct Odd {
        #[expect(dead_code, reason = "only described")]
        inner: Option<Box<Self>>,
    }

    #[derive(schemars::JsonSchema)]
    #[schemars(rename = "Mine")]
    struct Mine {}

    #[test]
    fn every_reference_resolves_to_a_valid_name() {
        let mut components = Components::new(Wire::Classic, |_| ());
        let schemas = [
            components.add("Mine", json!({ "const": "own" })),
            components.generator.subschema_for::<Odd>().to_value(),
            components.generator.subschema_for::<Mine>().to_value(),
        ];
        let schemas: Vec<Value> = schemas.into_iter().map(|schema| json!({ "schema": schema })).collect();
        let mut document = json!({ "components": {}, "schemas": schemas });
        components.finish(&mut document);
        for schema in document["schemas"].as_array().unwrap() {
            let pointer = schema["schema"]["$ref"].as_str().unwrap().trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{document:#}");
        }
        assert_eq!(document["schemas"][0]["schema"]["$ref"], "#/components/schemas/Mine");
        assert_eq!(document["schemas"][1]["schema"]["$ref"], "#/components/schemas/Badge_Lost_Found_");
        assert_eq!(document["schemas"][2]["schema"]["$ref"], "#/components/schemas/Mine2");
        let inner =
            &document["components"]["schemas"]["Badge_Lost_Found_"]["properties"]["inner"]["anyOf"][0];
        assert_eq!(inner["$ref"], "#/components/schemas/Badge_Lost_Found_");
    }

    #[derive(schemars::JsonSchema)]
    struct Values {
        #[expect(dead_code, reason = "only described")]
        #[schemars(extend(
            "default" = { "format": "int64", "$ref": "#/components/own/Mine" },
            "examples" = [{ "format": "int64" }],
            "enum" = [{ "format": "int64" }],
        ))]
        format: serde_json::Value,
        #[expect(dead_code, reason = "only described")]
        #[schemars(extend("dependentSchemas" = { "a": { "format": "int8" } }))]
        dependent: serde_json::Value,
    }

    #[test]
    fn values_in_a_schema_are_not_changed() {
        let mut components = Components::new(Wire::Classic, |_| ());
        components.add("Mine", json!({ "const": "own" }));
        let schema = components.generator.subschema_for::<Values>().to_value();
        let media = json!({ "schema": schema, "example": { "format": "int64" } });
        let mut document = json!({ "components": {}, "media": media });
        components.finish(&mut document);
        let values = &document["components"]["schemas"]["Values"]["properties"];
        let value = json!({ "format": "int64" });
        let default = json!({ "format": "int64", "$ref": "#/components/own/Mine" });
        assert_eq!(values["format"]["default"], default);
        assert_eq!(values["format"]["examples"], json!([value]));
        assert_eq!(values["format"]["enum"], json!([value]));
        assert_eq!(document["media"]["example"], value);
        let bounded = json!({ "format": "int8", "minimum": -128, "maximum": 127 });
        assert_eq!(values["dependent"]["dependentSchemas"]["a"], bounded);
    }
}
