//! What one account holds, and the edges of the access graph.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::openapi::{caller, whole};

const OF_ACCOUNT: &str = "get_account_entitlement_associations";

fn edges() -> Vec<Value> {
    whole("find_entitlement_assignments", json!({}))
}

#[test]
fn associations_of_an_account_are_those_of_the_listing() {
    let all = whole("find_entitlement_associations", json!({}));
    for id in ["0", "1", "12", "249"] {
        let expected: Vec<_> = all.iter().filter(|held| held["account_id"] == id).cloned().collect();
        assert!(!expected.is_empty());
        assert_eq!(whole(OF_ACCOUNT, json!({ "account_id": id })), expected, "{id}");
    }
}

#[test]
fn unknown_accounts_and_tokens_of_another_account_are_rejected() {
    for id in ["250", "", "01", "user1"] {
        assert_eq!(caller().error(OF_ACCOUNT, json!({ "account_id": id })).code, "not_found", "{id:?}");
    }
    let first = caller().with(json!({ "page": { "size": 1 } })).ask(OF_ACCOUNT, json!({ "account_id": "0" }));
    let page = json!({ "token": first["page"]["token"] });
    let error = caller().with(json!({ "page": page })).error(OF_ACCOUNT, json!({ "account_id": "12" }));
    assert_eq!(error.code, "invalid_page_token");
}

#[test]
fn edges_connect_existing_nodes() {
    let ids = |capability: &str, field: &str| -> HashSet<String> {
        let listed = caller().pages(capability, json!({}), 10_000).items;
        listed.iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
    };
    let mut holders = ids("list_accounts", "integration_specific_id");
    holders.extend(ids("list_resources", "integration_specific_id"));
    holders.extend(ids("list_non_human_accounts", "resource_id"));
    let graph = caller().answer("find_entitlement_graph", json!({}));
    let nodes: HashSet<_> = graph["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| json!([node["id"], node["resource_id"]]).to_string())
        .collect();
    let mut seen = HashSet::new();
    for edge in edges() {
        assert!(holders.contains(edge["resource_id"].as_str().unwrap()), "{edge}");
        let node = json!([edge["entitlement_id"], edge["entitlement_resource_id"]]).to_string();
        assert!(nodes.contains(&node), "{edge}");
        assert!(seen.insert(edge.to_string()), "{edge} twice");
    }
}

#[test]
fn accounts_groups_and_programs_hold_entitlements() {
    let edges = edges();
    let of_accounts: Vec<_> = whole("find_entitlement_associations", json!({}))
        .iter()
        .map(|held| {
            json!({
                "resource_id": held["account_id"],
                "entitlement_id": held["integration_specific_entitlement_id"],
                "entitlement_resource_id": held["integration_specific_resource_id"],
            })
        })
        .collect();
    let (of_resources, rest) = edges.split_at(9);
    assert_eq!(rest, of_accounts);
    let edge = |holder: &str, entitlement: &str, resource: &str| {
        json!({
            "resource_id": holder,
            "entitlement_id": entitlement,
            "entitlement_resource_id": resource,
        })
    };
    assert_eq!(of_resources[1], edge("sales", "everyone-member", "everyone"));
    assert_eq!(of_resources[6], edge("program:sync-sales", "sales-member", "sales"));
}
