//! Calls of the connector that change accounts with the real tools.

use std::env;

use connector::Wire;
use serde_json::{Value, json};
use unix_connector::{WritableRoots, integration_with};

use crate::private_root::{PrivateRoot, ROOT};

const NAME: &str = "dispatch::users_without_rights_get_permission_denied";

/// The response to a call about the machine below `root`, with raw data.
fn call(root: &str, capability: &str, request: Value) -> Value {
    let envelope = json!({ "request": request, "settings": { "root": root }, "include_raw_data": true });
    let integration = integration_with(&WritableRoots::new([root]));
    let response = integration.dispatch_blocking(capability, envelope.to_string().as_bytes());
    serde_json::from_slice(&response).unwrap()
}

/// The payload of a call that succeeds, and whether anything was changed.
fn done(root: &PrivateRoot, capability: &str, request: Value) -> (Value, Option<bool>) {
    let response = call(root.directory().to_str().unwrap(), capability, request);
    assert_eq!(response["error"], Value::Null, "{capability}");
    (response["response"].clone(), response["raw_data"]["changed"].as_bool())
}

/// The code of a call that fails.
fn error(root: &str, capability: &str, request: Value) -> String {
    let response = call(root, capability, request);
    response["error"]["error_code"].as_str().unwrap_or_else(|| panic!("{capability}: {response}")).to_owned()
}

fn dora() -> Value {
    json!({
        "account": {
            "username": "dora",
            "given_name": " Dora ",
            "family_name": "Maar",
            "email": "dora@example.com",
        },
        "entitlements": [
            {
                "integration_specific_id": "member",
                "integration_specific_resource_id": "dev",
                "entitlement_type": "member",
            },
            { "integration_specific_id": "sudo", "entitlement_type": "sudo" },
        ],
    })
}

fn id() -> Value {
    json!({ "account_id": "dora" })
}

fn grant(resource_type: &str, resource: &str, entitlement: &str) -> Value {
    json!({
        "account_integration_specific_id": "dora",
        "resource_integration_specific_id": resource,
        "resource_type": resource_type,
        "entitlement_integration_specific_id": entitlement,
        "entitlement_type": entitlement,
    })
}

fn grants() -> [Value; 3] {
    [grant("group", "ops", "member"), grant("group", "ops", "administrator"), grant("host", "host", "sudo")]
}

/// The account as it is listed.
fn listed(root: &PrivateRoot) -> Value {
    let (response, _) = done(root, "list-accounts", json!({}));
    let accounts = response["accounts"].as_array().unwrap();
    accounts.iter().find(|account| account["username"] == "dora").cloned().unwrap_or_default()
}

/// The entitlements of the account, as `entitlement resource`.
fn held(root: &PrivateRoot) -> Vec<String> {
    let (response, _) = done(root, "find-entitlement-associations", json!({}));
    let mine = response["associations"].as_array().unwrap().iter();
    let mine = mine.filter(|association| association["account"]["username"] == "dora");
    mine.map(|association| {
        let text = |key: &str| association[key].as_str().unwrap().to_owned();
        let id = text("integration_specific_entitlement_id");
        format!("{id} {}", text("integration_specific_resource_id"))
    })
    .collect()
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn an_account_is_created_changed_and_deleted() {
    let root = PrivateRoot::new();
    let created = json!({ "status": "ACTIVE", "created": true });
    assert_eq!(done(&root, "create_account", dora()).0, created);
    let account = listed(&root);
    assert_eq!(account["given_name"], "Dora");
    assert_eq!(account["family_name"], "Maar");
    assert_eq!(account["user_status"], "ACTIVE");
    assert_eq!(held(&root)[..2], ["member dev", "member sudo"]);
    assert!(held(&root).contains(&"sudo host".to_owned()));

    for changed in [true, false] {
        let suspended = json!({ "status": "SUSPENDED", "deactivated": true });
        assert_eq!(done(&root, "deactivate_account", id()), (suspended, Some(changed)));
        assert_eq!(listed(&root)["user_status"], "SUSPENDED");
    }
    for changed in [true, false] {
        let active = json!({ "status": "ACTIVE", "activated": true });
        assert_eq!(done(&root, "activate_account", id()), (active, Some(changed)));
        assert_eq!(listed(&root)["user_status"], "ACTIVE");
    }

    let deleted = json!({ "status": "DEPROVISIONED", "deleted": true });
    assert_eq!(done(&root, "delete_account", id()).0, deleted);
    assert_eq!(listed(&root), Value::Null);
    let root = root.directory().to_str().unwrap();
    assert_eq!(error(root, "delete_account", id()), "unix.not_found");
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn entitlements_are_assigned_and_removed_once() {
    let root = PrivateRoot::new();
    done(&root, "create_account", json!({ "account": { "username": "dora" }, "entitlements": [] }));
    let before = held(&root);
    for request in grants() {
        for changed in [true, false] {
            let response = done(&root, "assign-entitlement", request.clone());
            assert_eq!(response, (json!({ "assigned": true }), Some(changed)), "{request}");
        }
    }
    for found in ["member ops", "administrator ops", "sudo host"] {
        assert!(held(&root).contains(&found.to_owned()), "{found}");
    }
    for request in grants() {
        for changed in [true, false] {
            let response = done(&root, "unassign-entitlement", request.clone());
            assert_eq!(response, (json!({ "unassigned": true }), Some(changed)), "{request}");
        }
    }
    assert_eq!(held(&root), before);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn an_existing_account_is_neither_created_nor_changed() {
    let root = PrivateRoot::new();
    done(&root, "create_account", dora());
    let before = root.snapshot();
    let code = error(root.directory().to_str().unwrap(), "create_account", dora());
    assert_eq!(code, "unix.bad_request.already_exists");
    assert_eq!(root.snapshot(), before);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn an_account_can_start_suspended_with_a_home() {
    let root = PrivateRoot::new();
    let mut request = dora();
    request["account"]["user_status"] = "suspended".into();
    let envelope = json!({
        "request": request,
        "settings": { "root": root.directory(), "create_homes": true },
    });
    let integration = integration_with(&WritableRoots::new([root.directory()]));
    let response = integration.dispatch_blocking("create_account", envelope.to_string().as_bytes());
    let response: Value = serde_json::from_slice(&response).unwrap();
    assert_eq!(response["response"], json!({ "status": "SUSPENDED", "created": true }));
    assert_eq!(listed(&root)["user_status"], "SUSPENDED");
    assert!(root.path("home/dora").is_dir());
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn the_openapi_format_returns_the_id_of_a_new_account() {
    let root = PrivateRoot::new();
    let request = json!({ "username": "dora", "entitlements": dora()["entitlements"] });
    let envelope = json!({ "request": request, "settings": { "root": root.directory() } });
    let integration =
        integration_with(&WritableRoots::new([root.directory()])).with_wire(Wire::OpenApi).unwrap();
    let response = integration.dispatch_blocking("create_account", envelope.to_string().as_bytes());
    let response: Value = serde_json::from_slice(&response).unwrap();
    assert_eq!(response["response"], json!({ "status": "ACTIVE", "created": true, "id": "dora" }));
    assert!(held(&root).contains(&"member dev".to_owned()));
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn responses_to_changes_contain_no_hashes() {
    let root = PrivateRoot::new();
    let canary = "$6$canary$CANARYCANARY";
    root.add("etc/passwd", "dora:x:1003:100::/:/bin/sh");
    root.add("etc/shadow", &format!("dora:{canary}:1:0:99999:7:::"));
    root.add("etc/gshadow", &format!("ops:{canary}::"));
    let mut calls =
        vec![("deactivate_account", id()), ("activate_account", id()), ("create_account", dora())];
    calls.extend(grants().map(|request| ("assign-entitlement", request)));
    calls.extend(grants().map(|request| ("unassign-entitlement", request)));
    calls.extend([("delete_account", id()), ("delete_account", id())]);
    assert!(root.line("etc/shadow", "dora").contains(canary));
    for (capability, request) in calls {
        let response = call(root.directory().to_str().unwrap(), capability, request).to_string();
        assert!(!response.to_lowercase().contains("canary"), "{capability}: {response}");
    }
}

/// Runs itself again as `nobody`.
#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn users_without_rights_get_permission_denied() {
    if let Ok(root) = env::var(ROOT) {
        return as_nobody(&root);
    }
    let root = PrivateRoot::new();
    done(&root, "create_account", dora());
    let before = root.snapshot();
    root.again_as_nobody(NAME);
    assert_eq!(root.snapshot(), before);
}

fn as_nobody(root: &str) {
    let accounts = call(root, "list-accounts", json!({}));
    assert_eq!(accounts["partial"]["reason"], "etc/shadow: permission denied");
    let accounts = accounts["response"]["accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), 5);
    assert!(accounts.iter().all(|account| account["user_status"].is_null()));
    let associations = call(root, "find-entitlement-associations", json!({}));
    let reason =
        "etc/gshadow: permission denied; etc/sudoers: permission denied; etc/shadow: permission denied";
    assert_eq!(associations["partial"]["reason"], reason);
    let host = json!({ "resource_type": "host", "resource_integration_specific_id": "host" });
    let sudo = call(root, "list-entitlements", host);
    assert_eq!(sudo["response"]["entitlements"][0]["is_assignable"], Value::Null);

    let new = json!({ "account": { "username": "eric" }, "entitlements": [] });
    let mut calls = vec![
        ("create_account", new),
        ("activate_account", id()),
        ("deactivate_account", id()),
        ("delete_account", id()),
    ];
    calls.extend(grants().map(|request| ("assign-entitlement", request)));
    calls.push(("unassign-entitlement", grant("group", "dev", "member")));
    for (capability, request) in calls {
        assert_eq!(error(root, capability, request), "unix.permission_denied", "{capability}");
    }
}
