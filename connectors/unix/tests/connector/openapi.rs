//! The capabilities that the openapi format has too, asked in it.

use connector::Wire;
use serde_json::{Value, json};

use crate::image::Image;

fn ask(image: &Image, capability: &str, request: Value, more: Value) -> Value {
    let integration = image.integration().with_wire(Wire::OpenApi).unwrap();
    image.caller_of(integration).with(more).ask(capability, request)
}

#[test]
fn accounts_are_a_bare_list_that_tells_persons_from_programs() {
    let answer = ask(&Image::new(), "list_accounts", json!({}), json!({}));
    let types = answer["response"].as_array().unwrap().iter().map(|account| &account["account_type"]);
    assert_eq!(types.collect::<Vec<_>>(), ["user", "user", "user", "service", "service"]);
}

#[test]
fn associations_name_accounts_by_id_and_may_be_partial() {
    let image = Image::new();
    image.remove("etc/sudoers");
    let answer = ask(&image, "find_entitlement_associations", json!({}), json!({}));
    let first = json!({
        "account_id": "alice",
        "integration_specific_entitlement_id": "member",
        "integration_specific_resource_id": "alice",
    });
    assert_eq!(answer["response"][0], first);
    assert_eq!(answer["partial"]["reason"], "etc/sudoers: missing");
}

#[test]
fn an_account_that_exists_is_not_created_again() {
    let request = json!({ "username": "alice", "entitlements": [] });
    let error = ask(&Image::new(), "create_account", request, json!({}))["error"].clone();
    assert_eq!(error["error_code"], "bad_request");
    assert_eq!(error["app_error_code"], "unix.bad_request.already_exists");
}
