//! `info` as classic spells it: a bare object, with the schemas of whole envelopes.

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::auth::kind_name;
use super::envelope::PaginationData;
use super::error::EncounteredError;
use crate::integration::info::{CapabilityFacts, Facts};
use crate::model::{CredentialKind, PaginationArgs};
use crate::response::Partial;
use crate::schema;

pub(crate) fn document(facts: &Facts<'_>) -> Value {
    let schemas: Map<String, Value> = facts
        .capabilities
        .iter()
        .map(|capability| {
            let entry = json!({
                "argument": argument(facts, capability),
                "output": output(capability),
                "display_name": capability.info.display_name,
                "description": capability.info.description,
            });
            (capability.info.name.to_owned(), entry)
        })
        .collect();
    json!({
        "app_id": facts.app_id,
        "capabilities": facts.capabilities.iter().map(|capability| capability.info.name).collect::<Vec<_>>(),
        "authentication_schema": authentication(facts.kinds),
        "capability_schema": schemas,
        "logo_url": facts.description.logo_url,
        "user_friendly_name": facts.description.user_friendly_name,
        "description": facts.description.description,
        "categories": facts.description.categories,
        "request_settings_schema": schema::document(|generator| (facts.settings)(generator).to_value()),
        "error_codes": facts.error_codes(),
    })
}

/// The credentials that the connector takes; `null` if it takes none.
fn authentication(kinds: &[CredentialKind]) -> Value {
    if kinds.is_empty() {
        return Value::Null;
    }
    schema::document(|generator| any_of_kinds(kinds, false, generator))
}

fn any_of_kinds(kinds: &[CredentialKind], is_request: bool, generator: &mut SchemaGenerator) -> Value {
    let tagged = kinds.iter().filter_map(|kind| Some((kind_name(*kind)?, *kind)));
    let mut alternatives: Vec<Value> = tagged
        .map(|(tag, kind)| {
            let mut schema = schema::credentials(kind, generator).to_value();
            schema["properties"]["model"] =
                json!({ "type": "string", "const": tag, "default": tag, "field_type": "HIDDEN" });
            // A form is filled in without it, being hidden and having a default; a request must say it.
            if is_request && let Some(required) = schema["required"].as_array_mut() {
                required.push("model".into());
            }
            schema
        })
        .collect();
    if alternatives.len() == 1 {
        return alternatives.remove(0);
    }
    json!({ "oneOf": alternatives, "discriminator": { "propertyName": "model" } })
}

fn argument(facts: &Facts<'_>, capability: &CapabilityFacts<'_>) -> Value {
    schema::document(|generator| {
        let (request, _) = capability.payloads(generator);
        let settings = (facts.settings)(generator);
        let mut required = vec!["request"];
        let mut properties = json!({
            "request": request,
            "page": schema::nullable(&generator.subschema_for::<PaginationArgs>()),
            "include_raw_data": { "type": "boolean", "default": false },
            "request_id": { "type": ["string", "null"] },
        });
        if schema::demands_something(&settings) {
            required.push("settings");
            properties["settings"] = settings.to_value();
        } else {
            properties["settings"] = schema::nullable(&settings);
        }
        if !facts.kinds.is_empty() {
            required.push("auth");
            properties["auth"] = any_of_kinds(facts.kinds, true, generator);
        }
        json!({ "type": "object", "properties": properties, "required": required })
    })
}

fn output(capability: &CapabilityFacts<'_>) -> Value {
    schema::document(|generator| {
        let (_, response) = capability.payloads(generator);
        json!({
            "type": "object",
            "properties": {
                "response": schema::nullable(&response),
                "raw_data": { "type": ["object", "null"], "additionalProperties": true },
                "page": schema::nullable(&generator.subschema_for::<PaginationData<String>>()),
                "error": schema::nullable(&generator.subschema_for::<EncounteredError<String>>()),
                "partial": generator.subschema_for::<Partial>(),
            },
            "required": ["response"],
        })
    })
}
