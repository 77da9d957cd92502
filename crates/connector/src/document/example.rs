//! Examples, generated from schemas.

use serde_json::{Map, Number, Value, json};

use crate::auth::{ById, DeclaredCredential};
use crate::facts::CapabilityFacts;
use crate::schema::is_secret;
use crate::wire::Wire;

/// The maximum depth, for types that contain themselves.
const MAX_DEPTH: usize = 16;

/// Example values for fields with well-known names.
const WELL_KNOWN: [(&str, &str); 11] = [
    ("account_id", "1"),
    ("account_integration_specific_id", "1"),
    ("authorization_url", "https://app.example.com/authorize"),
    ("email", "ada@example.com"),
    ("family_name", "Lovelace"),
    ("given_name", "Ada"),
    ("redirect_uri", "https://connector.example.com/callback"),
    ("redirect_uri_with_code", "https://connector.example.com/callback?code=abc&state=xyz"),
    ("resource_type", "group"),
    ("state", "xyz"),
    ("username", "ada"),
];

/// Optional fields that are included, because the example would otherwise show little.
const ALWAYS_INCLUDED: [&str; 4] = ["email", "family_name", "given_name", "username"];

/// Returns a complete request that the capability accepts, or `None` if none can be generated from its schema.
pub(super) fn of_request(document: &Value, capability: &CapabilityFacts<'_>, wire: Wire) -> Option<Value> {
    let path = format!("/{}", super::operation::name(capability));
    let envelope = &document["paths"][&path]["post"]["requestBody"]["content"]["application/json"]["schema"];
    let examples = Examples { document };
    let mut request = Map::new();
    let first = capability.kinds.all().iter().find(|kind| wire.kind_name(**kind).is_some());
    if let Some(by_id) = capability.kinds.by_id().filter(|_| wire == Wire::OpenApi) {
        let item = examples.named(&envelope["properties"]["credentials"]["items"]);
        request.insert("credentials".to_owned(), examples.credentials(item, by_id));
    } else if let Some(kind) = first {
        let auth = &envelope["properties"]["auth"];
        let auth_value = match wire.auth_key(*kind) {
            None => examples.value(auth, "auth", 0),
            Some(key) => json!({ key: examples.value(&examples.resolve(auth)["properties"][key], key, 0) }),
        };
        request.insert("auth".to_owned(), auth_value);
    }
    request.insert("request".to_owned(), examples.value(&envelope["properties"]["request"], "request", 0));
    let settings = examples.value(&envelope["properties"]["settings"], "settings", 0);
    request.insert("settings".to_owned(), settings);
    if capability.info.is_paged {
        request.insert("page".to_owned(), json!({ "token": null, "size": capability.page_size }));
    }
    request.insert("include_raw_data".to_owned(), false.into());
    let request = Value::Object(request);
    let bytes = serde_json::to_vec(&request).ok()?;
    capability.payloads.accepts(&bytes).then_some(request)
}

struct Examples<'a> {
    document: &'a Value,
}

impl<'a> Examples<'a> {
    /// Resolves references.
    fn named(&self, schema: &'a Value) -> &'a Value {
        let reference = schema["$ref"].as_str();
        reference.map_or(schema, |name| {
            self.document.pointer(name.trim_start_matches('#')).unwrap_or(&Value::Null)
        })
    }

    /// Resolves references and picks the first alternative that isn't `null`.
    fn resolve(&self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        for _ in 0..MAX_DEPTH {
            let alternatives = ["anyOf", "oneOf"].iter().find_map(|key| schema[*key].as_array());
            if let Some(reference) = schema["$ref"].as_str() {
                schema = self.document.pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null);
            } else if let Some(first) =
                alternatives.and_then(|all| all.iter().find(|one| one["type"] != "null"))
                && schema.get("properties").is_none()
            {
                schema = first;
            } else {
                break;
            }
        }
        schema
    }

    /// Returns the first allowed combination of credentials. `item` is the schema of any of them.
    fn credentials(&self, item: &'a Value, by_id: ById) -> Value {
        let of = |index: usize| self.value(item["oneOf"].get(index).unwrap_or(item), "", 0);
        let first = by_id.allowed.first();
        let is_in = |declared: &DeclaredCredential| match first {
            Some(combination) => combination.contains(&declared.id),
            None => !declared.is_optional,
        };
        let mut chosen: Vec<Value> = by_id
            .declared
            .iter()
            .enumerate()
            .filter(|(_, one)| is_in(one))
            .map(|(index, _)| of(index))
            .collect();
        if chosen.is_empty() {
            chosen.push(of(0));
        }
        chosen.into()
    }

    /// Returns a value that matches `schema`, the schema of the field `name`.
    fn value(&self, schema: &'a Value, name: &str, depth: usize) -> Value {
        let outer = schema;
        let schema = self.resolve(schema);
        for given in [outer, schema] {
            if let Some(given) = given["examples"].as_array().and_then(|examples| examples.first()) {
                return given.clone();
            }
            if let Some(given) = ["example", "default", "const"].iter().find_map(|key| given.get(*key)) {
                return given.clone();
            }
        }
        if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
            return first.clone();
        }
        if depth > MAX_DEPTH {
            return Value::Null;
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().find_map(|kind| kind.as_str().filter(|kind| *kind != "null")),
            kind => kind.as_str(),
        };
        match kind {
            Some("string") => text(schema, name).into(),
            Some("integer") => integer(schema),
            Some("number") => schema.get("minimum").cloned().unwrap_or_else(|| json!(1.0)),
            Some("boolean") => false.into(),
            Some("null") => Value::Null,
            Some("array") => self.array(schema, name, depth),
            _ => Value::Object(self.object(schema, depth)),
        }
    }

    /// Returns the minimum number of items, but at least one if they are strings: an empty list of ids would request
    /// nothing.
    fn array(&self, schema: &'a Value, name: &str, depth: usize) -> Value {
        let name = name.strip_suffix('s').unwrap_or(name);
        if let Some(items) = schema["prefixItems"].as_array() {
            return items.iter().map(|item| self.value(item, name, depth + 1)).collect();
        }
        let item = || self.value(&schema["items"], name, depth + 1);
        let least = schema["minItems"].as_u64().unwrap_or_default();
        let is_text = self.resolve(&schema["items"])["type"] == "string";
        (0..least.max(u64::from(is_text))).map(|_| item()).collect()
    }

    /// Returns the required fields, and those with a specified or well-known value.
    fn object(&self, schema: &'a Value, depth: usize) -> Map<String, Value> {
        let mut fields = Map::new();
        for part in schema["allOf"].as_array().into_iter().flatten() {
            if let Value::Object(more) = self.value(part, "", depth + 1) {
                fields.extend(more);
            }
        }
        let required = |name: &str| {
            schema["required"].as_array().is_some_and(|required| required.iter().any(|known| known == name))
        };
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let is_specified = field.get("default").is_some_and(|default| !default.is_null())
                || field.get("examples").is_some();
            if required(name) || is_specified || ALWAYS_INCLUDED.contains(&name.as_str()) {
                fields.insert(name.clone(), self.value(field, name, depth + 1));
            }
        }
        // Of several alternatives, use the first.
        for key in ["oneOf", "anyOf"] {
            if let Some(first) = schema[key].as_array().and_then(|all| all.first())
                && let Value::Object(more) = self.value(first, "", depth + 1)
            {
                fields.extend(more);
            }
        }
        fields
    }
}

fn text(schema: &Value, name: &str) -> String {
    if is_secret(schema) {
        return format!("<{name}>");
    }
    let text = match schema["format"].as_str() {
        Some("date-time") => "2025-01-31T12:00:00Z",
        Some("date") => "2025-01-31",
        Some("time") => "12:00:00Z",
        Some("duration") => "PT1H",
        Some("email" | "idn-email") => "ada@example.com",
        Some("uri" | "url" | "iri" | "uri-reference") => "https://app.example.com/",
        Some("hostname" | "idn-hostname") => "app.example.com",
        Some("uuid") => "123e4567-e89b-12d3-a456-426614174000",
        Some("ipv4" | "ip") => "192.0.2.1",
        Some("ipv6") => "2001:db8::1",
        _ => WELL_KNOWN.iter().find(|(known, _)| *known == name).map_or("string", |(_, value)| value),
    };
    let least =
        schema["minLength"].as_u64().and_then(|least| usize::try_from(least).ok()).unwrap_or_default();
    let most = schema["maxLength"].as_u64().and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    text.chars().chain(std::iter::repeat('x')).take(text.chars().count().max(least).min(most)).collect()
}

fn integer(schema: &Value) -> Value {
    let given = |key: &str| schema[key].as_number().and_then(Number::as_i128);
    let least = given("minimum").or_else(|| given("exclusiveMinimum").map(|bound| bound + 1)).unwrap_or(1);
    let most =
        given("maximum").or_else(|| given("exclusiveMaximum").map(|bound| bound - 1)).unwrap_or(i128::MAX);
    let step = given("multipleOf").filter(|step| *step > 0).unwrap_or(1);
    let wanted = least.max(1.min(most));
    let wanted = wanted + (step - wanted.rem_euclid(step)) % step;
    Number::from_i128(wanted).map_or(Value::Null, Value::Number)
}
