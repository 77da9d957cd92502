//! The OpenAPI document (3.1) of an integration, built from the schemas that dispatch uses.
//!
//! The server's own responses are in [`responses`]. They depend on the options in [`Served`].

mod components;
mod example;
mod operation;
mod responses;
mod service;

use serde_json::{Map, Value, json};

use crate::error::ErrorCode;
use crate::facts::{CapabilityFacts, Facts};
use crate::integration::Integration;
use crate::integration::info;
use crate::wire::Wire;
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

impl Integration {
    /// Returns the OpenAPI document (version 3.1) of the connector's HTTP server, with default server options. It
    /// covers every registered capability that the wire format has, with schemas, examples, effects and statuses.
    ///
    /// The URLs in it are relative to the document's own URL.
    #[must_use]
    pub fn openapi_document(&self) -> Value {
        of(self, &Served::default())
    }
}

/// Returns the OpenAPI document (version 3.1) of all standard capabilities in a wire format.
///
/// ```
/// let document = connector::standard_openapi_document(connector::Wire::Classic);
/// assert!(document["paths"]["/list_accounts"]["post"].is_object());
/// ```
#[must_use]
pub fn standard_openapi_document(wire: Wire) -> Value {
    Integration::unhandled(wire).openapi_document()
}

/// Builds the document of an integration that is served with these options.
pub(crate) fn of(integration: &Integration, served: &Served) -> Value {
    let facts = info::facts(integration);
    let wire = integration.wire();
    let mut components = Components::new(wire);
    let shared = responses::Shared::new(integration, served, &mut components);
    let mut paths = Map::new();
    for capability in &facts.capabilities {
        let operation = operation::of(&facts, capability, wire, &shared, &mut components);
        paths.insert(path(capability), json!({ "post": operation }));
    }
    paths.extend(service::paths(wire, served, &shared, &mut components));
    let mut document = json!({
        "openapi": VERSION,
        "info": about(integration, &facts, served),
        "servers": [{ "url": "." }],
        "tags": operation::tags(&facts),
        "paths": paths,
        "components": { "responses": shared.definitions() },
        "x-error-codes": error_codes(&facts),
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

fn about(integration: &Integration, facts: &Facts<'_>, served: &Served) -> Value {
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
        "x-wire": integration.wire().as_str(),
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
