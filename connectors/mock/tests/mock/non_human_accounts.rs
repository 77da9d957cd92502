//! The accounts of programs, and their last activity.

use serde_json::{Value, json};

use crate::openapi::whole;

#[test]
fn each_application_has_one_program() {
    let accounts = whole("list_non_human_accounts", json!({}));
    let workloads: Vec<_> = accounts.iter().map(|account| &account["workload_id"]).collect();
    let applications = whole("list_applications", json!({}));
    assert_eq!(workloads, applications.iter().map(|application| &application["id"]).collect::<Vec<_>>());
    assert_eq!(
        accounts[2],
        json!({
            "resource_id": "program:sync-sales",
            "id": "sync-sales",
            "label": "Sync of Customer Relations",
            "workload_name": "Customer Relations",
            "workload_id": "mock.crm.example",
            "type": "sync_program",
            "status": "ACTIVE",
            "created_at": "2024-01-03T00:00:00Z",
            "updated_at": null,
            "last_login": null,
            "last_activity": "2024-10-29T00:00:00Z",
            "custom_attributes": null,
            "extra_data": null,
        })
    );
}

#[test]
fn last_activities_are_those_of_the_listed_accounts() {
    let listed: Vec<_> = whole("list_non_human_accounts", json!({}))
        .iter()
        .filter(|account| !account["last_activity"].is_null())
        .map(|account| json!([account["id"], account["last_activity"]]))
        .collect();
    assert_eq!(listed.len(), 4, "one program was never active");
    let activities: Vec<Value> = whole("get_non_human_account_last_activity", json!({}))
        .iter()
        .map(|activity| json!([activity["non_human_account_id"], activity["happened_at"]]))
        .collect();
    assert_eq!(activities, listed);
}
