//! The OpenAPI document (3.1) of an integration, made of the schemas that dispatch reads and writes by.
//!
//! What a server answers beyond a call's own answer is in [`responses`]; what it depends on is said by [`Served`].

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

/// The version of the OpenAPI specification.
const VERSION: &str = "3.1.0";

/// How an integration is served, as far as the document depends on it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Served {
    /// Whether an error has the status of its class instead of 200.
    pub(crate) status_from_error: bool,
    /// Whether a request has to carry a bearer token.
    pub(crate) asks_for_token: bool,
    /// Whether the document lies below `/<app_id>`, and what belongs to the whole server does not.
    pub(crate) prefixed: bool,
    /// The name of the executable.
    pub(crate) program: Option<String>,
}

impl Integration {
    /// The OpenAPI document (version 3.1) of the connector's HTTP server: every capability that the wire format has,
    /// with schemas, examples, effects and the statuses of a server with default options.
    ///
    /// The addresses in it are relative to the document's own.
    #[must_use]
    pub fn openapi_document(&self) -> Value {
        of(self, &Served::default())
    }
}

/// The OpenAPI document (version 3.1) of all standard capabilities of a wire format.
///
/// ```
/// let document = connector::standard_openapi_document(connector::Wire::Classic);
/// assert!(document["paths"]["/list_accounts"]["post"].is_object());
/// ```
#[must_use]
pub fn standard_openapi_document(wire: Wire) -> Value {
    Integration::unhandled(wire).openapi_document()
}

/// The document of an integration that is served like this.
pub(crate) fn of(integration: &Integration, served: &Served) -> Value {
    let facts = info::facts(integration);
    let mut components = Components::new();
    let wire = integration.wire();
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
        "tags": operation::tags(),
        "paths": paths,
        "components": { "responses": shared.definitions() },
        "x-error-codes": error_codes(&facts),
    });
    if served.asks_for_token {
        document["components"]["securitySchemes"] =
            json!({ "bearer": { "type": "http", "scheme": "bearer" } });
    }
    components.finish(&mut document);
    for capability in &facts.capabilities {
        if let Some(example) = example::of_request(&document, &facts, capability, wire) {
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

/// Every code that an error may have, but for those that a handler makes up.
fn error_codes(facts: &Facts<'_>) -> Vec<Value> {
    let standard = ErrorCode::ALL.iter().map(|code| {
        json!({ "code": format!("{}.{}", facts.app_id, code.as_str()), "description": code.meaning() })
    });
    standard.chain(facts.error_codes()).collect()
}
