//! Transfers of data, releases of resources, and cheaper licenses.

use serde_json::{Value, json};

use crate::openapi::caller;

fn answer(capability: &str, request: Value) -> Value {
    caller().answer(capability, request)
}

#[test]
fn data_is_transferred_to_another_account() {
    let transfer =
        |source: &str, target: &str| json!({ "source_account_id": source, "target_account_id": target });
    assert_eq!(answer("transfer_data", transfer("3", "4")), json!({ "success": true, "reason": null }));
    let same = json!({ "success": false, "reason": "both accounts are the same" });
    assert_eq!(answer("transfer_data", transfer("3", "3")), same);
    for (request, field) in
        [(transfer("250", "4"), "source_account_id: "), (transfer("3", "04"), "target_account_id: ")]
    {
        let error = caller().error("transfer_data", request);
        assert_eq!(error.code, "not_found");
        assert!(error.message.starts_with(field), "{}", error.message);
    }
}

#[test]
fn released_resources_are_the_groups_of_the_account() {
    for id in ["0", "1", "6"] {
        let mut groups = Vec::new();
        for held in
            caller().pages("get_account_entitlement_associations", json!({ "account_id": id }), 100).items
        {
            groups.push(held["integration_specific_resource_id"].as_str().unwrap().to_owned());
        }
        groups.dedup();
        let reason = format!("removed from {}", groups.join(", "));
        let response = answer("release_resources", json!({ "account_id": id }));
        assert_eq!(response, json!({ "success": true, "reason": reason }), "{id}");
    }
}

#[test]
fn only_full_licenses_are_downgraded() {
    let full = answer("downgrade_license", json!({ "account_id": "6" }));
    assert_eq!(full, json!({ "success": true, "reason": null }));
    let basic = answer("downgrade_license", json!({ "account_id": "7" }));
    let reason = "the account already has the cheapest license";
    assert_eq!(basic, json!({ "success": false, "reason": reason }));
}

#[test]
fn unknown_accounts_are_not_found() {
    for capability in ["release_resources", "downgrade_license"] {
        for id in ["250", "", "01", "user1"] {
            let error = caller().error(capability, json!({ "account_id": id }));
            assert_eq!(error.code, "not_found", "{capability} {id:?}");
            assert!(error.message.starts_with("account_id: "), "{}", error.message);
        }
    }
}
