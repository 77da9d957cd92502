//! The applications, and who has access to them: the same as the groups say.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::openapi::caller;

/// A whole listing, which is the same in pages of any size.
fn all(capability: &str) -> Vec<Value> {
    let whole = caller().pages(capability, json!({}), 10_000).items;
    for size in [2, 7, 100] {
        assert_eq!(caller().pages(capability, json!({}), size).items, whole, "{capability} by {size}");
    }
    whole
}

fn text(item: &Value, field: &str) -> String {
    item[field].as_str().unwrap().to_owned()
}

/// `item` without the field that names its application.
fn without_application(mut item: Value) -> Value {
    item.as_object_mut().unwrap().remove("application_instance_id").unwrap();
    item
}

/// The application of each group.
fn applications_of_groups() -> Vec<(String, String)> {
    let pair = |resource: &Value| {
        (text(resource, "integration_specific_id"), text(resource, "application_instance_id"))
    };
    all("list_applications_resources").iter().map(pair).collect()
}

#[test]
fn one_application_is_the_same_as_in_the_listing() {
    let listed = all("list_applications");
    assert_eq!(listed.len(), 5);
    for application in listed {
        let request = json!({ "application_instance_id": application["id"] });
        assert_eq!(caller().answer("get_application", request), application);
    }
}

#[test]
fn each_application_has_the_resource_and_the_entitlements_of_its_group() {
    let applications: Vec<String> = all("list_applications").iter().map(|app| text(app, "id")).collect();
    let of_groups = applications_of_groups();
    assert_eq!(
        of_groups.iter().map(|(_, application)| application).collect::<Vec<_>>(),
        applications.iter().collect::<Vec<_>>()
    );
    let groups: Vec<_> =
        all("list_resources").iter().map(|group| text(group, "integration_specific_id")).collect();
    assert_eq!(
        of_groups.iter().map(|(group, _)| group).collect::<Vec<_>>(),
        groups.iter().collect::<Vec<_>>()
    );

    let entitlements = all("list_applications_entitlements");
    for entitlement in &entitlements {
        let place = (
            text(entitlement, "integration_specific_resource_id"),
            text(entitlement, "application_instance_id"),
        );
        assert!(of_groups.contains(&place), "{entitlement}");
    }
    let entitlements: Vec<_> = entitlements.into_iter().map(without_application).collect();
    assert_eq!(entitlements, all("list_entitlements"));
}

#[test]
fn associations_are_those_of_the_groups() {
    let of_groups = applications_of_groups();
    let associations = all("list_applications_entitlement_associations");
    for association in &associations {
        let place = (
            text(association, "integration_specific_resource_id"),
            text(association, "application_instance_id"),
        );
        assert!(of_groups.contains(&place), "{association}");
    }
    let associations: Vec<_> = associations.into_iter().map(without_application).collect();
    assert_eq!(associations, all("find_entitlement_associations"));
}

#[test]
fn an_account_has_access_exactly_if_it_holds_something_in_the_application() {
    let pair = |item: &Value| (text(item, "application_instance_id"), text(item, "account_id"));
    let accounts = all("list_applications_accounts");
    let with_access: HashSet<_> = accounts.iter().map(pair).collect();
    assert_eq!(with_access.len(), accounts.len(), "no account is listed twice in one application");
    let holders: HashSet<_> = all("list_applications_entitlement_associations").iter().map(pair).collect();
    assert_eq!(with_access, holders);

    for account in accounts.iter().step_by(29) {
        let request = without_status(account);
        assert_eq!(&caller().answer("get_application_account", request), account);
    }
}

/// The request that finds an application's account.
fn without_status(account: &Value) -> Value {
    let mut request = account.clone();
    request.as_object_mut().unwrap().remove("status").unwrap();
    request
}

#[test]
fn activity_records_are_the_last_activities_of_those_with_access() {
    let ids = ["0", "1", "6", "7", "nobody"];
    let actors = ids.map(|id| json!({ "account_id": id }));
    let records = |since: &str| {
        let request = json!({ "since_date": since, "actors": actors });
        let whole = caller().pages("list_applications_activity_records", &request, 100).items;
        assert_eq!(caller().pages("list_applications_activity_records", &request, 2).items, whole);
        whole
    };
    let last = caller().answer("get_last_activity", json!({ "account_ids": ids }));
    let happened_at = |id: &str| {
        let all = last.as_array().unwrap();
        text(all.iter().find(|activity| activity["account_id"] == id).unwrap(), "happened_at")
    };
    let known = records("2024-01-01");
    for record in &known {
        assert_eq!(record["timestamp"], happened_at(record["actor"]["account_id"].as_str().unwrap()));
    }
    let pair = |application: &Value, account: &Value| {
        (application.as_str().unwrap().to_owned(), account.as_str().unwrap().to_owned())
    };
    let active: HashSet<_> = known
        .iter()
        .map(|record| pair(&record["application_instance_id"], &record["actor"]["account_id"]))
        .collect();
    let with_access: HashSet<_> = all("list_applications_accounts")
        .iter()
        .filter(|access| ids.contains(&access["account_id"].as_str().unwrap()))
        .map(|access| pair(&access["application_instance_id"], &access["account_id"]))
        .collect();
    assert_eq!(active, with_access);

    let later = happened_at("1");
    let expected: Vec<_> =
        known.iter().filter(|record| text(record, "timestamp") >= later).cloned().collect();
    assert!(expected.len() < known.len(), "some activities are older");
    assert_eq!(records(&later), expected);

    let request = json!({ "since_date": "yesterday", "actors": [] });
    let error = caller().error("list_applications_activity_records", request);
    assert_eq!(error.code, "bad_request");
}

#[test]
fn a_token_of_another_listing_is_rejected() {
    let page = caller().with(json!({ "page": { "size": 1 } })).ask("list_applications", json!({}));
    let page = json!({ "size": 1, "token": page["page"]["token"] });
    let error = caller().with(json!({ "page": page })).error("list_applications_resources", json!({}));
    assert_eq!(error.code, "invalid_page_token");
}

#[test]
fn raw_data_has_the_upstreams_names() {
    let more = json!({ "page": { "size": 1 }, "include_raw_data": true });
    let raw = |capability| caller().with(&more).ask(capability, json!({}))["raw_data"].take();
    let app =
        json!({ "id": "mock.chat.example", "product": "chat.example", "title": "Chat", "sign_on": "SAML" });
    assert_eq!(raw("list_applications"), json!({ "apps": [app] }));
    let users = raw("list_applications_accounts");
    assert_eq!(users["users"][0]["app"], "mock.chat.example");
    assert_eq!(users["users"][0]["user"]["login"], "user0");
}
