//! Successful calls.

use crate::hub::{ask, integration};

#[test]
fn an_async_method_gets_the_credentials_and_settings() {
    let answer = ask(&integration(), "list_accounts", "{}");
    assert_eq!(answer["response"]["accounts"][0]["username"], "ada@example.com", "{answer}");
}

#[test]
fn blocking_methods_may_block() {
    let answer = ask(&integration(), "validate_credentials", "{}");
    assert_eq!(answer["response"]["valid"], true, "{answer}");
}

#[test]
fn all_calls_share_one_value() {
    let integration = integration();
    ask(&integration, "validate_credentials", "{}");
    let answer = ask(&integration, "list_accounts", "{}");
    assert_eq!(answer["response"]["accounts"][0]["integration_specific_id"], "2", "{answer}");
    let answer = ask(&integration, "rotate_badge", r#"{"account_id": "7"}"#);
    assert_eq!(answer["response"]["badge"], "7-3", "{answer}");
}

#[test]
fn into_builder_returns_an_ordinary_builder() {
    assert_eq!(integration().version(), "1.2.3");
    assert_eq!(integration().app_id(), "hub");
}
