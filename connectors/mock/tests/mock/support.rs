//! Requests to the mock connector, and what is read of its answers.

use connector::Integration;
use serde_json::{Value, json};

/// Answers a whole envelope.
pub(crate) fn dispatch(integration: &Integration, capability: &str, envelope: &Value) -> Value {
    let answer = integration.dispatch_blocking(capability, envelope.to_string().as_bytes());
    serde_json::from_slice(&answer).unwrap()
}

/// Answers a call in the classic format; `more` goes into the envelope.
pub(crate) fn ask(capability: &str, request: Value, more: Value) -> Value {
    let mut envelope = json!({
        "auth": { "model": "basic", "username": "u", "password": "p" },
        "request": request,
    });
    envelope.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    dispatch(&mock_connector::integration(), capability, &envelope)
}

/// The payload of a call that succeeds.
pub(crate) fn answer(capability: &str, request: Value, more: Value) -> Value {
    let answer = ask(capability, request, more);
    assert_eq!(answer["error"], Value::Null, "{capability}");
    answer["response"].clone()
}

/// The error code of a call that fails, and its message.
pub(crate) fn error(capability: &str, request: Value, more: Value) -> (String, String) {
    let answer = ask(capability, request, more);
    assert_eq!(answer["response"], Value::Null, "{capability}: {answer}");
    let text = |key: &str| answer["error"][key].as_str().unwrap().to_owned();
    (text("error_code").strip_prefix("mock-connector.").unwrap().to_owned(), text("message"))
}

/// All items of a listing, page by page, and how many each page has.
pub(crate) fn all(
    capability: &str,
    request: &Value,
    key: &str,
    settings: &Value,
    size: usize,
) -> (Vec<Value>, Vec<usize>) {
    let (mut items, mut sizes, mut token) = (Vec::new(), Vec::new(), Value::Null);
    loop {
        let page = json!({ "size": size, "token": token });
        let answer = ask(capability, request.clone(), json!({ "settings": settings, "page": page }));
        assert_eq!(answer["error"], Value::Null, "{capability}");
        let page = answer["response"][key].as_array().unwrap();
        sizes.push(page.len());
        items.extend_from_slice(page);
        token = answer["page"]["token"].clone();
        if token.is_null() {
            return (items, sizes);
        }
    }
}

/// A token like `token`, but for another place in its listing.
pub(crate) fn moved(token: &Value, offset: u64) -> String {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Place {
        endpoint: String,
        offset: u64,
    }
    let [place] = &connector::pagination::decode::<Place>(token.as_str().unwrap()).unwrap()[..] else {
        panic!("one endpoint")
    };
    let moved = Place { endpoint: place.endpoint.clone(), offset };
    connector::pagination::encode(&[moved]).unwrap().unwrap()
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
