//! The capabilities that the openapi format has too, asked in it.

use connector::Wire;
use connector::testing::{Caller, snapshot};
use serde_json::{Value, json};

fn caller() -> Caller {
    Caller::new(mock_connector::integration().with_wire(Wire::OpenApi).unwrap())
        .with(json!({ "auth": { "basic": { "username": "u", "password": "p" } } }))
}

fn ask(capability: &str, request: Value, more: Value) -> Value {
    caller().with(more).ask(capability, request)
}

#[test]
fn accounts_are_a_bare_list() {
    let first = ask("list_accounts", json!({}), json!({ "page": { "size": 2 }, "include_raw_data": true }));
    snapshot("openapi-list-accounts", first);
}

#[test]
fn associations_name_accounts_by_id_and_pages_fit_together() {
    let listed = |size| caller().pages("find_entitlement_associations", json!({}), size).items;
    let whole = listed(10_000);
    assert_eq!(
        whole[1],
        json!({
            "account_id": "0",
            "integration_specific_entitlement_id": "engineering-member",
            "integration_specific_resource_id": "engineering",
        })
    );
    assert_eq!(listed(100), whole);
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
