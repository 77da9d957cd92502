//! The execution summaries of writes: what each one changes.

use serde_json::{Value, json};

use crate::openapi::caller;

fn effect(capability: &str, request: &Value) -> Value {
    caller().ask(capability, request)["execution_summary"]["effect"].take()
}

fn updated() -> Value {
    json!({ "kind": "updated" })
}

fn noop() -> Value {
    json!({ "kind": "noop", "reason": "state_already_matches" })
}

#[test]
fn accounts_are_created_deleted_and_updated() {
    let account = json!({ "account_id": "3" });
    let created = effect("create_account", &json!({ "email": "ada@example.org", "entitlements": [] }));
    assert_eq!(created, json!({ "kind": "created" }));
    assert_eq!(effect("delete_account", &account), json!({ "kind": "deleted" }));
    assert_eq!(effect("deactivate_account", &account), updated());
    // Every account is active already.
    assert_eq!(effect("activate_account", &account), noop());
    for (changes, expected) in [
        (json!({ "id": "3", "given_name": "Ada" }), updated()),
        (json!({ "id": "3", "given_name": "Given", "family_name": "Lovelace" }), updated()),
        (json!({ "id": "3", "given_name": "Given", "username": "user3" }), noop()),
    ] {
        assert_eq!(effect("update_account", &changes), expected, "{changes}");
    }
}

#[test]
fn held_entitlements_are_not_assigned_again() {
    // Account 3 is a member of Sales, but not its admin.
    for (role, is_held) in [("sales-member", true), ("sales-admin", false)] {
        let grant = json!({
            "application_instance_id": "mock.crm.example",
            "account_integration_specific_id": "3",
            "resource_integration_specific_id": "sales",
            "resource_type": "group",
            "entitlement_integration_specific_id": role,
            "entitlement_type": "membership",
        });
        let (assigned, unassigned) = if is_held { (noop(), updated()) } else { (updated(), noop()) };
        for suffix in ["entitlement", "application_entitlement"] {
            assert_eq!(effect(&format!("assign_{suffix}"), &grant), assigned, "{role}");
            assert_eq!(effect(&format!("unassign_{suffix}"), &grant), unassigned, "{role}");
        }
    }
}

#[test]
fn assigned_applications_are_not_assigned_again() {
    for (account, has_access) in [("3", true), ("4", false)] {
        let access = json!({ "application_instance_id": "mock.crm.example", "account_id": account });
        let (assigned, unassigned) = if has_access { (noop(), updated()) } else { (updated(), noop()) };
        assert_eq!(effect("assign_application", &access), assigned, "{account}");
        assert_eq!(effect("unassign_application", &access), unassigned, "{account}");
    }
}

#[test]
fn offboarding_changes_only_what_is_left() {
    let transfer = |target: &str| json!({ "source_account_id": "3", "target_account_id": target });
    assert_eq!(effect("transfer_data", &transfer("4")), updated());
    assert_eq!(effect("transfer_data", &transfer("3")), Value::Null, "it fails");
    assert_eq!(effect("downgrade_license", &json!({ "account_id": "6" })), updated());
    assert_eq!(effect("downgrade_license", &json!({ "account_id": "7" })), noop());
    assert_eq!(effect("release_resources", &json!({ "account_id": "7" })), updated());
}
