//! Writes: how they are checked against the tenant, and their results.

use serde_json::{Value, json};

use crate::support::{answer, error, requests};

fn create(account: Value, entitlements: Value) -> Value {
    json!({ "account": account, "entitlements": entitlements })
}

#[test]
fn accounts_can_be_activated_deactivated_and_deleted_repeatedly() {
    for (capability, status, flag) in [
        ("activate_account", "ACTIVE", "activated"),
        ("deactivate_account", "SUSPENDED", "deactivated"),
        ("delete_account", "DEPROVISIONED", "deleted"),
    ] {
        for _ in 0..2 {
            let response = answer(capability, json!({ "account_id": "249" }), json!({}));
            assert_eq!(response, json!({ "status": status, flag: true }));
        }
        for id in ["250", "", "01", "user1"] {
            assert_eq!(error(capability, json!({ "account_id": id }), json!({})).0, "not_found", "{id:?}");
        }
    }
}

#[test]
fn entitlements_can_be_assigned_and_unassigned_only_if_they_exist() {
    for (capability, flag) in [("assign-entitlement", "assigned"), ("unassign-entitlement", "unassigned")] {
        let (_, valid) = requests().into_iter().find(|(name, _)| *name == capability).unwrap();
        for _ in 0..2 {
            assert_eq!(answer(capability, valid.clone(), json!({})), json!({ flag: true }));
        }
        for (field, value) in [
            ("account_integration_specific_id", "250"),
            ("resource_integration_specific_id", "moon"),
            ("resource_type", "moon"),
            ("entitlement_integration_specific_id", "support-admin"),
            ("entitlement_type", "moon"),
        ] {
            let mut request = valid.clone();
            request[field] = value.into();
            let (code, message) = error(capability, request, json!({}));
            assert_eq!(code, "not_found", "{field}");
            assert!(message.starts_with(&format!("{field}: ")), "{message}");
        }
    }
}

#[test]
fn accounts_are_created_in_the_requested_state() {
    for (requested, status) in [
        (Value::Null, "ACTIVE"),
        ("ACTIVE".into(), "ACTIVE"),
        ("pending".into(), "PENDING"),
        ("SUSPENDED".into(), "SUSPENDED"),
    ] {
        let request = create(json!({ "username": "ada", "user_status": requested }), json!([]));
        assert_eq!(
            answer("create_account", request, json!({})),
            json!({ "status": status, "created": true })
        );
    }
    let request = create(json!({ "username": "ada", "user_status": "DELETED" }), json!([]));
    assert_eq!(error("create_account", request, json!({})).0, "bad_request");
}

#[test]
fn existing_accounts_are_not_created_again() {
    for account in [
        json!({ "email": "user249@example.com" }),
        json!({ "email": "User249@Example.com", "username": "ada" }),
        json!({ "email": "ada@example.org", "username": "user0" }),
    ] {
        let (code, _) = error("create_account", create(account.clone(), json!([])), json!({}));
        assert_eq!(code, "bad_request.already_exists", "{account}");
    }
    let next = create(json!({ "email": "user250@example.com", "username": "user250" }), json!([]));
    assert_eq!(answer("create_account", next, json!({}))["created"], true);
}

#[test]
fn accounts_require_an_email_or_username() {
    for account in [json!({}), json!({ "given_name": "Ada" }), json!({ "email": "", "username": " " })] {
        assert_eq!(error("create_account", create(account, json!([])), json!({})).0, "bad_request");
    }
}

#[test]
fn entitlements_of_a_new_account_must_exist() {
    let with_entitlement = |id: &str, resource: Value, kind: &str| {
        let entitlement = json!({
            "integration_specific_id": id,
            "integration_specific_resource_id": resource,
            "entitlement_type": kind,
        });
        create(json!({ "email": "ada@example.org" }), json!([entitlement]))
    };
    for resource in ["sales".into(), Value::Null] {
        let request = with_entitlement("sales-admin", resource, "membership");
        assert_eq!(answer("create_account", request, json!({}))["created"], true);
    }
    for request in [
        with_entitlement("sales-admin", "support".into(), "membership"),
        with_entitlement("sales-admin", "moon".into(), "membership"),
        with_entitlement("moon", Value::Null, "membership"),
        with_entitlement("sales-admin", "sales".into(), "moon"),
    ] {
        let (code, message) = error("create_account", request, json!({}));
        assert_eq!(code, "not_found");
        assert!(message.starts_with("entitlements[0]."), "{message}");
    }
}
