//! The openapi format.

use std::collections::HashSet;

use connector::Wire;
use connector::testing::TestClient;
use serde_json::{Value, json};

use crate::image::Image;
use crate::support::ids;

fn caller(image: &Image) -> TestClient {
    image.caller_of(image.integration().with_wire(Wire::OpenApi).unwrap())
}

fn call(image: &Image, capability: &str, request: Value, more: Value) -> Value {
    caller(image).with(more).ask(capability, request)
}

/// A machine with a group that has the ID of the host.
fn with_a_group_called_host() -> Image {
    let image = Image::new();
    image.rewrite("etc/group", |lines| lines.push("host:x:3000:bob"));
    image.rewrite("etc/gshadow", |lines| lines.push("host:!::bob"));
    image
}

fn texts<const N: usize>(item: &Value, names: [&str; N]) -> [String; N] {
    names.map(|name| item[name].as_str().unwrap().to_owned())
}

/// What identifies an entitlement.
fn place(entitlement: &Value) -> [String; 2] {
    texts(entitlement, ["integration_specific_resource_id", "integration_specific_id"])
}

#[test]
fn accounts_are_a_list_with_account_types() {
    let response = call(&Image::new(), "list_accounts", json!({}), json!({}));
    let types = response["response"].as_array().unwrap().iter().map(|account| &account["account_type"]);
    assert_eq!(types.collect::<Vec<_>>(), ["user", "user", "user", "service", "service"]);
}

#[test]
fn associations_name_accounts_by_id_and_can_be_partial() {
    let image = Image::new();
    image.remove("etc/sudoers");
    let response = call(&image, "find_entitlement_associations", json!({}), json!({}));
    let first = json!({
        "account_id": "alice",
        "integration_specific_entitlement_id": "member",
        "integration_specific_resource_id": "alice",
    });
    assert_eq!(response["response"][0], first);
    assert_eq!(response["partial"]["reason"], "etc/sudoers: missing");
}

#[test]
fn resources_of_all_types_are_listed_page_by_page() {
    let image = with_a_group_called_host();
    let listed = |size| caller(&image).pages("list_resources", json!({}), size);
    let whole = listed(10_000).items;
    assert_eq!(ids(&whole), ["alice", "dev", "host", "nogroup", "root", "sudo", "users", "host"]);
    let types = whole.iter().map(|resource| resource["resource_type"].as_str().unwrap());
    assert_eq!(types.collect::<Vec<_>>(), [["group"; 7].as_slice(), &["host"]].concat());
    let host = json!({
        "integration_specific_id": "host",
        "label": "web1",
        "resource_type": "host",
        "extra_data": { "hostname": "web1" },
        "description": null,
    });
    assert_eq!(whole[7], host);
    assert_eq!(whole[1]["extra_data"], json!({ "gid": "2000" }));
    for size in 1..=9 {
        let pages = listed(size);
        assert_eq!(pages.items, whole, "by {size}");
        assert_eq!(pages.sizes.len(), 8_usize.div_ceil(size), "by {size}");
    }
}

#[test]
fn entitlements_on_all_resources_have_pages() {
    let image = with_a_group_called_host();
    let listed = |size| caller(&image).pages("list_entitlements", json!({}), size);
    let whole = listed(10_000).items;
    let mut one_by_one = Vec::new();
    for resource_type in ["group", "host"] {
        let request = json!({ "resource_type": resource_type });
        let resources = image.response("list-resources", request, json!({}))["resources"].take();
        for id in ids(resources.as_array().unwrap()) {
            let request = json!({ "resource_type": resource_type, "resource_integration_specific_id": id });
            let found = image.response("list-entitlements", request, json!({}))["entitlements"].take();
            one_by_one.extend(found.as_array().unwrap().clone());
        }
    }
    for entitlement in &mut one_by_one {
        entitlement["description"] = Value::Null;
        entitlement["custom_attributes"] = Value::Null;
    }
    assert_eq!(whole, one_by_one, "as they are listed for each resource");
    assert_eq!(whole.iter().map(place).collect::<HashSet<_>>().len(), 15, "none twice");
    for size in 1..=16 {
        let pages = listed(size);
        assert_eq!(pages.items, whole, "by {size}");
        assert_eq!(pages.sizes.len(), 15_usize.div_ceil(size), "by {size}");
    }
}

#[test]
fn changing_groups_hide_and_repeat_no_entitlements_of_others() {
    let image = Image::new();
    let pages = caller(&image).pages_with("list_entitlements", json!({}), 3, |page| {
        image.rewrite("etc/group", |lines| match page {
            // The first group is on the first page, and a part of the second one.
            1 => lines.retain(|line| !line.starts_with("alice:") && !line.starts_with("dev:")),
            2 => lines.insert(0, "aaa:x:4000:"),
            _ => lines.reverse(),
        });
    });
    let found: Vec<_> = pages.items.iter().map(place).collect();
    let mut expected = vec![
        ["alice", "administrator"].map(str::to_owned),
        ["alice", "member"].map(str::to_owned),
        ["dev", "administrator"].map(str::to_owned),
    ];
    for group in ["nogroup", "root", "sudo", "users"] {
        expected.extend(["administrator", "member"].map(|id| [group, id].map(str::to_owned)));
    }
    expected.push(["host", "sudo"].map(str::to_owned));
    assert_eq!(found, expected);
}

#[test]
fn without_groups_the_host_is_listed() {
    let image = Image::new();
    image.remove("etc/group");
    for capability in ["list_resources", "list_entitlements"] {
        let response = call(&image, capability, json!({}), json!({}));
        assert_eq!(response["response"].as_array().unwrap().len(), 1, "{response}");
        assert_eq!(response["partial"]["reason"], "etc/group: missing", "{response}");
    }
}

#[test]
fn raw_data_of_resources_are_groups() {
    let more = json!({ "page": { "size": 4 }, "include_raw_data": true });
    let first = call(&Image::new(), "list_resources", json!({}), more);
    let page = json!({ "size": 4, "token": first["page"]["token"] });
    let more = json!({ "page": page, "include_raw_data": true });
    let second = call(&Image::new(), "list_resources", json!({}), more);
    let names = second["raw_data"]["group"].as_array().unwrap().iter().map(|line| &line["name"]);
    assert_eq!(names.collect::<Vec<_>>(), ["sudo", "users"]);
    assert_eq!(second["response"].as_array().unwrap().len(), 3);
    let rejected = call(&Image::new(), "list_entitlements", json!({}), json!({ "page": page }));
    assert_eq!(rejected["error"]["error_code"], "invalid_page_token", "a token of another listing");
}

#[test]
fn the_tenant_id_does_not_reveal_the_machine_id() {
    const MACHINE_ID: &str = "0123456789abcdef0123456789abcdef";
    let image = Image::new();
    image.set("etc/machine-id", &format!("{MACHINE_ID}\n"));
    let response = call(&image, "validate_credentials", json!({}), json!({ "include_raw_data": true }));
    let expected = json!({ "valid": true, "unique_tenant_id": "93193045904b4db5a6f3dd5f44adc1fa" });
    assert_eq!(response["response"], expected);
    assert!(!response.to_string().contains(MACHINE_ID), "{response}");
    image.set("etc/hostname", "web2\n");
    let renamed = call(&image, "validate_credentials", json!({}), json!({}));
    assert_eq!(renamed["response"], expected, "the hostname does not matter");
}

#[test]
fn a_machine_without_an_id_is_identified_by_its_hostname() {
    let image = Image::new();
    let id =
        || call(&image, "validate_credentials", json!({}), json!({}))["response"]["unique_tenant_id"].take();
    assert_eq!(id(), "web1");
    for not_yet in ["", "uninitialized\n"] {
        image.set("etc/machine-id", not_yet);
        assert_eq!(id(), "web1", "{not_yet:?}");
    }
}

#[test]
fn a_machine_without_an_identity_is_valid_in_classic_and_an_error_in_openapi() {
    let (nameless, unreadable) = (Image::new(), Image::new());
    nameless.remove("etc/hostname");
    unreadable.set("etc/machine-id", "");
    unreadable.make_unreadable("etc/machine-id");
    for image in [nameless, unreadable] {
        assert_eq!(image.response("validate-credentials", json!({}), json!({})), json!({ "valid": true }));
        let error = call(&image, "validate_credentials", json!({}), json!({}))["error"].take();
        assert!(error["message"].as_str().unwrap().contains("`unique_tenant_id`"), "{error}");
    }
}

#[test]
fn an_existing_account_is_not_created() {
    let request = json!({ "username": "alice", "entitlements": [] });
    let error = call(&Image::new(), "create_account", request, json!({}))["error"].clone();
    assert_eq!(error["error_code"], "bad_request");
    assert_eq!(error["app_error_code"], "unix.bad_request.already_exists");
}

#[test]
fn a_write_that_finds_the_requested_state_changes_nothing() {
    let image = Image::new();
    let membership = json!({
        "account_integration_specific_id": "alice",
        "resource_integration_specific_id": "alice",
        "resource_type": "group",
        "entitlement_integration_specific_id": "member",
        "entitlement_type": "member",
    });
    for (capability, request) in
        [("activate_account", json!({ "account_id": "alice" })), ("assign_entitlement", membership)]
    {
        let summary = call(&image, capability, request, json!({}))["execution_summary"].take();
        let noop = json!({ "kind": "noop", "reason": "state_already_matches" });
        assert_eq!((&summary["effect"], &summary["is_idempotent"]), (&noop, &json!(true)), "{capability}");
    }
}
