//! The description of the connector for a tenant, and how current the tenant's data is.

use serde_json::{Value, json};

use crate::openapi::caller;

fn info() -> Value {
    caller().answer("info", json!({}))
}

#[test]
fn connected_info_is_info() {
    let connected = caller().answer("connected_info", json!({}));
    let mut info = info();
    info.as_object_mut().unwrap().remove("error_codes");
    assert_eq!(connected, info);
    assert_eq!(connected["app_vendor_domain"], "mock.example.com");
    assert_eq!(connected["resource_types"], json!([{ "type_id": "group", "type_label": "Group" }]));
    let entitlement_type = &connected["entitlement_types"][0];
    assert_eq!((&entitlement_type["type_id"], &entitlement_type["min"]), (&"membership".into(), &0.into()));
}

#[test]
fn types_are_those_of_the_listings() {
    let connected = caller().answer("connected_info", json!({}));
    for resource in caller().pages("list_resources", json!({}), 100).items {
        assert_eq!(resource["resource_type"], connected["resource_types"][0]["type_id"]);
    }
    for entitlement in caller().pages("list_entitlements", json!({}), 100).items {
        assert_eq!(entitlement["entitlement_type"], connected["entitlement_types"][0]["type_id"]);
    }
}

#[test]
fn recency_is_later_than_everything_listed() {
    let data = caller().answer("get_data_recency", json!({}))["data"].take();
    let capabilities = info()["capabilities"].take();
    for (capability, at) in data.as_object().unwrap() {
        assert!(capabilities.as_array().unwrap().contains(&capability.as_str().into()), "{capability}");
        assert_eq!(at, "2024-12-31T00:00:00Z", "{capability}");
    }
    for (capability, request, field) in [
        ("list_expenses", json!({ "filters": {} }), "transaction_date"),
        ("get_credential_last_activity", json!({}), "happened_at"),
        ("get_non_human_account_last_activity", json!({}), "happened_at"),
    ] {
        let listed = caller().pages(capability, request, 10_000).items;
        assert!(!listed.is_empty(), "{capability}");
        for item in listed {
            assert!(item[field].as_str() < data[capability].as_str(), "{capability}: {item}");
        }
    }
}
