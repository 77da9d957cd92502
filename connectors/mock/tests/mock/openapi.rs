//! The capabilities that the openapi format has too, asked in it.

use connector::Wire;
use serde_json::{Value, json};

use crate::support::dispatch;

fn ask(capability: &str, request: Value, more: Value) -> Value {
    let mut envelope = json!({
        "auth": { "basic": { "username": "u", "password": "p" } },
        "request": request,
    });
    envelope.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    dispatch(&mock_connector::integration().with_wire(Wire::OpenApi).unwrap(), capability, &envelope)
}

#[test]
fn accounts_are_a_bare_list() {
    let answer = ask("list_accounts", json!({}), json!({ "settings": { "accounts": 3 } }));
    let accounts = answer["response"].as_array().unwrap();
    assert_eq!(accounts.len(), 3);
    assert_eq!(accounts[2]["email"], "user2@example.com");
    assert_eq!(accounts[2]["custom_attributes"], Value::Null);
}

#[test]
fn associations_name_accounts_by_id_and_pages_fit_together() {
    let page = |token: Value, size: usize| {
        let page = json!({ "token": token, "size": size });
        ask("find_entitlement_associations", json!({}), json!({ "page": page }))
    };
    let whole = page(Value::Null, 10_000)["response"].as_array().unwrap().clone();
    assert_eq!(
        whole[1],
        json!({
            "account_id": "0",
            "integration_specific_entitlement_id": "engineering-member",
            "integration_specific_resource_id": "engineering",
        })
    );
    let (mut pages, mut token) = (Vec::new(), Value::Null);
    loop {
        let answer = page(token, 100);
        pages.extend_from_slice(answer["response"].as_array().unwrap());
        token = answer["page"]["token"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(pages, whole);
}

#[test]
fn a_created_account_comes_with_the_id_that_it_would_have() {
    let request = json!({ "email": "ada@example.org", "entitlements": [] });
    let response = ask("create_account", request, json!({}))["response"].clone();
    assert_eq!(response, json!({ "status": "ACTIVE", "created": true, "id": "250" }));
    let taken = ask("create_account", json!({ "email": "user1@example.com", "entitlements": [] }), json!({}));
    assert_eq!(taken["error"]["error_code"], "bad_request");
    assert_eq!(taken["error"]["app_error_code"], "mock-connector.bad_request.already_exists");
}
