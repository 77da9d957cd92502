//! Changes that are rejected before any tool of the system runs.

use std::fs;

use serde_json::{Value, json};

use crate::image::Image;
use crate::support::requests;

fn create(image: &Image, account: Value, entitlements: Value) -> (String, String) {
    image.error("create_account", json!({ "account": account, "entitlements": entitlements }), json!({}))
}

fn snapshot(image: &Image) -> Vec<Vec<u8>> {
    let files = ["etc/passwd", "etc/shadow", "etc/group", "etc/gshadow"];
    files.map(|file| fs::read(image.path(file)).unwrap()).into()
}

#[test]
fn an_existing_account_is_not_created() {
    let (code, message) = create(&Image::new(), json!({ "username": "alice" }), json!([]));
    assert_eq!(code, "bad_request.already_exists");
    assert_eq!(message, "account \"alice\" already exists");
}

#[test]
fn a_username_and_a_known_status_are_required() {
    let image = Image::new();
    for account in [json!({}), json!({ "username": "" }), json!({ "email": "dora@example.com" })] {
        let (code, message) = create(&image, account, json!([]));
        assert_eq!((code.as_str(), message.as_str()), ("bad_request", "username is required"));
    }
    for status in ["PENDING", "DELETED", ""] {
        let (code, message) = create(&image, json!({ "username": "dora", "user_status": status }), json!([]));
        assert_eq!(code, "invalid_value");
        assert!(message.starts_with("user_status must be "), "{message}");
    }
    assert_eq!(create(&image, json!({ "username": "a b" }), json!([])).0, "bad_request");
    let comma = json!({ "username": "dora", "family_name": "Maar, Dora" });
    assert_eq!(create(&image, comma, json!([])).0, "bad_request");
}

#[test]
fn names_that_cannot_be_stored_are_rejected() {
    let image = Image::new();
    let before = snapshot(&image);
    for field in ["given_name", "family_name"] {
        for (name, expected) in [
            ("--root=/tmp/jail", "must not start with `-`"),
            ("--prefix=/tmp/jail", "must not start with `-`"),
            (" -R", "must not start with `-`"),
            ("Do\nra", "must not contain commas, colons or control characters"),
            ("Dora:0", "must not contain commas, colons or control characters"),
            (&"x".repeat(256), "must not be longer than 255 bytes"),
        ] {
            let mut account = json!({ "username": "dora", "given_name": "Dora", "family_name": "Maar" });
            account[field] = name.into();
            let (code, message) = create(&image, account, json!([]));
            assert_eq!((code.as_str(), message), ("bad_request", format!("{field}: {expected}")), "{name}");
        }
    }
    assert_eq!(snapshot(&image), before);
}

#[test]
fn entitlements_of_a_new_account_must_exist() {
    let image = Image::new();
    let before = snapshot(&image);
    let held = |id: &str, resource: Value| {
        let entitlement = json!({
            "integration_specific_id": id,
            "integration_specific_resource_id": resource,
            "entitlement_type": id,
        });
        create(&image, json!({ "username": "dora" }), json!([entitlement]))
    };
    let (code, message) = held("moon", "dev".into());
    assert_eq!(code, "not_found");
    assert!(message.starts_with("entitlements[0].integration_specific_id: "), "{message}");
    assert_eq!(held("member", "moon".into()).0, "not_found");
    assert_eq!(held("administrator", "moon".into()).0, "not_found");
    assert_eq!(held("sudo", "web1".into()).0, "not_found");
    let (code, message) = held("member", Value::Null);
    assert_eq!(code, "bad_request");
    assert_eq!(message, "entitlements[0].integration_specific_resource_id is required");
    assert_eq!(snapshot(&image), before);
}

#[test]
fn changing_an_unknown_account_is_not_found() {
    let image = Image::new();
    for capability in ["activate_account", "deactivate_account", "delete_account"] {
        let (code, message) = image.error(capability, json!({ "account_id": "ghost" }), json!({}));
        assert_eq!((code.as_str(), message.as_str()), ("not_found", "no account \"ghost\""), "{capability}");
        let (code, _) = image.error(capability, json!({ "account_id": "-r" }), json!({}));
        assert_eq!(code, "bad_request", "{capability}");
    }
}

#[test]
fn assignments_require_existing_parts() {
    let image = Image::new();
    for capability in ["assign-entitlement", "unassign-entitlement"] {
        let (_, valid) = requests().into_iter().find(|(name, _)| *name == capability).unwrap();
        for (field, value, expected) in [
            ("account_integration_specific_id", "ghost", "not_found"),
            ("resource_integration_specific_id", "moon", "not_found"),
            ("resource_type", "moon", "unknown_value"),
            ("resource_type", "host", "not_found"),
            ("entitlement_integration_specific_id", "sudo", "not_found"),
            ("entitlement_integration_specific_id", "moon", "not_found"),
        ] {
            let mut request = valid.clone();
            request[field] = value.into();
            let (code, message) = image.error(capability, request, json!({}));
            assert_eq!(code, expected, "{capability} {field}: {message}");
        }
    }
}

#[test]
fn primary_groups_and_sudo_from_other_rules_cannot_be_removed() {
    let image = Image::new();
    let request = |resource_type: &str, resource: &str, entitlement: &str| {
        json!({
            "account_integration_specific_id": "bob",
            "resource_integration_specific_id": resource,
            "resource_type": resource_type,
            "entitlement_integration_specific_id": entitlement,
            "entitlement_type": entitlement,
        })
    };
    let (code, message) = image.error("unassign-entitlement", request("group", "users", "member"), json!({}));
    assert_eq!(code, "bad_request");
    assert!(message.contains("primary group"), "{message}");
    let (code, message) = image.error("unassign-entitlement", request("host", "host", "sudo"), json!({}));
    assert_eq!(code, "unsupported_operation");
    assert_eq!(message, "\"bob\" has sudo through bob (etc/sudoers.d/bob:1)");
    let held = image.call("assign-entitlement", request("group", "dev", "member"), json!({}));
    assert_eq!(held["response"], json!({ "assigned": true }), "already assigned: nothing to do");
    let missing = image.call("unassign-entitlement", request("group", "sudo", "member"), json!({}));
    assert_eq!(missing["response"], json!({ "unassigned": true }));
}

#[test]
fn failures_report_where_they_were_raised() {
    let response = Image::new().call("delete_account", json!({ "account_id": "ghost" }), json!({}));
    assert_eq!(response["error"]["error_code"], "unix.not_found");
    assert_eq!(response["error"]["raised_by"], "unix_connector::WriteError");
    assert_eq!(response["error"]["raised_in"], "unix_connector.capabilities.accounts:delete_account");
}
