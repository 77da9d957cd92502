//! The contract, about a machine without anything odd. Nothing is changed: that needs the tools of the system.

use serde_json::{Value, json};

use crate::image::Image;

connector::testing::contract!(unix_connector::integration(), fixture(&Image::new()));

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
