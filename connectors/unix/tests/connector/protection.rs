//! Changes that would lock people out of the machine are rejected before any tool runs.

use std::fs;

use serde_json::{Value, json};

use crate::image::Image;

/// The message of a rejected change, after which nothing has changed.
fn rejected(image: &Image, capability: &str, request: Value, settings: Value) -> String {
    let files = ["etc/passwd", "etc/shadow", "etc/group", "etc/gshadow"];
    let read = || files.map(|file| fs::read(image.path(file)).unwrap());
    let before = read();
    let mut settings = settings;
    settings["root"] = json!(image.path(""));
    let (code, message) = image.error(capability, request, json!({ "settings": settings }));
    assert_eq!(code, "permission_denied", "{capability}: {message}");
    assert_eq!(read(), before, "{capability}");
    message
}

fn grant(account: &str, resource_type: &str, resource: &str, entitlement: &str) -> Value {
    json!({
        "account_integration_specific_id": account,
        "resource_integration_specific_id": resource,
        "resource_type": resource_type,
        "entitlement_integration_specific_id": entitlement,
        "entitlement_type": entitlement,
    })
}

const REMOVALS: [&str; 2] = ["deactivate_account", "delete_account"];

#[test]
fn accounts_of_uid_0_are_protected() {
    let image = Image::new();
    image.rewrite("etc/passwd", |lines| lines.push("toor:x: +0:0::/root:/bin/sh"));
    image.rewrite("etc/shadow", |lines| lines.push("toor:$6$a$b:19000:0:99999:7:::"));
    for account in ["root", "toor"] {
        for capability in REMOVALS {
            let settings = json!({ "change_system_accounts": true });
            let message = rejected(&image, capability, json!({ "account_id": account }), settings);
            assert_eq!(message, format!("account {account:?} is protected: its UID is 0"));
        }
    }
}

#[test]
fn system_accounts_are_protected_by_default() {
    let image = Image::new();
    image.set("etc/login.defs", "UID_MIN 1002\n");
    for account in ["bob", "nobody"] {
        for capability in REMOVALS {
            let message = rejected(&image, capability, json!({ "account_id": account }), json!({}));
            let reason = "it is a system account; to allow this, set settings.change_system_accounts";
            assert_eq!(message, format!("account {account:?} is protected: {reason}"));
        }
    }
}

#[test]
fn the_last_administrator_is_protected() {
    let image = Image::new();
    let mut changes = REMOVALS.map(|capability| (capability, json!({ "account_id": "alice" }))).to_vec();
    changes.push(("unassign-entitlement", grant("alice", "host", "host", "sudo")));
    changes.push(("unassign-entitlement", grant("alice", "group", "sudo", "member")));
    let expected =
        "account \"alice\" is protected: no other account is known to be able to log in and become root";
    // Nobody can log in as these: suspended, no password of root, or a few commands only.
    image.rewrite("etc/group", |lines| lines[1] = "sudo:x:27:bob,alice,carol,root");
    for (capability, request) in &changes {
        assert_eq!(rejected(&image, capability, request.clone(), json!({})), expected);
    }
}

#[test]
fn joining_a_group_can_take_sudo_away() {
    let image = Image::new();
    image.set("etc/sudoers", "%sudo ALL=(ALL:ALL) ALL\n%users ALL=!ALL\n");
    let message =
        rejected(&image, "assign-entitlement", grant("alice", "group", "users", "member"), json!({}));
    assert_eq!(
        message,
        "account \"alice\" is protected: no other account is known to be able to log in and become root"
    );
}

#[test]
fn leaving_a_group_with_a_shared_number_can_take_sudo_away() {
    let image = Image::new();
    image.set("etc/group", "root:x:0:\nalice:x:1000:\nsudo:x:27:\nops:x:27:alice\n");
    let message =
        rejected(&image, "unassign-entitlement", grant("alice", "group", "ops", "member"), json!({}));
    assert_eq!(
        message,
        "account \"alice\" is protected: no other account is known to be able to log in and become root"
    );
}

#[test]
fn an_account_that_does_not_exist_is_not_protected() {
    let image = Image::new();
    for capability in REMOVALS {
        assert_eq!(image.error(capability, json!({ "account_id": "ghost" }), json!({})).0, "not_found");
    }
}
