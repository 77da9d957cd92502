//! The openapi wire format.

use std::collections::HashSet;

use connector::testing::contract::assert_contract;
use connector::testing::{TestClient, snapshot};
use connector::{Integration, Wire};
use serde_json::{Value, json};

use crate::support::{answer, requests};

fn integration() -> Integration {
    mock_connector::integration().with_wire(Wire::OpenApi).unwrap()
}

fn auth(password: &str) -> Value {
    json!({ "basic": { "username": "u", "password": password } })
}

pub(crate) fn caller() -> TestClient {
    TestClient::new(integration()).with(json!({ "auth": auth("p") }))
}

/// A whole listing, which is the same in pages of any size.
pub(crate) fn whole(capability: &str, request: Value) -> Vec<Value> {
    let whole = caller().pages(capability, request.clone(), 10_000).items;
    for size in [1, 2, 3, 7, 100] {
        assert_eq!(caller().pages(capability, request.clone(), size).items, whole, "{capability} by {size}");
    }
    whole
}

fn ask(capability: &str, request: Value, more: Value) -> Value {
    caller().with(more).ask(capability, request)
}

#[test]
fn every_capability_succeeds() {
    for (capability, classic) in requests() {
        let request = match capability {
            "create_account" => json!({ "email": "new@example.org", "entitlements": [] }),
            "list-resources" | "list-entitlements" => json!({}),
            _ => classic,
        };
        let answer = ask(capability, request, json!({ "include_raw_data": true }));
        assert_eq!(answer["error"], Value::Null, "{capability}");
        assert!(!answer["response"].is_null(), "{capability}: {answer}");
    }
}

#[test]
fn get_account_returns_the_listed_account() {
    let request = json!({ "custom_attributes": ["department"] });
    let listed = &ask("list_accounts", request.clone(), json!({ "page": { "size": 1 } }))["response"][0];
    let request =
        json!({ "account_id": listed["integration_specific_id"], "custom_attributes": ["department"] });
    let answer = ask("get_account", request, json!({}));
    assert_eq!(&answer["response"], listed);
    assert!(!listed["custom_attributes"].is_null(), "{listed}");
}

#[test]
fn contract_is_honored() {
    let mut fixture: Value = serde_json::from_str(include_str!("../contract.json")).unwrap();
    fixture["auth"] = auth("good one");
    fixture["bad_auth"] = auth("wrong");
    println!("{}", assert_contract(&integration(), fixture));
}

#[test]
fn accounts_are_a_bare_list() {
    let first = ask("list_accounts", json!({}), json!({ "page": { "size": 2 }, "include_raw_data": true }));
    snapshot("openapi-list-accounts", first);
}

#[test]
fn associations_refer_to_account_ids_and_pages_are_consistent() {
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
fn resources_are_listed_in_pages() {
    let listed = |size| caller().pages("list_resources", json!({}), size);
    let whole = listed(10_000).items;
    let everyone = json!({
        "integration_specific_id": "everyone",
        "label": "Everyone",
        "resource_type": "group",
        "extra_data": { "members": "250" },
        "description": null,
    });
    assert_eq!(whole[0], everyone);
    let ids = whole.iter().map(|resource| &resource["integration_specific_id"]);
    assert_eq!(ids.collect::<Vec<_>>(), ["everyone", "engineering", "sales", "support", "security"]);
    for (size, sizes) in
        [(1, &[1, 1, 1, 1, 1][..]), (2, &[2, 2, 1]), (3, &[3, 2]), (4, &[4, 1]), (5, &[5]), (6, &[5])]
    {
        let pages = listed(size);
        assert_eq!((&*pages.sizes, &pages.items), (sizes, &whole), "by {size}");
    }
}

#[test]
fn entitlements_on_all_resources_are_listed_in_pages() {
    let listed = |size| caller().pages("list_entitlements", json!({}), size);
    let whole = listed(10_000).items;
    let admin = json!({
        "integration_specific_id": "engineering-admin",
        "integration_specific_resource_id": "engineering",
        "entitlement_type": "membership",
        "is_assignable": true,
        "label": "Admin of Engineering",
        "extra_data": null,
        "description": null,
        "custom_attributes": null,
    });
    assert_eq!(whole[2], admin);
    let mut by_group = Vec::new();
    for group in ["everyone", "engineering", "sales", "support", "security"] {
        let request = json!({ "resource_type": "group", "resource_integration_specific_id": group });
        let found = answer("list-entitlements", request, json!({}))["entitlements"].take();
        by_group.extend(found.as_array().unwrap().iter().map(key));
    }
    assert_eq!(
        whole.iter().map(key).collect::<Vec<_>>(),
        by_group,
        "the entitlements of each group, in order"
    );
    assert_eq!(by_group.iter().collect::<HashSet<_>>().len(), 9);
    for size in 1..=10 {
        let pages = listed(size);
        assert_eq!(pages.items, whole, "by {size}");
        assert_eq!(pages.sizes.len(), 9_usize.div_ceil(size), "by {size}");
    }
}

/// The resource ID and the entitlement ID.
fn key(entitlement: &Value) -> (String, String) {
    let text = |name: &str| entitlement[name].as_str().unwrap().to_owned();
    (text("integration_specific_resource_id"), text("integration_specific_id"))
}

#[test]
fn raw_data_contain_the_roles_of_the_page() {
    let first = ask("list_entitlements", json!({}), json!({ "page": { "size": 2 } }));
    let page = json!({ "size": 2, "token": first["page"]["token"] });
    let second = ask("list_entitlements", json!({}), json!({ "page": page, "include_raw_data": true }));
    let roles = second["raw_data"]["roles"].as_array().unwrap().iter().map(|role| &role["id"]);
    assert_eq!(roles.collect::<Vec<_>>(), ["engineering-admin", "sales-member"]);
    let error = ask("list_resources", json!({}), json!({ "page": page }));
    assert_eq!(error["error"]["error_code"], "invalid_page_token", "a token of another listing");
}

#[test]
fn credentials_are_validated_for_the_tenant() {
    let response = ask("validate_credentials", json!({}), json!({}))["response"].take();
    assert_eq!(response, json!({ "valid": true, "unique_tenant_id": "mock.example.com" }));
    let error = ask("validate_credentials", json!({}), json!({ "auth": auth("wrong") }));
    assert_eq!(error["error"]["error_code"], "unauthorized");
}

#[test]
fn custom_attributes_have_a_description() {
    let schemas = ask("list_custom_attributes_schema", json!({}), json!({}))["response"].take();
    let manager = json!({
        "customized_type": "account",
        "name": "manager",
        "attribute_type": "user",
        "description": "The user's manager",
    });
    assert_eq!((schemas.as_array().unwrap().len(), &schemas[1]), (2, &manager));
}

#[test]
fn tokens_are_the_same_as_in_classic() {
    let callback = json!({
        "client_id": "c", "client_secret": "s", "redirect_uri_with_code": "https://host/?code=one", "state": "x",
    });
    let mut known = callback.clone();
    known["code_verifier"] = "verifier".into();
    known["credential_id"] = "basic".into();
    let refresh = json!({ "client_id": "c", "client_secret": "s", "refresh_token": "t", "state": "x" });
    for (capability, classic, openapi) in [
        ("handle_authorization_callback", callback, known),
        ("refresh_access_token", refresh.clone(), refresh),
    ] {
        let tokens = ask(capability, openapi, json!({}))["response"].take();
        assert!(tokens["refresh_token"].is_string(), "{capability}");
        assert_eq!(tokens, answer(capability, classic, json!({})), "{capability}");
    }
}

#[test]
fn authorization_needs_no_credentials() {
    let request = json!({ "client_id": "c", "scopes": [], "redirect_uri": "https://host/", "state": "s" });
    for auth in [Value::Null, json!({ "basic": { "username": "u", "password": "wrong" } })] {
        let response = ask("get_authorization_url", request.clone(), json!({ "auth": auth }));
        assert!(response["response"]["authorization_url"].is_string(), "{response}");
    }
}

#[test]
fn created_account_has_the_next_id() {
    let request = json!({ "email": "ada@example.org", "entitlements": [] });
    let response = ask("create_account", request, json!({}))["response"].clone();
    assert_eq!(response, json!({ "status": "ACTIVE", "created": true, "id": "250" }));
    let error = ask("create_account", json!({ "email": "user1@example.com", "entitlements": [] }), json!({}));
    assert_eq!(error["error"]["error_code"], "bad_request");
    assert_eq!(error["error"]["app_error_code"], "mock-connector.bad_request.already_exists");
}
