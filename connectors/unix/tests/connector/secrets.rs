//! Password hashes never leave the machine.

use std::sync::Arc;

use connector::Wire;
use connector::capability::Effect;
use serde_json::{Value, json};

use crate::image::Image;
use crate::support::requests;

const CANARY: &str = "$6$canary$CANARYCANARYCANARY";

/// The machine with a hash wherever a password can stand, in valid and malformed lines.
fn planted() -> Image {
    let image = Image::new();
    image.rewrite("etc/passwd", |lines| lines.push("old:$6$canary$CANARYCANARYCANARY:1003:100::/:/bin/sh"));
    image.rewrite("etc/passwd", |lines| lines.push("malformed:$6$canary$CANARYCANARYCANARY:x"));
    image.set(
        "etc/shadow",
        &format!(
            "alice:{CANARY}:1::::::\nbob:!{CANARY}:1::::::\ncarol:!!{CANARY}:1:::::1:\n{CANARY}:x:1:::::x:\n"
        ),
    );
    image.rewrite("etc/group", |lines| lines.push("secret:$6$canary$CANARYCANARYCANARY:3000:alice"));
    image.set("etc/gshadow", &format!("dev:{CANARY}:alice:bob,alice\nsecret:{CANARY}::alice\n{CANARY}\n"));
    image
}

#[test]
fn listings_contain_no_hashes() {
    let image = planted();
    for wire in [Wire::Classic, Wire::OpenApi] {
        let integration = Arc::new(unix_connector::integration().with_wire(wire).unwrap());
        let caller = image.caller_of(Arc::clone(&integration)).with(json!({ "include_raw_data": true }));
        let reads = |name: &str| {
            integration.capabilities().any(|known| {
                known.effect == Effect::Read && known.name.replace('-', "_") == name.replace('-', "_")
            })
        };
        let requests: Vec<_> = requests().into_iter().filter(|(name, _)| reads(name)).collect();
        assert_eq!(requests.len(), 6);
        for (capability, request) in requests {
            let response = caller.ask(capability, request);
            assert_eq!(response["error"], Value::Null, "{capability}");
            let response = response.to_string();
            assert!(!response.to_lowercase().contains("canary"), "{capability}: {response}");
        }
    }
}

#[test]
fn accounts_with_a_planted_hash_are_listed() {
    let image = planted();
    let response = image.call("list-accounts", json!({}), json!({ "include_raw_data": true }));
    let names = response["raw_data"]["passwd"].as_array().unwrap().iter().map(|line| &line["name"]);
    assert_eq!(names.collect::<Vec<_>>(), ["alice", "bob", "carol", "nobody", "old", "root"]);
    let status = |at: usize| response["response"]["accounts"][at]["user_status"].clone();
    assert_eq!([status(0), status(1), status(4)], ["ACTIVE", "SUSPENDED", "ACTIVE"].map(Value::from));
}
