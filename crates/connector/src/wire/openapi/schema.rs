//! The schemas of whole envelopes in the openapi format.

use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::auth::kind_name;
use super::error::Failure;
use super::summary::{ExecutionSummary, RateLimitResponseInfo};
use crate::auth::{ById, DeclaredCredential, Kinds};
use crate::model::{
    AccessGraphEntitlementRule, AccessGraphEntitlementType, AccessGraphImpliedAccessRule, CredentialKind,
    EntitlementType, Page, PaginationArgs, RateLimitRequestInfo, ResourceType,
};
use crate::response::Partial;
use crate::schema::{self, RequestParts};

/// The schema of a request's credentials: one object with a key per kind, or one of several with IDs.
pub(crate) fn auth(kinds: Kinds, generator: &mut SchemaGenerator) -> Value {
    if let Some(by_id) = kinds.by_id() {
        return credential(by_id, generator);
    }
    let mut properties = Map::from_iter([("id".to_owned(), json!({ "type": ["string", "null"] }))]);
    for kind in kinds.all() {
        let credentials = kinds.schema(*kind, generator);
        properties.insert(kind_name(*kind).to_owned(), schema::nullable(&credentials));
    }
    json!({ "type": "object", "properties": properties })
}

/// The schema of one of several credentials: one object for each, with its ID and its kind.
pub(crate) fn credential(by_id: ById, generator: &mut SchemaGenerator) -> Value {
    let of = |declared: &DeclaredCredential, generator: &mut SchemaGenerator| {
        let key = kind_name(declared.kind);
        let mut schema = json!({
            "type": "object",
            "title": declared.name.unwrap_or(declared.id),
            "description": declared.description,
            "properties": {
                "id": { "type": "string", "const": declared.id },
                key: (declared.schema)(generator),
            },
            "required": ["id", key],
        });
        if declared.description.is_empty()
            && let Some(fields) = schema.as_object_mut()
        {
            fields.shift_remove("description");
        }
        schema
    };
    let mut alternatives: Vec<Value> =
        by_id.declared.iter().map(|declared| of(declared, generator)).collect();
    if alternatives.len() == 1 { alternatives.remove(0) } else { json!({ "oneOf": alternatives }) }
}

/// The schema of a request's credentials, of which the required ones must be among them. `auth` can carry a single one,
/// but that is for callers that don't know IDs.
fn credentials(by_id: ById, item: &Value) -> Value {
    let with_id =
        |id: &str| json!({ "contains": { "properties": { "id": { "const": id } }, "required": ["id"] } });
    let required = by_id.declared.iter().filter(|declared| !declared.is_optional);
    let mut all: Vec<Value> = required.map(|declared| with_id(declared.id)).collect();
    if !by_id.allowed.is_empty() {
        let of = |ids: &&[&str]| {
            let ids: Vec<Value> = ids.iter().map(|id| with_id(id)).collect();
            json!({ "minItems": ids.len(), "maxItems": ids.len(), "allOf": ids })
        };
        let allowed: Vec<Value> = by_id.allowed.iter().map(of).collect();
        all.push(json!({ "anyOf": allowed }));
    }
    let mut schema =
        json!({ "type": "array", "items": item, "minItems": 1, "maxItems": by_id.declared.len() });
    if !all.is_empty() {
        schema["allOf"] = all.into();
    }
    schema
}

/// The schema of a request to a connector that accepts `kinds` of credentials.
pub(crate) fn request(parts: RequestParts, kinds: Kinds, generator: &mut SchemaGenerator) -> Value {
    let mut required = vec!["request"];
    let mut properties = json!({
        "request": parts.request,
        "page": schema::nullable(&generator.subschema_for::<PaginationArgs>()),
        "include_raw_data": { "type": ["boolean", "null"], "default": false },
        "request_id": { "description": "Used if it is a string, otherwise ignored." },
        "rate_limit": schema::nullable(&generator.subschema_for::<RateLimitRequestInfo>()),
    });
    if parts.needs_settings {
        required.push("settings");
        properties["settings"] = parts.settings.to_value();
    } else {
        properties["settings"] = schema::nullable(&parts.settings);
    }
    let Some(auth) = parts.auth else {
        return json!({ "type": "object", "properties": properties, "required": required });
    };
    if let Some(by_id) = kinds.by_id() {
        required.push("credentials");
        properties["credentials"] = credentials(by_id, &auth);
        return json!({ "type": "object", "properties": properties, "required": required });
    }
    properties["auth"] = json!({ "anyOf": [auth, { "type": "null" }] });
    properties["credentials"] = json!({ "anyOf": [{ "type": "array", "items": auth }, { "type": "null" }] });
    // One of the accepted kinds is required, in either section.
    let carries = |kind: &CredentialKind| {
        let key = kind_name(*kind);
        json!({ "type": "object", "required": [key], "properties": { key: { "type": "object" } } })
    };
    let mut carried: Vec<Value> = kinds.all().iter().map(carries).collect();
    let carried = if carried.len() == 1 { carried.remove(0) } else { json!({ "anyOf": carried }) };
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "anyOf": [
            { "required": ["auth"], "properties": { "auth": carried } },
            { "required": ["credentials"], "properties": { "credentials": { "type": "array", "contains": carried } } },
        ],
    })
}

/// The schema of the response to a successful call.
pub(crate) fn success(response: &Schema, generator: &mut SchemaGenerator) -> Value {
    json!({
        "type": "object",
        "properties": {
            "response": response,
            "raw_data": { "type": ["object", "null"], "additionalProperties": true },
            "page": schema::nullable(&generator.subschema_for::<Page>()),
            "rate_limit": schema::nullable(&generator.subschema_for::<RateLimitResponseInfo>()),
            "execution_summary": schema::nullable(&generator.subschema_for::<ExecutionSummary>()),
            "partial": generator.subschema_for::<Partial>(),
        },
        "required": ["response", "raw_data", "page", "rate_limit", "execution_summary"],
    })
}

/// The schema of the response to a failed call.
pub(crate) fn failure(generator: &mut SchemaGenerator) -> Value {
    let mut schema = <Failure as schemars::JsonSchema>::json_schema(generator).to_value();
    schema["required"] = json!(["is_error", "error", "raw_data", "page"]);
    schema["properties"]["is_error"] = json!({ "type": "boolean", "const": true });
    schema
}

/// The schema of the response to `info`.
pub(crate) fn info(generator: &mut SchemaGenerator) -> Value {
    let mut list =
        |of: fn(&mut SchemaGenerator) -> Schema| json!({ "type": "array", "items": of(generator) });
    let entitlement_types = list(SchemaGenerator::subschema_for::<EntitlementType>);
    let resource_types = list(SchemaGenerator::subschema_for::<ResourceType>);
    let graph_types = list(SchemaGenerator::subschema_for::<AccessGraphEntitlementType>);
    let entitlement_rules = list(SchemaGenerator::subschema_for::<AccessGraphEntitlementRule>);
    let implied_rules = list(SchemaGenerator::subschema_for::<AccessGraphImpliedAccessRule>);
    let response = json!({
        "type": "object",
        "properties": {
            "app_id": { "type": "string" },
            "app_vendor_domain": { "type": ["string", "null"] },
            "version": { "type": "string" },
            "capabilities": { "type": "array", "items": { "type": "string" } },
            "capability_schema": { "type": "object", "additionalProperties": schema::capability_info() },
            "oauth_scopes": { "type": ["object", "null"], "additionalProperties": { "type": "string" } },
            "authentication_schema": { "type": "object" },
            "credentials_schema": { "type": "array", "items": { "type": "object" } },
            "entitlement_types": entitlement_types,
            "access_graph_entitlement_types": graph_types,
            "access_graph_entitlement_rules": entitlement_rules,
            "implied_access_rules": implied_rules,
            "resource_types": resource_types,
            "request_settings_schema": { "type": "object" },
            "logo_url": { "type": ["string", "null"] },
            "user_friendly_name": { "type": ["string", "null"] },
            "description": { "type": ["string", "null"] },
            "categories": { "type": "array", "items": { "type": "string" } },
            "error_codes": schema::error_codes(),
        },
        "required": ["app_id", "version", "capabilities", "capability_schema", "authentication_schema",
            "credentials_schema", "entitlement_types", "resource_types", "request_settings_schema"],
    });
    json!({ "type": "object", "properties": { "response": response }, "required": ["response"] })
}
