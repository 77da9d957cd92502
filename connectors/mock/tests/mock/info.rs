//! The response of `info`.

use connector::testing::TestClient;
use serde_json::{Value, json};

use crate::openapi::caller;

fn info() -> Value {
    TestClient::new(mock_connector::integration()).ask("info", json!({}))
}

#[test]
fn info_lists_capabilities_and_custom_errors() {
    let info = info();
    assert_eq!(info["app_id"], "mock-connector");
    assert_eq!(info["capabilities"].as_array().unwrap().len(), 16);
    assert_eq!(info["error_codes"][0]["code"], "mock-connector.bad_request.already_exists");
    for key in ["user_friendly_name", "description"] {
        assert!(info[key].is_string(), "{key}");
    }
}

#[test]
fn settings_schema_has_bounds_and_defaults() {
    let info = info();
    let settings = &info["request_settings_schema"];
    assert_eq!(settings.get("required"), None);
    let property = |name: &str, key: &str| settings["properties"][name][key].clone();
    assert_eq!(property("accounts", "maximum"), 10_000_000);
    assert_eq!(property("accounts", "default"), 250);
    assert_eq!(property("fail_with_status", "minimum"), 400);
    assert_eq!(property("fail_with_status", "maximum"), 599);
    assert_eq!(property("delay_ms", "maximum"), 60_000);
    assert_ne!(property("panic", "description"), Value::Null);
}

#[test]
fn types_are_declared_in_openapi() {
    let info = caller().answer("info", json!({}));
    assert_eq!(info["resource_types"], json!([{ "type_id": "group", "type_label": "Group" }]));
    let membership = &info["entitlement_types"][0];
    assert_eq!(
        (&membership["type_id"], &membership["resource_type_id"]),
        (&json!("membership"), &json!("group"))
    );
    assert_eq!(info["access_graph_entitlement_types"][0]["type_id"], "membership");
}

#[test]
fn settings_that_make_calls_fail_are_a_group_in_openapi() {
    let info = caller().answer("info", json!({}));
    let settings = &info["request_settings_schema"];
    assert_eq!(settings["field_order"], json!(["accounts", "fail_with_status", "delay_ms", "panic"]));
    for name in ["fail_with_status", "delay_ms", "panic"] {
        assert_eq!(settings["properties"][name]["x-field_group"], "Simulated failures", "{name}");
    }
    assert_eq!(settings["properties"]["accounts"].get("x-field_group"), None);
}
