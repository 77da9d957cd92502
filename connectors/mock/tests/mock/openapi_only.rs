//! The capabilities that only the openapi format has: all of them succeed, and fail on request. The two in
//! [`REPORTING`] report failures of the upstream instead of failing; see `probe` and `arbitrary_endpoint`.

use std::collections::BTreeSet;

use connector::Wire;
use serde_json::{Value, json};

use crate::openapi::caller;

/// The capabilities whose response describes what the upstream has returned, even if that is an error.
const REPORTING: [&str; 2] = ["fulfill_arbitrary_endpoint", "probe_integration"];

/// The capabilities that the SDK provides: they don't call the upstream.
const PROVIDED: [&str; 1] = ["app_info"];

/// A valid payload for every other capability that only the openapi format has.
fn requests() -> Vec<(&'static str, Value)> {
    let account = json!({ "account_id": "3" });
    let access = json!({ "application_instance_id": "mock.crm.example", "account_id": "3" });
    let entitlement = json!({
        "application_instance_id": "mock.crm.example",
        "account_integration_specific_id": "3",
        "resource_integration_specific_id": "sales",
        "resource_type": "group",
        "entitlement_integration_specific_id": "sales-admin",
        "entitlement_type": "membership",
    });
    let activity = json!({ "since_date": "2024-01-01", "actors": [account] });
    vec![
        ("get_account", account.clone()),
        ("update_account", json!({ "id": "3", "given_name": "Ada" })),
        ("list_updated_accounts", json!({ "since": "2024-02-01T00:00:00Z" })),
        ("transfer_data", json!({ "source_account_id": "3", "target_account_id": "4" })),
        ("release_resources", account.clone()),
        ("downgrade_license", account.clone()),
        ("get_account_entitlement_associations", account.clone()),
        ("find_entitlement_assignments", json!({})),
        ("find_entitlement_graph", json!({})),
        ("find_resource_graph", json!({})),
        ("list_non_human_accounts", json!({})),
        ("get_non_human_account_last_activity", json!({})),
        ("list_credentials", json!({})),
        ("get_credential_last_activity", json!({})),
        ("list_expenses", json!({ "filters": {} })),
        ("get_data_recency", json!({})),
        ("connected_info", json!({})),
        ("list_applications", json!({})),
        ("get_application", access.clone()),
        ("list_applications_accounts", json!({})),
        ("get_application_account", access.clone()),
        ("list_applications_resources", json!({})),
        ("list_applications_entitlements", json!({})),
        ("list_applications_entitlement_associations", json!({})),
        ("list_applications_activity_records", activity.clone()),
        ("list_activity_records", activity),
        ("assign_application", access.clone()),
        ("unassign_application", access),
        ("assign_application_entitlement", entitlement.clone()),
        ("unassign_application_entitlement", entitlement),
    ]
}

#[test]
fn every_capability_has_a_request() {
    let integration = mock_connector::integration();
    let classic: BTreeSet<_> =
        integration.capabilities().map(|capability| capability.name.replace('-', "_")).collect();
    let integration = integration.with_wire(Wire::OpenApi).unwrap();
    let openapi: BTreeSet<_> =
        integration.capabilities().map(|capability| capability.name.to_owned()).collect();
    let only = openapi.difference(&classic).map(String::as_str);
    let only: Vec<_> = only.filter(|name| !REPORTING.contains(name) && !PROVIDED.contains(name)).collect();
    let requests = requests();
    assert_eq!(
        requests.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>(),
        only
    );
}

#[test]
fn every_capability_succeeds() {
    for (capability, request) in requests() {
        for include in [false, true] {
            let answer =
                caller().with(json!({ "include_raw_data": include })).ask(capability, request.clone());
            assert_eq!(answer["error"], Value::Null, "{capability}: {answer}");
            assert!(!answer["response"].is_null(), "{capability}: {answer}");
            assert_eq!(answer["raw_data"].is_object(), include, "{capability}: {answer}");
        }
    }
}

#[test]
fn every_capability_fails_with_the_configured_status() {
    for (status, code) in [(401, "unauthorized"), (404, "not_found"), (429, "rate_limit")] {
        for (capability, request) in requests() {
            let failing = caller().with(json!({ "settings": { "fail_with_status": status } }));
            let error = failing.ask(capability, request)["error"].take();
            assert_eq!(error["error_code"], code, "{capability}: {error}");
            assert_eq!(error["status_code"], status, "{capability}");
        }
    }
}

#[test]
fn every_capability_rejects_a_wrong_password() {
    let auth = json!({ "basic": { "username": "u", "password": "wrong" } });
    for (capability, request) in requests() {
        let error = caller().with(json!({ "auth": auth })).error(capability, request);
        assert_eq!(error.code, "unauthorized", "{capability}");
    }
}

#[test]
fn panics_are_internal_errors_without_their_message() {
    for (capability, request) in requests() {
        let error = caller().with(json!({ "settings": { "panic": true } })).error(capability, request);
        assert_eq!(error.code, "internal_error", "{capability}");
        assert!(!error.message.contains("setting"), "{}", error.message);
    }
}

#[test]
fn calls_take_at_least_the_delay() {
    use std::time::{Duration, Instant};
    for (capability, request) in requests() {
        let start = Instant::now();
        let answer = caller().with(json!({ "settings": { "delay_ms": 30 } })).ask(capability, request);
        assert_eq!(answer["error"], Value::Null, "{capability}");
        assert!(start.elapsed() >= Duration::from_millis(30), "{capability}");
    }
}

#[test]
fn app_info_describes_every_capability() {
    let answer = caller().with(json!({ "settings": { "fail_with_status": 500 } })).ask("app_info", json!({}));
    let document = &answer["response"]["app_schema"];
    assert_eq!(document["info"]["title"], "Mock Connector", "{answer}");
    for (capability, _) in requests() {
        assert!(document["paths"][format!("/{capability}")]["post"].is_object(), "{capability}");
    }
}
