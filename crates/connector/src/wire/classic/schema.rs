//! The schemas of whole envelopes in the classic format.

use schemars::{Schema, SchemaGenerator};
use serde_json::{Value, json};

use super::auth::kind_name;
use super::envelope::PaginationData;
use super::error::EncounteredError;
use crate::auth::Kinds;
use crate::model::PaginationArgs;
use crate::response::Partial;
use crate::schema::{self, RequestParts};

/// The schema of any of `kinds`. The tag is required in a request.
pub(super) fn any_of_kinds(kinds: Kinds, is_request: bool, generator: &mut SchemaGenerator) -> Value {
    let tagged = kinds.all().iter().filter_map(|kind| Some((kind_name(*kind)?, *kind)));
    let mut alternatives: Vec<Value> = tagged
        .map(|(tag, kind)| {
            let mut schema = kinds.schema(kind, generator).to_value();
            schema["properties"]["model"] =
                json!({ "type": "string", "const": tag, "default": tag, "field_type": "HIDDEN" });
            // In a form, the tag is hidden and has a default; in a request it is required.
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

/// The schema of a request's credentials.
pub(crate) fn auth(kinds: Kinds, generator: &mut SchemaGenerator) -> Value {
    any_of_kinds(kinds, true, generator)
}

/// The schema of a request.
pub(crate) fn request(parts: RequestParts, generator: &mut SchemaGenerator) -> Value {
    let mut required = vec!["request"];
    let mut properties = json!({
        "request": parts.request,
        "page": schema::nullable(&generator.subschema_for::<PaginationArgs>()),
        "include_raw_data": { "type": "boolean", "default": false },
        "request_id": { "type": ["string", "null"] },
    });
    if parts.needs_settings {
        required.push("settings");
        properties["settings"] = parts.settings.to_value();
    } else {
        properties["settings"] = schema::nullable(&parts.settings);
    }
    if let Some(auth) = parts.auth {
        required.push("auth");
        properties["auth"] = auth;
    }
    json!({ "type": "object", "properties": properties, "required": required })
}

/// The schema of the response to a successful call.
pub(crate) fn success(response: &Schema, generator: &mut SchemaGenerator) -> Value {
    json!({
        "type": "object",
        "properties": {
            "response": response,
            "raw_data": { "type": ["object", "null"], "additionalProperties": true },
            "page": schema::nullable(&generator.subschema_for::<PaginationData>()),
            "error": { "type": "null" },
            "partial": generator.subschema_for::<Partial>(),
        },
        "required": ["response", "raw_data", "page", "error"],
    })
}

/// The schema of the response to a failed call.
pub(crate) fn failure(generator: &mut SchemaGenerator) -> Value {
    json!({
        "type": "object",
        "properties": {
            "error": generator.subschema_for::<EncounteredError<String>>(),
            "response": { "type": "null" },
            "raw_data": true,
            "page": schema::nullable(&generator.subschema_for::<PaginationData>()),
        },
        "required": ["error", "response", "raw_data", "page"],
    })
}

/// The schema of the response to `info`.
pub(crate) fn info() -> Value {
    json!({
        "type": "object",
        "properties": {
            "app_id": { "type": "string" },
            "capabilities": { "type": "array", "items": { "type": "string" } },
            "authentication_schema": { "type": ["object", "null"] },
            "capability_schema": { "type": "object", "additionalProperties": schema::capability_info() },
            "logo_url": { "type": ["string", "null"] },
            "user_friendly_name": { "type": ["string", "null"] },
            "description": { "type": ["string", "null"] },
            "categories": { "type": "array", "items": { "type": "string" } },
            "request_settings_schema": { "type": "object" },
            "error_codes": schema::error_codes(),
        },
        "required": ["app_id", "capabilities", "authentication_schema", "capability_schema", "request_settings_schema"],
    })
}
