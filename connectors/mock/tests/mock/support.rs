//! Sends requests to the mock connector and reads its responses.

use connector::testing::{Pages, TestClient};
use serde_json::{Value, json};

/// A caller in the classic format.
pub(crate) fn caller() -> TestClient {
    let auth = json!({ "model": "basic", "username": "u", "password": "p" });
    TestClient::new(mock_connector::integration()).with(json!({ "auth": auth }))
}

/// The whole response to a call; `more` is added to the envelope.
pub(crate) fn ask(capability: &str, request: Value, more: Value) -> Value {
    caller().with(more).ask(capability, request)
}

/// The payload of a successful call.
pub(crate) fn answer(capability: &str, request: Value, more: Value) -> Value {
    caller().with(more).answer(capability, request)
}

/// The error code and message of a failed call.
pub(crate) fn error(capability: &str, request: Value, more: Value) -> (String, String) {
    let error = caller().with(more).error(capability, request);
    (error.code, error.message)
}

/// A listing in pages of `size` items.
pub(crate) fn all(capability: &str, request: &Value, settings: &Value, size: usize) -> Pages {
    caller().with(json!({ "settings": settings })).pages(capability, request, size)
}

/// A token like `token`, but at another position of its listing.
pub(crate) fn token_at(token: &Value, offset: u64) -> String {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Position {
        endpoint: String,
        offset: u64,
    }
    let [position] = &connector::pagination::decode::<Position>(token.as_str().unwrap()).unwrap()[..] else {
        panic!("one endpoint")
    };
    let position = Position { endpoint: position.endpoint.clone(), offset };
    connector::pagination::encode(&[position]).unwrap().unwrap()
}

/// A valid payload for every capability of the classic format.
pub(crate) fn requests() -> Vec<(&'static str, Value)> {
    let assignment = json!({
        "account_integration_specific_id": "3",
        "resource_integration_specific_id": "sales",
        "resource_type": "group",
        "entitlement_integration_specific_id": "sales-admin",
        "entitlement_type": "membership",
    });
    let client = json!({ "client_id": "c", "client_secret": "s" });
    let with = |more: Value| {
        let mut client = client.clone();
        client.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        client
    };
    vec![
        ("list-accounts", json!({})),
        ("create_account", json!({ "account": { "email": "new@example.org" }, "entitlements": [] })),
        ("activate_account", json!({ "account_id": "3" })),
        ("deactivate_account", json!({ "account_id": "3" })),
        ("delete_account", json!({ "account_id": "3" })),
        ("list-resources", json!({ "resource_type": "group" })),
        (
            "list-entitlements",
            json!({ "resource_type": "group", "resource_integration_specific_id": "sales" }),
        ),
        ("find-entitlement-associations", json!({})),
        ("assign-entitlement", assignment.clone()),
        ("unassign-entitlement", assignment),
        ("get-last-activity", json!({ "account_ids": ["3"] })),
        ("list-custom-attributes-schema", json!({})),
        ("validate-credentials", json!({})),
        (
            "get_authorization_url",
            json!({ "client_id": "c", "scopes": [], "redirect_uri": "https://host/", "state": "s" }),
        ),
        (
            "handle_authorization_callback",
            with(json!({ "redirect_uri_with_code": "https://host/?code=x", "state": null })),
        ),
        ("refresh_access_token", with(json!({ "refresh_token": "x", "state": null }))),
    ]
}
