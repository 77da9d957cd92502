//! `info` in the openapi format: in an envelope, and with the schemas of payloads.

use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::auth::kind_name;
use super::marks;
use crate::auth::{DeclaredCredential, Kinds};
use crate::facts::Facts;
use crate::model::CredentialKind;
use crate::schema;

pub(crate) fn document(facts: &Facts<'_>) -> Value {
    let schemas: Map<String, Value> = facts
        .capabilities
        .iter()
        .map(|capability| {
            let entry = json!({
                "argument": described(|generator| capability.payloads.schemas(generator).0.to_value()),
                "output": described(|generator| capability.payloads.schemas(generator).1.to_value()),
                "display_name": capability.info.display_name,
                "description": capability.info.description,
            });
            (capability.info.name.to_owned(), entry)
        })
        .collect();
    let (authentication, credentials) = authentication(facts.kinds);
    let declared = facts.declared;
    let scopes = Some(&declared.oauth_scopes).filter(|scopes| !scopes.is_empty());
    json!({
        "response": {
            "app_id": facts.app_id,
            "app_vendor_domain": facts.description.app_vendor_domain,
            "version": facts.version,
            "capabilities": facts
                .capabilities
                .iter()
                .map(|capability| capability.info.name)
                .collect::<Vec<_>>(),
            "capability_schema": schemas,
            "oauth_scopes": scopes,
            "authentication_schema": authentication,
            "credentials_schema": credentials,
            "logo_url": facts.description.logo_url,
            "user_friendly_name": facts.description.user_friendly_name,
            "description": facts.description.description,
            "categories": facts.description.categories,
            "entitlement_types": declared.entitlement_types,
            "access_graph_entitlement_types": declared.access_graph_entitlement_types,
            "access_graph_entitlement_rules": declared.access_graph_entitlement_rules,
            "implied_access_rules": declared.implied_access_rules,
            "resource_types": declared.resource_types,
            "request_settings_schema":
                ordered(described(|generator| (facts.settings)(generator).to_value())),
            "error_codes": facts.error_codes(),
        },
        "raw_data": null,
        "page": null,
        "rate_limit": null,
        "execution_summary": null,
    })
}

/// The schema of a connector's only credentials, and those of several.
fn authentication(kinds: Kinds) -> (Value, Vec<Value>) {
    if let Some(by_id) = kinds.by_id() {
        return (json!({}), by_id.declared.iter().map(declared_credential).collect());
    }
    let of = |kind: &CredentialKind| credential(*kind, &|generator| kinds.schema(*kind, generator));
    let all: Vec<Value> = kinds.all().iter().map(of).collect();
    match all.as_slice() {
        [only] => (only.clone(), Vec::new()),
        _ => (json!({}), all),
    }
}

/// The schema of one of the credentials that are declared by ID.
fn declared_credential(declared: &DeclaredCredential) -> Value {
    let mut schema = credential(declared.kind, &|generator| (declared.schema)(generator));
    schema["id"] = declared.id.into();
    schema["description"] = declared.description.into();
    schema["x-optional"] = declared.is_optional.into();
    if let Some(name) = declared.name {
        schema["x-credential-name"] = name.into();
    }
    schema
}

fn credential(kind: CredentialKind, schema: &dyn Fn(&mut SchemaGenerator) -> Schema) -> Value {
    let mut schema = described(|generator| schema(generator).to_value());
    schema["x-credential-type"] = kind_name(kind).into();
    ordered(schema)
}

/// A schema with `properties` at its top, with the marks of this format, and with a title for each field.
fn described(make: impl FnOnce(&mut SchemaGenerator) -> Value) -> Value {
    let mut document = schema::inlined(schema::document(make));
    schema::change_each(&mut document, |fields| {
        marks::write(fields);
        let properties = fields.get_mut("properties").and_then(Value::as_object_mut);
        for (name, property) in properties.into_iter().flatten() {
            if let Some(property) = property.as_object_mut()
                && !refers_to_a_type(property)
            {
                property.entry("title").or_insert_with(|| title(name).into());
            }
        }
    });
    document
}

/// Whether a field has a named type, which would not be shown as a single input.
fn refers_to_a_type(property: &Map<String, Value>) -> bool {
    let alternatives = property.get("anyOf").and_then(Value::as_array);
    property.contains_key("$ref")
        || alternatives.is_some_and(|all| all.iter().any(|one| one.get("$ref").is_some()))
}

/// A label for a field: `Audit Key` for `audit_key`.
fn title(name: &str) -> String {
    let capitalized = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
    };
    name.split('_').filter_map(capitalized).collect::<Vec<_>>().join(" ")
}

/// Adds the order of the fields.
fn ordered(mut schema: Value) -> Value {
    schema["field_order"] = schema::field_order(&schema);
    schema
}
