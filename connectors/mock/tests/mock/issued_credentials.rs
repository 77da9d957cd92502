//! The credentials that the upstream has issued, and their last use.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::openapi::{caller, whole};

fn credentials() -> Vec<Value> {
    whole("list_credentials", json!({}))
}

#[test]
fn credentials_give_access_to_existing_accounts() {
    let ids = |capability: &str, field: &str| -> HashSet<String> {
        let listed = caller().pages(capability, json!({}), 10_000).items;
        listed.iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
    };
    let accounts = ids("list_accounts", "integration_specific_id");
    let programs = ids("list_non_human_accounts", "id");
    let credentials = credentials();
    assert_eq!(credentials.len(), 5 + 25);
    let mut seen = HashSet::new();
    for credential in &credentials {
        let account = credential["grants_access_to_account_id"].as_str();
        let program = credential["grants_access_to_non_human_account_id"].as_str();
        assert_ne!(account.is_some(), program.is_some(), "{credential}");
        assert!(account.is_none_or(|id| accounts.contains(id)), "{credential}");
        assert!(program.is_none_or(|id| programs.contains(id)), "{credential}");
        assert!(seen.insert(credential["resource_id"].clone()), "{credential} twice");
        let (created, used) = (&credential["created_at"], &credential["last_used_at"]);
        assert!(used.is_null() || created.as_str() <= used.as_str(), "{credential}");
    }
}

#[test]
fn last_activities_are_those_of_the_used_credentials() {
    let used: Vec<_> = credentials()
        .iter()
        .filter(|credential| credential["status"] == "active")
        .map(|credential| json!([credential["external_id"], credential["last_used_at"]]))
        .collect();
    let activities = whole("get_credential_last_activity", json!({}));
    assert_eq!(activities.len(), 4 + 13);
    let times: Vec<_> = activities
        .iter()
        .map(|activity| json!([activity["credential_id"], activity["happened_at"]]))
        .collect();
    assert_eq!(times, used);

    let last = caller().answer("get_last_activity", json!({ "account_ids": ["20"] }))[0].take();
    let key = activities.iter().find(|activity| activity["credential_id"] == "key-20").unwrap();
    assert_eq!(key["happened_at"], last["happened_at"], "the user's last login was with the key");
    assert_eq!((&key["event_type"], &last["event_type"]), (&"last_login".into(), &"LastLogin".into()));
}

#[test]
fn a_tenant_without_accounts_has_the_certificates_of_its_programs() {
    let empty = caller().with(json!({ "settings": { "accounts": 0 } }));
    assert_eq!(empty.answer("list_credentials", json!({})).as_array().unwrap().len(), 5);
    assert_eq!(empty.answer("get_credential_last_activity", json!({})).as_array().unwrap().len(), 4);
}
