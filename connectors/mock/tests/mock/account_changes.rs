//! Updates of accounts, and the listing of those that have changed.

use connector::testing::Pages;
use serde_json::{Value, json};

use crate::openapi::caller;

const UPDATED: &str = "list_updated_accounts";

fn updated(request: Value, size: usize) -> Pages {
    caller().pages(UPDATED, request, size)
}

fn accounts(request: Value) -> Vec<Value> {
    updated(request, 10_000).items
}

fn all_accounts() -> Vec<Value> {
    caller().pages("list_accounts", json!({}), 10_000).items
}

#[test]
fn without_a_time_all_accounts_are_listed() {
    assert_eq!(accounts(json!({})), all_accounts());
    let attributes = json!({ "custom_attributes": ["manager"] });
    let listed = caller().pages("list_accounts", &attributes, 10_000).items;
    assert_eq!(accounts(attributes), listed);
}

#[test]
fn a_later_time_lists_fewer_accounts() {
    let all = all_accounts();
    // Of 250 accounts, 1 or 0 change every day.
    for (since, unchanged) in [
        ("2023-05-01T00:00:00Z", 0),
        ("2024-01-01T00:00:00Z", 0),
        ("2024-01-01T00:00:00.5Z", 1),
        ("2024-02-01T00:00:00Z", 22),
        ("2024-02-01T01:00:00+01:00", 22),
        ("2024-12-29T00:00:00Z", 249),
        ("2024-12-30T00:00:00Z", 250),
        ("9998-12-31T00:00:00Z", 250),
    ] {
        assert_eq!(accounts(json!({ "since": since })), all[unchanged..], "{since}");
    }
}

#[test]
fn page_size_does_not_change_the_updated_accounts() {
    let request = json!({ "since": "2024-10-01T00:00:00Z" });
    let whole = accounts(request.clone());
    assert!(whole.len() > 50 && whole.len() < 70, "{}", whole.len());
    for size in 1..=whole.len() + 1 {
        assert_eq!(updated(request.clone(), size).items, whole, "in pages of {size}");
    }
}

#[test]
fn only_the_last_page_has_a_cursor() {
    let page = |page: Value| caller().with(json!({ "page": page })).ask(UPDATED, json!({}));
    let first = page(json!({ "size": 200 }));
    assert_eq!(first["response"]["cursor"], Value::Null);
    let last = page(json!({ "size": 200, "token": first["page"]["token"] }));
    assert_eq!(last["page"], Value::Null);
    let cursor = &last["response"]["cursor"];
    assert!(cursor.is_string(), "{last}");

    // Nothing changes after the last page. The cursor overrides the time.
    let request = json!({ "cursor": cursor, "since": "2024-01-01T00:00:00Z" });
    let later = caller().answer(UPDATED, request);
    assert_eq!(later, json!({ "accounts": [], "cursor": cursor }));
}

#[test]
fn an_empty_tenant_has_a_cursor_too() {
    let empty = caller().with(json!({ "settings": { "accounts": 0 } })).answer(UPDATED, json!({}));
    assert_eq!(empty["accounts"], json!([]));
    assert!(empty["cursor"].is_string(), "{empty}");
}

#[test]
fn the_end_of_ten_million_accounts_is_found() {
    let settings = json!({ "accounts": 10_000_000 });
    let request = json!({ "since": "2024-12-30T00:00:00Z" });
    let last_day = caller().with(json!({ "settings": settings })).pages(UPDATED, request, 10_000).items;
    assert_eq!(last_day.len(), 10_000_000 / 365);
    assert_eq!(last_day.last().unwrap()["integration_specific_id"], "9999999");
}

#[test]
fn invalid_cursors_and_tokens_of_another_time_are_rejected() {
    let error = caller().error(UPDATED, json!({ "cursor": "yesterday" }));
    assert_eq!(error.code, "bad_request");
    assert!(error.message.starts_with("cursor: "), "{}", error.message);

    let first = caller().with(json!({ "page": { "size": 1 } })).ask(UPDATED, json!({}));
    let page = json!({ "size": 1, "token": first["page"]["token"] });
    let later = json!({ "since": "2024-10-01T00:00:00Z" });
    assert_eq!(caller().with(json!({ "page": page })).error(UPDATED, later).code, "invalid_page_token");
}

#[test]
fn any_field_of_an_account_can_be_updated() {
    for (field, value) in [
        ("email", "ada@example.org"),
        ("email", "USER3@example.com"),
        ("username", "ada"),
        ("username", "user3"),
        ("given_name", "Ada"),
        ("family_name", "Lovelace"),
    ] {
        let answer = caller()
            .with(json!({ "include_raw_data": true }))
            .ask("update_account", json!({ "id": "3", field: value }));
        assert_eq!(answer["response"], json!({ "id": "3" }), "{field}");
        assert_eq!(answer["raw_data"]["changed"][field], value, "{field}");
    }
}

#[test]
fn invalid_updates_are_rejected() {
    for (changes, code, start) in [
        (json!({ "id": "250", "given_name": "Ada" }), "not_found", "id: "),
        (json!({ "id": "03", "given_name": "Ada" }), "not_found", "id: "),
        (json!({ "id": "3" }), "bad_request", "expected an email"),
        (json!({ "id": "3", "email": null }), "bad_request", "expected an email"),
        (json!({ "id": "3", "given_name": "Ada", "family_name": " " }), "bad_request", "family_name: "),
        (json!({ "id": "3", "email": "user4@example.com" }), "bad_request.already_exists", "email: "),
        (json!({ "id": "3", "username": "User249" }), "bad_request.already_exists", "username: "),
    ] {
        let error = caller().error("update_account", changes.clone());
        assert_eq!(error.code, code, "{changes}: {}", error.message);
        assert!(error.message.starts_with(start), "{changes}: {}", error.message);
    }
}
