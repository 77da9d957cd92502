//! The graphs of entitlements and resources: the same as the listings say.

use std::collections::{HashMap, HashSet};

use connector::testing::TestClient;
use serde_json::{Value, json};

use crate::openapi::caller;

/// The lists of a graph, from pages of `size` joined.
fn graph(caller: &TestClient, capability: &str, size: u64) -> HashMap<String, Vec<Value>> {
    let mut joined: HashMap<String, Vec<Value>> = HashMap::new();
    let mut token = Value::Null;
    loop {
        let page = json!({ "page": { "size": size, "token": token } });
        let mut answer = caller.with(page).ask(capability, json!({}));
        assert_eq!(answer["error"], Value::Null, "{capability}");
        for (name, list) in answer["response"].as_object_mut().unwrap() {
            joined.entry(name.clone()).or_default().append(list.as_array_mut().unwrap());
        }
        token = answer["page"]["token"].take();
        if token.is_null() {
            return joined;
        }
    }
}

/// The graph, which is the same in pages of any size.
fn whole(capability: &str) -> HashMap<String, Vec<Value>> {
    let whole = graph(&caller(), capability, 10_000);
    for size in [1, 2, 4] {
        assert_eq!(graph(&caller(), capability, size), whole, "{capability} by {size}");
    }
    whole
}

fn pair(item: &Value, fields: [&str; 2]) -> [String; 2] {
    fields.map(|field| item[field].as_str().unwrap().to_owned())
}

/// The entitlement and the resource of a node's identifier.
fn identifier(item: &Value) -> [String; 2] {
    pair(item, ["entitlement_id", "resource_id"])
}

#[test]
fn nodes_are_the_listed_entitlements() {
    let listed = caller().pages("list_entitlements", json!({}), 10_000).items;
    let listed: Vec<_> = listed
        .iter()
        .map(|item| pair(item, ["integration_specific_id", "integration_specific_resource_id"]))
        .collect();
    let graph = whole("find_entitlement_graph");
    let nodes: Vec<_> = graph["nodes"].iter().map(|node| pair(node, ["id", "resource_id"])).collect();
    assert_eq!(nodes, listed);
    for empty in ["custom_attributes", "access_graph_entitlement_rules", "access_graph_implied_access_rules"]
    {
        assert!(graph[empty].is_empty(), "{empty}");
    }
}

#[test]
fn whoever_holds_an_entitlement_holds_what_it_implies() {
    let mut holders: HashMap<[String; 2], HashSet<String>> = HashMap::new();
    for association in caller().pages("find_entitlement_associations", json!({}), 10_000).items {
        let held = ["integration_specific_entitlement_id", "integration_specific_resource_id"];
        let account = association["account_id"].as_str().unwrap().to_owned();
        holders.entry(pair(&association, held)).or_default().insert(account);
    }
    let implications = &whole("find_entitlement_graph")["entitlement_implications"];
    assert_eq!(implications.len(), 8, "all but the membership of everyone imply another");
    for implication in implications {
        let from = &holders[&identifier(&implication["from_entitlement"])];
        for to in implication["to_entitlements"].as_array().unwrap() {
            assert!(from.is_subset(&holders[&identifier(to)]), "{implication}");
        }
    }
    let admin = json!({ "entitlement_id": "sales-admin", "resource_id": "sales" });
    let member = json!({ "entitlement_id": "sales-member", "resource_id": "sales" });
    assert!(implications.contains(&json!({ "from_entitlement": admin, "to_entitlements": [member] })));
}

#[test]
fn resources_are_the_listed_groups_and_everyone_has_the_others_as_subgroups() {
    let listed = caller().pages("list_resources", json!({}), 10_000).items;
    let listed: Vec<_> = listed.iter().map(|item| &item["integration_specific_id"]).collect();
    let graph = whole("find_resource_graph");
    assert_eq!(graph["resources"].iter().map(|resource| &resource["id"]).collect::<Vec<_>>(), listed);
    let subgroups = json!({ "from_id": "everyone", "to_ids": listed[1..], "label": "subgroup" });
    assert_eq!(graph["resource_relationships"], [subgroups]);
}
