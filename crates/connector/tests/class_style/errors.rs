//! Calls that fail: `on_error`, and where an error says it was raised.

use serde_json::json;

use crate::hub::{ask, integration};

#[test]
fn an_error_goes_through_the_handler_of_its_type() {
    let answer = ask(&integration(), "create_account", r#"{"account": {}, "entitlements": []}"#);
    assert_eq!(
        answer["error"],
        json!({
            "message": "POST https://hub.example.com/users: upstream answered 403: no", "status_code": 403,
            "error_code": "hub.permission_denied", "raised_by": "HttpStatusError",
            "raised_in": "class_style.hub:create_account",
        })
    );
}

#[test]
fn an_error_gets_the_code_that_its_handler_was_registered_with() {
    let answer = ask(&integration(), "rotate_badge", r#"{"account_id": "fire"}"#);
    assert_eq!(
        answer["error"],
        json!({
            "message": "the badge printer is on fire", "status_code": null,
            "error_code": "hub.on_fire", "raised_by": "class_style::OnFire",
            "raised_in": "class_style.hub:rotate",
        })
    );
}
