//! Paths other than capabilities: `info`, the probes and the metrics.

use serde_json::{Map, Value, json};

use super::Served;
use super::components::Components;
use super::responses::{Shared, header};
use crate::capability::Family;
use crate::wire::Wire;

/// Returns the service paths.
pub(super) fn paths(
    wire: Wire,
    served: &Served,
    shared: &Shared,
    components: &mut Components,
) -> Map<String, Value> {
    let info = wire.info_schema(&mut components.generator);
    let info = components.add("Info", info);
    let mut paths = Map::from_iter([("/info".to_owned(), info_path(&info, shared))]);
    let probe = |id: &str, summary: &str| {
        let described = "It is.";
        json!({ "get": {
            "operationId": id,
            "summary": summary,
            "security": [],
            "responses": { "200": text(described, "text/plain"), "405": wrong_method() },
        } })
    };
    paths.insert("/livez".to_owned(), probe("livez", "Checks whether the server is running"));
    paths.insert("/readyz".to_owned(), probe("readyz", "Checks whether the server is ready to accept calls"));
    let mut metrics = json!({
        "operationId": "metrics",
        "summary": "Returns counts and durations of calls, in the Prometheus text format",
        "responses": shared.of_service(text("The metrics.", "text/plain"), false, "GET, HEAD"),
    });
    metrics["responses"]["405"] = wrong_method();
    shared.secure(&mut metrics);
    paths.insert("/metrics".to_owned(), json!({ "get": metrics }));
    if served.prefixed {
        // These belong to the whole server, so they are next to the app's folder, not in it.
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
            "description": "A description of the connector and its capabilities.",
            "content": { "application/json": { "schema": schema } },
        })
    };
    let summary = "Describes the connector and its capabilities";
    let tag = Family::Connector.name();
    let mut get = json!({
        "operationId": "info",
        "summary": summary,
        "tags": [tag],
        "responses": shared.of_service(success(), false, allowed),
    });
    let mut post = json!({
        "operationId": "post_info",
        "summary": summary,
        "description": "Same as GET. The request can be any JSON object.",
        "tags": [tag],
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
    let mut response = text("The path does not accept this method.", "text/plain");
    let schema = json!({ "type": "string", "const": "GET, HEAD" });
    response["headers"] = json!({ "Allow": header("The accepted methods.", true, &schema) });
    response
}
