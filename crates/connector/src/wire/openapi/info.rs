//! `info` in the openapi format: in an envelope, and with the schemas of payloads.

use serde_json::{Map, Value, json};

use super::auth::kind_name;
use crate::facts::Facts;
use crate::schema;

pub(crate) fn document(facts: &Facts<'_>) -> Value {
    let schemas: Map<String, Value> = facts
        .capabilities
        .iter()
        .map(|capability| {
            let entry = json!({
                "argument": mark_secrets(schema::document(|generator| capability.payloads.schemas(generator).0.to_value())),
                "output": mark_secrets(schema::document(|generator| capability.payloads.schemas(generator).1.to_value())),
                "display_name": capability.info.display_name,
                "description": capability.info.description,
            });
            (capability.info.name.to_owned(), entry)
        })
        .collect();
    let credentials: Vec<Value> = facts
        .kinds
        .all()
        .iter()
        .map(|kind| {
            let mut schema = schema::document(|generator| facts.kinds.schema(*kind, generator).to_value());
            schema["x-credential-type"] = kind_name(*kind).into();
            mark_secrets(schema)
        })
        .collect();
    let (authentication, credentials) = match credentials.as_slice() {
        [only] => (only.clone(), Vec::new()),
        _ => (json!({}), credentials),
    };
    json!({
        "response": {
            "app_id": facts.app_id,
            "version": facts.version,
            "capabilities": facts
                .capabilities
                .iter()
                .map(|capability| capability.info.name)
                .collect::<Vec<_>>(),
            "capability_schema": schemas,
            "authentication_schema": authentication,
            "credentials_schema": credentials,
            "entitlement_types": [],
            "resource_types": [],
            "request_settings_schema":
                mark_secrets(schema::document(|generator| (facts.settings)(generator).to_value())),
            "logo_url": facts.description.logo_url,
            "user_friendly_name": facts.description.user_friendly_name,
            "description": facts.description.description,
            "categories": facts.description.categories,
            "error_codes": facts.error_codes(),
        },
        "raw_data": null,
        "page": null,
        "rate_limit": null,
        "execution_summary": null,
    })
}

/// Marks secrets the way this format does: with `x-secret` and `x-field_type`.
fn mark_secrets(mut schema: Value) -> Value {
    schema::change_each(&mut schema, |fields| {
        if let Some(kind) = fields.remove("field_type") {
            if kind == "SECRET" {
                fields.insert("x-secret".to_owned(), true.into());
            }
            fields.insert("x-field_type".to_owned(), kind);
        }
    });
    schema
}
