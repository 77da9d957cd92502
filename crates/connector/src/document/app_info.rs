//! The document that `app_info` returns: OpenAPI 3.0 with the extensions that published releases write.
//!
//! Its readers look at payloads. A response is therefore described by its `response` section, and the payloads of
//! requests and responses are written in place, not as references.

use serde_json::{Map, Value, json};

use super::class::{tag_of, tags};
use super::components::Components;
use super::credentials::Credentials;
use super::{marks, openapi_3_0, operation};
use crate::facts::{CapabilityFacts, Facts};
use crate::schema;
use crate::wire::Wire;
use crate::wire::openapi::marks::level;

/// The OpenAPI version that published releases write.
const VERSION: &str = "3.0.0";

/// Where an operation has the schema of a request's payload.
const REQUEST: &str = "/requestBody/content/application~1json/schema/properties/request";
/// Where an operation has the schema of a response's payload.
const RESPONSE: &str = "/responses/200/content/application~1json/schema";

/// Builds the document.
pub(crate) fn app_info(facts: &Facts<'_>) -> Map<String, Value> {
    let mut components = Components::new(Wire::OpenApi, openapi_3_0::convert);
    let credentials = Credentials::of(facts);
    let settings = (facts.settings)(&mut components.generator);
    let sections = Sections {
        needs_settings: schema::has_required_fields(&settings),
        settings: components.add("Settings", with_field_order(settings.to_value())),
        credentials: credentials.section(facts, &mut components),
        security: credentials.requirements(),
    };
    let mut paths = Map::new();
    for capability in &facts.capabilities {
        let operation = sections.operation(capability, &mut components);
        paths.insert(super::path(capability), json!({ "post": operation }));
    }
    let mut document = json!({
        "openapi": VERSION,
        "info": about(facts, &credentials),
        "servers": [],
        "paths": paths,
        "components": { "securitySchemes": credentials.security_schemes() },
        "tags": tags(facts),
    });
    components.finish(&mut document);
    let mut schemas = document["components"]["schemas"].take();
    marks::mark_standard_credentials(&mut schemas);
    for capability in &facts.capabilities {
        let operation = &mut document["paths"][super::path(capability)]["post"];
        for place in [REQUEST, RESPONSE] {
            if let Some(payload) = operation.pointer_mut(place) {
                *payload = in_place(payload, &schemas);
            }
        }
        if let Some(Value::Object(request)) = operation.pointer_mut(REQUEST) {
            request
                .extend(level(&capability.info).map(|(keyword, value)| (keyword.to_owned(), value.into())));
        }
    }
    document["components"]["schemas"] = schemas;
    match document {
        Value::Object(document) => document,
        _ => Map::new(),
    }
}

/// The sections of a request that all capabilities share.
struct Sections {
    settings: Value,
    needs_settings: bool,
    /// The name and the schema of the section with the credentials, if the connector takes any.
    credentials: Option<(&'static str, Value)>,
    security: Value,
}

impl Sections {
    fn operation(&self, capability: &CapabilityFacts<'_>, components: &mut Components) -> Value {
        let (request, response) = capability.payloads.schemas(&mut components.generator);
        let mut required = vec!["request"];
        let mut properties = json!({ "request": request, "settings": self.settings });
        if self.needs_settings && capability.reads_settings {
            required.push("settings");
        }
        if let Some((name, schema)) = &self.credentials
            && !capability.kinds.all().is_empty()
        {
            properties[*name] = schema.clone();
            required.push(name);
        }
        let body = json!({ "type": "object", "properties": properties, "required": required });
        json!({
            "operationId": operation::name(capability),
            "tags": [tag_of(&capability.info)],
            "summary": capability.info.display_name,
            "description": capability.info.description,
            "requestBody": { "content": { "application/json": { "schema": body } } },
            "responses": { "200": {
                "description": "Successful response",
                "content": { "application/json": { "schema": response } },
            } },
            "security": self.security,
        })
    }
}

fn about(facts: &Facts<'_>, credentials: &Credentials) -> Value {
    let (description, declared) = (facts.description, facts.declared);
    let names: Vec<String> = facts.capabilities.iter().map(operation::name).collect();
    json!({
        "title": description.user_friendly_name.as_deref().unwrap_or(facts.app_id),
        "description": description.description.as_deref().unwrap_or_default(),
        "version": facts.version,
        "x-app-id": facts.app_id,
        "x-app-logo-url": description.logo_url.as_deref().unwrap_or_default(),
        "x-app-vendor-domain": description.app_vendor_domain.as_deref().unwrap_or_default(),
        "x-entitlement-types": declared.entitlement_types,
        "x-access-graph-entitlement-types": declared.access_graph_entitlement_types,
        "x-access-graph-entitlement-rules": declared.access_graph_entitlement_rules,
        "x-implied-access-rules": declared.implied_access_rules,
        "x-resource-types": declared.resource_types,
        "x-categories": { "type": "enum", "enum": description.categories },
        "x-oauth-settings": {},
        "x-capabilities": names,
        "x-multi-credential": credentials.are_by_id(),
        // The SDK doesn't know what the connector's own probe checks.
        "x-probe-checks": null,
        "x-allowed-credentials": credentials.allowed(),
    })
}

/// Adds the order of the fields, unless the author sets one.
pub(super) fn with_field_order(mut schema: Value) -> Value {
    let names = schema::field_order(&schema);
    if let Some(fields) = schema.as_object_mut() {
        fields.entry("x-field_order").or_insert(names);
    }
    schema
}

/// Returns the schema that a reference refers to. Merges the objects that it consists of: the standard payload and the
/// connector's own arguments.
fn in_place(schema: &Value, schemas: &Value) -> Value {
    let resolved = |schema: &Value| {
        let name = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
        name.map_or_else(|| schema.clone(), |name| schemas[name].clone())
    };
    let schema = resolved(schema);
    let Some(parts) = schema["allOf"].as_array() else { return schema };
    let parts: Vec<Value> = parts.iter().map(resolved).collect();
    let is_plain = |part: &Value| {
        part["type"] == "object"
            && ["allOf", "anyOf", "oneOf", "not"].iter().all(|key| part.get(key).is_none())
    };
    if !parts.iter().all(is_plain) {
        return schema;
    }
    let mut merged = json!({ "type": "object", "properties": {} });
    for part in parts {
        let Value::Object(part) = part else { continue };
        for (key, value) in part {
            match (&mut merged[&key], value) {
                (Value::Object(known), Value::Object(more)) => known.extend(more),
                (Value::Array(known), Value::Array(more)) => {
                    let more = more.into_iter().filter(|one| !known.contains(one)).collect::<Vec<_>>();
                    known.extend(more);
                }
                (known @ Value::Null, value) => *known = value,
                _ => {}
            }
        }
    }
    merged
}
