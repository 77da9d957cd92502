//! The response of `info`.

use connector::testing::TestClient;
use serde_json::{Value, json};

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
