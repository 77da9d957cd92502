//! How the connector describes itself.

use connector::Wire;
use connector::testing::TestClient;
use serde_json::{Value, json};

use crate::image::Image;
use crate::support::requests;

fn info() -> Value {
    TestClient::new(unix_connector::integration()).ask("info", json!({}))
}

#[test]
fn the_connector_has_a_name_and_needs_no_credentials() {
    assert_eq!(unix_connector::integration().version(), env!("CARGO_PKG_VERSION"));
    let info = info();
    assert_eq!(info["app_id"], "unix");
    assert_eq!(info["authentication_schema"], Value::Null);
    for key in ["user_friendly_name", "description"] {
        assert!(info[key].is_string(), "{key}");
    }
}

#[test]
fn the_capabilities_are_listed() {
    let info = info();
    let mut names: Vec<_> = requests().into_iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    assert_eq!(info["capabilities"], json!(names));
    let schema = Image::new().error("list-custom-attributes-schema", json!({}), json!({}));
    assert_eq!(schema.0, "not_implemented");
}

#[test]
fn the_settings_have_descriptions_and_defaults() {
    let info = info();
    let settings = &info["request_settings_schema"];
    assert_eq!(settings.get("required"), None);
    for (name, default) in [
        ("root", json!("/")),
        ("hide_system_accounts", json!(false)),
        ("create_homes", json!(false)),
        ("change_system_accounts", json!(false)),
    ] {
        assert_eq!(settings["properties"][name]["default"], default, "{name}");
        assert!(settings["properties"][name]["description"].is_string(), "{name}");
    }
}

#[test]
fn the_error_codes_are_listed() {
    let info = info();
    let codes = info["error_codes"].as_array().unwrap();
    assert!(codes.iter().any(|code| code["code"] == "unix.bad_request.already_exists"), "{codes:?}");
}

#[test]
fn the_types_are_those_of_the_listings() {
    let integration = unix_connector::integration().with_wire(Wire::OpenApi).unwrap();
    let info = TestClient::new(integration).ask("info", json!({}))["response"].take();
    let resources = json!([
        { "type_id": "group", "type_label": "Group" },
        { "type_id": "host", "type_label": "Host" },
    ]);
    assert_eq!(info["resource_types"], resources);
    let types = info["entitlement_types"].as_array().unwrap();
    let types: Vec<_> =
        types.iter().map(|one| (&one["type_id"], &one["resource_type_id"], &one["min"])).collect();
    let (group, host, none) = (json!("group"), json!("host"), json!(0));
    let [member, administrator, sudo] = ["member", "administrator", "sudo"].map(|id| json!(id));
    assert_eq!(types, [(&member, &group, &none), (&administrator, &group, &none), (&sudo, &host, &none)]);
}
