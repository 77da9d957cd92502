//! The paths that are no capabilities: `info`, the probes and the metrics.

use serde_json::{Map, Value, json};

use super::Served;
use super::components::Components;
use super::responses::{Shared, header};
use crate::wire::Wire;

/// The paths and what they take.
pub(super) fn paths(
    wire: Wire,
    served: &Served,
    shared: &Shared,
    components: &mut Components,
) -> Map<String, Value> {
    let info = components.add("Info", wire.info_schema());
    let mut paths = Map::from_iter([("/info".to_owned(), info_path(&info, shared))]);
    let probe = |id: &str, summary: &str| {
        let described = "It does.";
        json!({ "get": {
            "operationId": id,
            "summary": summary,
            "security": [],
            "responses": { "200": text(described, "text/plain"), "405": wrong_method() },
        } })
    };
    paths.insert("/livez".to_owned(), probe("livez", "Tells whether the server lives"));
    paths.insert("/readyz".to_owned(), probe("readyz", "Tells whether the server takes calls"));
    let mut metrics = json!({
        "operationId": "metrics",
        "summary": "Gives counts and times of calls, in the text format of Prometheus",
        "responses": shared.of_service(text("The metrics.", "text/plain"), false, "GET, HEAD"),
    });
    metrics["responses"]["405"] = wrong_method();
    shared.secure(&mut metrics);
    paths.insert("/metrics".to_owned(), json!({ "get": metrics }));
    if served.prefixed {
        // These are the server's as a whole: beside the app's folder, not in it.
        for path in ["/livez", "/readyz", "/metrics"] {
            paths[path]["servers"] = json!([{ "url": ".." }]);
        }
    }
    paths
}

fn info_path(schema: &Value, shared: &Shared) -> Value {
    let allowed = "GET, HEAD, POST";
    let success = || {
        json!({
            "description": "What the connector is and can do.",
            "content": { "application/json": { "schema": schema } },
        })
    };
    let summary = "Tells what the connector is and can do";
    let mut get = json!({
        "operationId": "info",
        "summary": summary,
        "responses": shared.of_service(success(), false, allowed),
    });
    let mut post = json!({
        "operationId": "post_info",
        "summary": summary,
        "description": "As GET does; any JSON object will do as a request.",
        "requestBody": { "content": { "application/json": { "schema": { "type": "object" }, "example": {} } } },
        "responses": shared.of_service(success(), true, allowed),
    });
    shared.secure(&mut get);
    shared.secure(&mut post);
    json!({ "get": get, "post": post })
}

fn text(description: &str, kind: &str) -> Value {
    json!({ "description": description, "content": { kind: { "schema": { "type": "string" } } } })
}

fn wrong_method() -> Value {
    let mut response = text("The path does not take this method.", "text/plain");
    let schema = json!({ "type": "string", "const": "GET, HEAD" });
    response["headers"] = json!({ "Allow": header("The methods that it takes.", true, &schema) });
    response
}
