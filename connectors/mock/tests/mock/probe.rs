//! The probe, on the tenant.

use serde_json::{Value, json};

use crate::openapi::caller;

fn probe(more: Value) -> Value {
    caller().with(more).answer("probe_integration", json!({}))
}

fn statuses(response: &Value) -> Vec<&str> {
    let checks = response["checks"].as_array().unwrap();
    checks.iter().chain([response]).map(|result| result["status"].as_str().unwrap()).collect()
}

#[test]
fn all_checks_pass() {
    let response = probe(json!({}));
    assert_eq!(statuses(&response), ["passed"; 4], "{response}");
    let [accounts, entitlements, associations] = [0, 1, 2].map(|at| &response["checks"][at]);
    assert_eq!(accounts["samples"].as_array().unwrap().len(), 10);
    assert_eq!(
        accounts["custom_attributes"],
        json!([{ "name": "department", "status": "found" }, { "name": "manager", "status": "found" }])
    );
    assert_eq!(
        entitlements["entitlement_types"],
        json!([{ "entitlement_type": "membership", "status": "found" }])
    );
    assert_eq!(associations["capability"], "get_account_entitlement_associations");
}

#[test]
fn samples_are_the_first_items_of_the_listings() {
    let response = probe(json!({}));
    for (at, capability) in [(0, "list_accounts"), (1, "list_entitlements")] {
        let samples = response["checks"][at]["samples"].as_array().unwrap();
        let listed = caller().pages(capability, json!({}), 10).items;
        for (sample, listed) in samples.iter().zip(&listed) {
            assert_eq!(sample["integration_specific_id"], listed["integration_specific_id"], "{capability}");
        }
    }
}

#[test]
fn an_empty_tenant_fails() {
    let response = probe(json!({ "settings": { "accounts": 0 } }));
    assert_eq!(statuses(&response), ["failed", "passed", "failed", "failed"], "{response}");
}

#[test]
fn failures_of_the_upstream_are_reported() {
    for (more, code) in [
        (json!({ "settings": { "fail_with_status": 429 } }), "rate_limit"),
        (json!({ "settings": { "panic": true } }), "internal_error"),
        (json!({ "auth": { "basic": { "username": "u", "password": "wrong" } } }), "unauthorized"),
    ] {
        let response = probe(more);
        assert_eq!(statuses(&response), ["failed"; 4], "{response}");
        for check in response["checks"].as_array().unwrap() {
            assert_eq!(check["error"]["error_code"], code, "{check}");
        }
    }
}
