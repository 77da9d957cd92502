//! `info` in the classic format: without an envelope, and with the schemas of whole envelopes.

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::envelope::PaginationData;
use super::error::EncounteredError;
use super::schema::any_of_kinds;
use crate::auth::Kinds;
use crate::facts::{CapabilityFacts, Facts};
use crate::model::AppCategory;
use crate::response::Partial;
use crate::schema::{self, RequestParts};

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
        "categories": categories(&facts.description.categories),
        "request_settings_schema": described(|generator| (facts.settings)(generator).to_value()),
        "error_codes": facts.error_codes(),
    })
}

/// A schema without the marks that only the openapi format has.
fn described(make: impl FnOnce(&mut SchemaGenerator) -> Value) -> Value {
    let mut document = schema::document(make);
    schema::change_each(&mut document, |fields| {
        fields.retain(|keyword, _| !schema::MARKS.contains(&keyword.as_str()));
    });
    document
}

/// The categories that this format has.
fn categories(all: &[AppCategory]) -> Vec<AppCategory> {
    all.iter().copied().filter(|category| *category != AppCategory::EarlyAccess).collect()
}

/// The schema of the accepted credentials, or `null` if the connector needs none.
fn authentication(kinds: Kinds) -> Value {
    if kinds.all().is_empty() {
        return Value::Null;
    }
    described(|generator| any_of_kinds(kinds, false, generator))
}

fn argument(facts: &Facts<'_>, capability: &CapabilityFacts<'_>) -> Value {
    described(|generator| {
        let (request, _) = capability.payloads.schemas(generator);
        let settings = (facts.settings)(generator);
        let parts = RequestParts {
            request,
            needs_settings: schema::has_required_fields(&settings),
            settings,
            auth: (!facts.kinds.all().is_empty()).then(|| any_of_kinds(facts.kinds, true, generator)),
        };
        super::schema::request(parts, generator)
    })
}

fn output(capability: &CapabilityFacts<'_>) -> Value {
    described(|generator| {
        let (_, response) = capability.payloads.schemas(generator);
        json!({
            "type": "object",
            "properties": {
                "response": schema::nullable(&response),
                "raw_data": { "type": ["object", "null"], "additionalProperties": true },
                "page": schema::nullable(&generator.subschema_for::<PaginationData>()),
                "error": schema::nullable(&generator.subschema_for::<EncounteredError<String>>()),
                "partial": generator.subschema_for::<Partial>(),
            },
            "required": ["response"],
        })
    })
}
