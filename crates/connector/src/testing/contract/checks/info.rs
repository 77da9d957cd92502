//! The connector's description of itself.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Value, json};

use crate::testing::contract::grouped::Grouped;
use crate::testing::contract::session::{Checked, Session};
use crate::wire::Wire;

pub(super) fn complete(session: &Session<'_>) -> Checked {
    let info = &session.info;
    let mut wrong = Grouped::default();
    let mut fault = |what: String| wrong.add("info", what);
    if !info.document.is_object() {
        fault(format!("returned {}", info.output.describe()));
        return wrong.end();
    }
    if info.app_id.is_empty() {
        fault("app_id is not a non-empty string".to_owned());
    }
    if info.capabilities.is_empty() {
        fault("capabilities is not a list of names".to_owned());
    }
    let mut known = HashSet::new();
    for name in info.capabilities.iter().filter(|name| !known.insert(name.replace('-', "_"))) {
        fault(format!("capabilities has {name} twice"));
    }
    let schemas = &info.document["capability_schema"];
    for name in &info.capabilities {
        for part in ["argument", "output"].into_iter().filter(|part| !schemas[name][part].is_object()) {
            fault(format!("capability_schema.{name}.{part} is not a schema"));
        }
    }
    for name in schemas.as_object().into_iter().flatten().map(|(name, _)| name) {
        if !info.capabilities.contains(name) {
            fault(format!("capability_schema.{name} is not for a capability in the list"));
        }
    }
    let authentication = &info.document["authentication_schema"];
    let may_be_absent =
        info.wire == Wire::Classic && info.document.get("authentication_schema") == Some(&Value::Null);
    if !authentication.is_object() && !may_be_absent {
        fault("authentication_schema is not a schema".to_owned());
    }
    for (place, schema) in credentials(&info.document) {
        if !schema.is_object() {
            fault(format!("{place} is not a schema"));
        }
    }
    wrong.end()
}

/// The schemas of several kinds of credentials, with their paths.
fn credentials(info: &Value) -> impl Iterator<Item = (String, &Value)> {
    let schemas = info["credentials_schema"].as_array().into_iter().flatten().enumerate();
    schemas.map(|(at, schema)| (format!("credentials_schema[{at}]"), schema))
}

/// All schemas in `info`, with their paths.
fn schemas(info: &Value) -> Vec<(String, &Value)> {
    let of_capabilities =
        info["capability_schema"].as_object().into_iter().flatten().flat_map(|(name, schemas)| {
            ["argument", "output"].map(|part| (format!("capability_schema.{name}.{part}"), &schemas[part]))
        });
    let others = ["authentication_schema", "request_settings_schema"];
    let mut all: Vec<_> = of_capabilities.collect();
    all.extend(others.into_iter().map(|name| (name.to_owned(), &info[name])));
    all.extend(credentials(info));
    all.retain(|(_, schema)| schema.is_object());
    all
}

pub(super) fn schemas_valid(session: &Session<'_>) -> Checked {
    let mut wrong = Grouped::default();
    for (place, schema) in schemas(&session.info.document) {
        if let Err(error) = jsonschema::meta::validate(schema) {
            wrong.add(&place, format!("not a valid JSON Schema, at {}: {error}", error.instance_path()));
        } else if let Err(error) = jsonschema::validator_for(schema) {
            // For example, a reference that doesn't resolve.
            wrong.add(&place, format!("not a usable JSON Schema: {error}"));
        }
    }
    wrong.end()
}

/// The document of `app_info` must be about the same connector as `info`.
pub(super) fn app_info(session: &Session<'_>) -> Checked {
    const NAME: &str = "app_info";
    session.require(NAME)?;
    let mut wrong = Grouped::default();
    let response = session.ask(NAME, json!({}))?;
    let payload = match response.payload() {
        Ok(payload) => payload,
        Err(why) => {
            wrong.add(NAME, format!("it {why}"));
            return wrong.end();
        }
    };
    let (app_id, document) = (&payload["app_id"], &payload["app_schema"]);
    let mut fault = |what: String| wrong.add(NAME, what);
    if *app_id != session.info.app_id || document["info"]["x-app-id"] != session.info.app_id {
        fault(format!("app_id or x-app-id is not {:?}, as in info", session.info.app_id));
    }
    if !document["openapi"].as_str().is_some_and(|version| version.starts_with("3.")) {
        fault("app_schema is not an OpenAPI 3 document".to_owned());
    }
    let names = |names: &mut dyn Iterator<Item = &str>| -> BTreeSet<String> {
        names.map(|name| name.replace('-', "_")).collect()
    };
    let known = names(&mut session.info.capabilities.iter().map(String::as_str));
    let paths = document["paths"].as_object().into_iter().flatten();
    let paths = names(&mut paths.map(|(path, _)| path.trim_start_matches('/')));
    let listed = document["info"]["x-capabilities"].as_array().into_iter().flatten();
    let listed = names(&mut listed.filter_map(Value::as_str));
    for (place, found) in [("paths", paths), ("x-capabilities", listed)] {
        for name in known.difference(&found) {
            fault(format!("{place} has no {name}, which info has"));
        }
        for name in found.difference(&known) {
            fault(format!("{place} has {name}, which info doesn't have"));
        }
    }
    for reference in unresolved(document, document) {
        fault(format!("the reference {reference} does not resolve"));
    }
    wrong.end()
}

/// The references in `part` that don't resolve in `document`.
fn unresolved<'a>(document: &Value, part: &'a Value) -> Vec<&'a str> {
    match part {
        Value::Object(fields) => {
            let own = fields.get("$ref").and_then(Value::as_str);
            let own = own.filter(|own| document.pointer(own.trim_start_matches('#')).is_none());
            own.into_iter().chain(fields.values().flat_map(|field| unresolved(document, field))).collect()
        }
        Value::Array(items) => items.iter().flat_map(|item| unresolved(document, item)).collect(),
        _ => Vec::new(),
    }
}
