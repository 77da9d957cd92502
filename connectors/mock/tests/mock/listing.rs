//! Listings of accounts, resources, entitlements, activity and attributes.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::support::{all, answer, ask, error, token_at};

#[test]
fn accounts_follow_from_their_index() {
    let accounts = answer("list-accounts", json!({}), json!({}))["accounts"].clone();
    assert_eq!(accounts.as_array().unwrap().len(), 100, "the default page size is 100");
    assert_eq!(
        accounts[17],
        json!({
            "integration_specific_id": "17",
            "email": "user17@example.com",
            "given_name": "Given",
            "family_name": "Family",
            "username": "user17",
            "user_status": "ACTIVE",
            "extra_data": { "n": "1" },
            "custom_attributes": null,
        })
    );
}

#[test]
fn page_size_does_not_change_the_accounts() {
    let listed = |size| all("list-accounts", &json!({}), &json!({}), size);
    let whole = listed(10_000);
    assert_eq!(whole.sizes, [250]);
    let ids: HashSet<&str> =
        whole.items.iter().map(|account| account["integration_specific_id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 250, "IDs are unique");
    let (in_hundreds, in_sevens) = (listed(100), listed(7));
    assert_eq!(in_hundreds.sizes, [100, 100, 50]);
    assert_eq!((&in_hundreds.items, &in_sevens.items), (&whole.items, &whole.items));
    let sizes = in_sevens.sizes;
    assert!(sizes.len() == 36 && sizes[..35].iter().all(|size| *size == 7), "{sizes:?}");
}

#[test]
fn a_full_last_page_is_not_followed_by_an_empty_one() {
    let sizes = |accounts| all("list-accounts", &json!({}), &json!({ "accounts": accounts }), 100).sizes;
    assert_eq!(sizes(200), [100, 100]);
    assert_eq!(sizes(0), [0]);
}

#[test]
fn page_size_is_at_most_10000() {
    let more = json!({ "settings": { "accounts": 10_001 }, "page": { "size": 1_000_000 } });
    let answer = ask("list-accounts", json!({}), more);
    assert_eq!(answer["response"]["accounts"].as_array().unwrap().len(), 10_000);
    assert!(answer["page"]["token"].is_string());
}

#[test]
fn a_page_after_the_end_is_empty() {
    let first = ask("list-accounts", json!({}), json!({}));
    for offset in [250, 251, u64::MAX] {
        let token = token_at(&first["page"]["token"], offset);
        let answer = ask("list-accounts", json!({}), json!({ "page": { "token": token } }));
        assert_eq!(answer["response"]["accounts"], json!([]), "{offset}");
        assert_eq!(answer["page"], Value::Null, "{offset}");
    }
}

#[test]
fn a_token_of_another_listing_is_rejected() {
    let token = ask("list-accounts", json!({}), json!({}))["page"]["token"].clone();
    let page = json!({ "page": { "token": token } });
    let (code, message) = error("find-entitlement-associations", json!({}), page.clone());
    assert_eq!((code.as_str(), message.starts_with("page.token: ")), ("bad_request", true), "{message}");
    assert_eq!(error("list-resources", json!({ "resource_type": "group" }), page).0, "bad_request");
    assert_eq!(error("list-accounts", json!({}), json!({ "page": { "token": "ff" } })).0, "bad_request");

    let of =
        |resource: &str| json!({ "resource_type": "group", "resource_integration_specific_id": resource });
    let token =
        ask("list-entitlements", of("sales"), json!({ "page": { "size": 1 } }))["page"]["token"].clone();
    let page = json!({ "page": { "token": token } });
    assert_eq!(error("list-entitlements", of("support"), page.clone()).0, "bad_request");
    let rest = answer("list-entitlements", of("sales"), page);
    assert_eq!(rest["entitlements"].as_array().unwrap().len(), 1, "{rest}");
}

#[test]
fn custom_attributes_are_returned_if_requested() {
    let schemas = answer("list-custom-attributes-schema", json!({}), json!({}))["schemas"].clone();
    assert_eq!(
        schemas,
        json!([
            { "customized_type": "ACCOUNT", "name": "department", "attribute_type": "STRING" },
            { "customized_type": "ACCOUNT", "name": "manager", "attribute_type": "USER" },
        ])
    );
    let named = |names: Value| {
        let request = json!({ "custom_attributes": names });
        let accounts = answer("list-accounts", request, json!({}))["accounts"].clone();
        [0, 42].map(|at| accounts[at]["custom_attributes"].clone())
    };
    assert_eq!(
        named(json!(["manager", "department"])),
        [json!({ "department": "Administration" }), json!({ "department": "Research", "manager": "4" }),]
    );
    assert_eq!(named(json!(["manager", "shoe_size"]))[1], json!({ "manager": "4" }));
    assert_eq!(named(json!(["shoe_size"]))[1], Value::Null);
}

#[test]
fn activity_is_returned_for_known_accounts_only() {
    let request = json!({ "account_ids": ["249", "250", "7", "x"] });
    let activities = answer("get-last-activity", request.clone(), json!({}))["activities"].clone();
    let ids: Vec<&Value> = activities.as_array().unwrap().iter().map(|one| &one["account_id"]).collect();
    assert_eq!(ids, ["249", "7"]);
    let stamp = activities[1]["happened_at"].as_str().unwrap();
    assert!(stamp.starts_with("2024-") && stamp.ends_with('Z'), "{stamp}");
    assert_ne!(activities[0]["happened_at"], activities[1]["happened_at"]);
    assert_eq!(activities, answer("get-last-activity", request, json!({}))["activities"]);
}

#[test]
fn raw_data_are_returned_if_requested() {
    let page = json!({ "page": { "size": 2 } });
    assert_eq!(ask("list-accounts", json!({}), page)["raw_data"], Value::Null);
    let more = json!({ "page": { "size": 2 }, "include_raw_data": true });
    let raw = ask("list-accounts", json!({}), more.clone())["raw_data"].clone();
    assert_eq!(raw["users"].as_array().unwrap().len(), 2);
    assert_eq!(raw["users"][1]["login"], "user1");
    let raw = ask("find-entitlement-associations", json!({}), more.clone())["raw_data"].clone();
    assert_eq!(raw["grants"][1]["role"], "engineering-member");
    let raw = ask("list-resources", json!({ "resource_type": "group" }), more)["raw_data"].clone();
    assert_eq!(raw["groups"][1]["roles"][1]["id"], "engineering-admin");
}
