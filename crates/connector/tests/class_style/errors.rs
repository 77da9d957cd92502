//! Failed calls: `on_error` and `raised_in`.

use serde_json::json;

use crate::hub::{ask, integration};

#[test]
fn errors_are_handled_by_the_handler_of_their_type() {
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
fn errors_get_the_code_registered_with_their_handler() {
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
