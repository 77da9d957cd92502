//! Associations agree with accounts, resources and entitlements, and can be listed from any position.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{all, ask, token_at};

const FIND: &str = "find-entitlement-associations";

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

#[test]
fn associations_refer_to_listed_accounts_resources_and_entitlements() {
    let settings = json!({ "accounts": 131 });
    let accounts = all("list-accounts", &json!({}), &settings, 100).items;
    let accounts: BTreeMap<&str, &Value> =
        accounts.iter().map(|account| (text(account, "integration_specific_id"), account)).collect();
    let of_groups = json!({ "resource_type": "group" });
    let resources = all("list-resources", &of_groups, &settings, 2).items;
    let mut entitlements = BTreeSet::new();
    for resource in &resources {
        let id = text(resource, "integration_specific_id");
        let request = json!({ "resource_type": "group", "resource_integration_specific_id": id });
        for entitlement in all("list-entitlements", &request, &settings, 1).items {
            assert_eq!(text(&entitlement, "integration_specific_resource_id"), id);
            entitlements.insert((id, text(&entitlement, "integration_specific_id").to_owned()));
        }
    }

    let associations = all(FIND, &json!({}), &settings, 100).items;
    let mut seen = HashSet::new();
    let mut used = BTreeSet::new();
    let mut members: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for association in &associations {
        let account = text(&association["account"], "integration_specific_id");
        assert_eq!(accounts.get(account), Some(&&association["account"]));
        let resource = text(association, "integration_specific_resource_id");
        let entitlement = text(association, "integration_specific_entitlement_id");
        assert!(seen.insert((account, resource, entitlement)), "{association} twice");
        used.insert((resource, entitlement.to_owned()));
        members.entry(resource).or_default().insert(account);
    }
    assert_eq!(used, entitlements, "exactly the listed entitlements are assigned");
    let holders: HashSet<&str> = seen.iter().map(|(account, ..)| *account).collect();
    assert_eq!(holders.len(), 131, "every account holds an entitlement");
    for resource in &resources {
        let held_by = members[text(resource, "integration_specific_id")].len();
        assert_eq!(resource["extra_data"]["members"], held_by, "{resource}");
    }
}

#[test]
fn page_size_does_not_change_the_associations() {
    let settings = json!({ "accounts": 333 });
    let listed = |size| all(FIND, &json!({}), &settings, size);
    let whole = listed(10_000);
    assert_eq!(whole.sizes.len(), 1);
    for size in [7, 100] {
        let pages = listed(size);
        assert_eq!(pages.items, whole.items, "in pages of {size}");
        let (last, full) = pages.sizes.split_last().unwrap();
        assert!(*last > 0 && full.iter().all(|found| *found == size), "{:?}", pages.sizes);
    }
}

#[test]
fn last_page_of_ten_million_accounts_is_fast() {
    let settings = json!({ "accounts": 10_000_000 });
    let page = |token: &str, size: usize| {
        ask(FIND, json!({}), json!({ "settings": settings, "page": { "token": token, "size": size } }))
    };
    let first = ask(FIND, json!({}), json!({ "settings": settings, "page": { "size": 1 } }));
    let token = &first["page"]["token"];
    // Per 60 users, a cycle has 60 + 30 + 3 + 20 + 2 + 12 + 1 + 5 + 1 associations; the last 40 users have 40 + 20 + 2
    // + …
    let total = 10_000_000 / 60 * 134 + (40 + 20 + 2 + 14 + 2 + 8 + 1 + 4 + 1);
    let start = Instant::now();
    let mut last = Value::Null;
    for before_end in (1..=200).rev() {
        last = page(&token_at(token, total - before_end), 1);
        assert_eq!(last["response"]["associations"].as_array().unwrap().len(), 1, "{before_end}");
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    }
    assert_eq!(last["page"], Value::Null);
    let account = &last["response"]["associations"][0]["account"];
    assert_eq!(text(account, "integration_specific_id"), "9999999");
}
