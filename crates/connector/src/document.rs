//! The OpenAPI documents of an integration, built from the schemas that dispatch uses.
//!
//! [`of`] describes the HTTP server, in version 3.1. The server's own responses are in [`responses`]. They depend on the
//! options in [`Served`]. [`app_info`] is what the capability of that name returns, in version 3.0.

mod app_info;
mod class;
mod components;
mod credentials;
mod example;
mod marks;
mod openapi_3_0;
mod operation;
mod responses;
mod service;

use serde_json::{Map, Value, json};

use crate::error::ErrorCode;
use crate::facts::{CapabilityFacts, Facts};
use crate::wire::Wire;
pub(crate) use app_info::app_info;
use components::Components;

/// The OpenAPI version.
const VERSION: &str = "3.1.0";

/// The server options that affect the document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Served {
    /// Whether errors set the HTTP status, instead of 200.
    pub(crate) status_from_error: bool,
    /// Whether requests require a bearer token.
    pub(crate) requires_token: bool,
    /// Whether the app's paths are below `/<app_id>`. Paths of the whole server are not.
    pub(crate) prefixed: bool,
    /// The name of the executable.
    pub(crate) program: Option<String>,
}

/// Builds the document of an integration's HTTP server, which has these options.
pub(crate) fn of(facts: &Facts<'_>, wire: Wire, served: &Served) -> Value {
    let mut components = Components::new(wire, |_| ());
    let shared = responses::Shared::new(facts.app_id, wire, served, &mut components);
    let mut paths = Map::new();
    for capability in &facts.capabilities {
        let operation = operation::of(facts, capability, wire, &shared, &mut components);
        paths.insert(path(capability), json!({ "post": operation }));
    }
    paths.extend(service::paths(wire, served, &shared, &mut components));
    let mut document = json!({
        "openapi": VERSION,
        "info": about(facts, wire, served),
        "servers": [{ "url": "." }],
        "tags": operation::tags(facts),
        "paths": paths,
        "components": { "responses": shared.definitions() },
        "x-error-codes": error_codes(facts),
    });
    if served.requires_token {
        document["components"]["securitySchemes"] =
            json!({ "bearer": { "type": "http", "scheme": "bearer" } });
    }
    components.finish(&mut document);
    for capability in &facts.capabilities {
        if let Some(example) = example::of_request(&document, capability, wire) {
            document["paths"][path(capability)]["post"]["requestBody"]["content"]["application/json"]["example"] =
                example;
        }
    }
    document
}

fn path(capability: &CapabilityFacts<'_>) -> String {
    format!("/{}", operation::name(capability))
}

fn about(facts: &Facts<'_>, wire: Wire, served: &Served) -> Value {
    let app_id = facts.app_id;
    let dashed = app_id.replace('_', "-");
    let program = served.program.clone().unwrap_or_else(|| match dashed.ends_with("-connector") {
        true => dashed,
        false => format!("{dashed}-connector"),
    });
    json!({
        "title": facts.description.user_friendly_name.as_deref().unwrap_or(app_id),
        "version": facts.version,
        "description": facts.description.description.as_deref().unwrap_or_default(),
        "x-app-id": app_id,
        "x-wire": wire.as_str(),
        "x-program": program,
    })
}

/// Returns every error code, except those that handlers generate dynamically.
fn error_codes(facts: &Facts<'_>) -> Vec<Value> {
    let standard = ErrorCode::ALL.iter().map(|code| {
        json!({ "code": format!("{}.{}", facts.app_id, code.as_str()), "description": code.meaning() })
    });
    standard.chain(facts.error_codes()).collect()
}
