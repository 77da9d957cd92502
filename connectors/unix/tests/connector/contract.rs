//! The contract, checked on a machine without anything unusual. Nothing is changed: that needs the tools of the system.

use connector::Wire;
use connector::testing::contract::assert_contract;
use serde_json::{Value, json};

use crate::image::Image;

#[test]
fn both_formats_honor_the_contract() {
    let image = Image::new();
    for wire in [Wire::Classic, Wire::OpenApi] {
        let integration = image.integration().with_wire(wire).unwrap();
        println!("{}", assert_contract(&integration, fixture(&image)));
    }
}

fn fixture(image: &Image) -> Value {
    json!({
        "settings": { "root": image.path("") },
        "resource_types": ["group", "host"],
        "account_id": "alice",
        "assignment": {
            "account_id": "carol",
            "resource_id": "dev",
            "resource_type": "group",
            "entitlement_id": "member",
            "entitlement_type": "member",
        },
    })
}
