//! Valid and invalid settings.

use serde_json::{Value, json};

use crate::support::{answer, ask, error};

fn rejection_message(settings: Value) -> String {
    let (code, message) = error("validate-credentials", json!({}), json!({ "settings": settings }));
    assert_eq!(code, "bad_request", "{message}");
    message
}

#[test]
fn settings_out_of_bounds_are_rejected_by_name() {
    for (settings, expected) in [
        (json!({ "accounts": 10_000_001 }), "settings.accounts: expected an integer from 0 to 10000000"),
        (json!({ "accounts": -1 }), "settings.accounts: expected an integer from 0 to 10000000"),
        (json!({ "accounts": u64::MAX }), "settings.accounts: expected an integer from 0 to 10000000"),
        (json!({ "accounts": 2.5 }), "settings.accounts: expected an integer from 0 to 10000000"),
        (json!({ "accounts": "5" }), "settings.accounts: expected an integer from 0 to 10000000"),
        (
            json!({ "fail_with_status": 399 }),
            "settings.fail_with_status: expected an integer from 400 to 599",
        ),
        (
            json!({ "fail_with_status": 600 }),
            "settings.fail_with_status: expected an integer from 400 to 599",
        ),
        (
            json!({ "fail_with_status": 65_936 }),
            "settings.fail_with_status: expected an integer from 400 to 599",
        ),
        (json!({ "delay_ms": 60_001 }), "settings.delay_ms: expected an integer from 0 to 60000"),
        (json!({ "panic": "yes" }), "settings.panic: expected a boolean"),
        (json!({ "acounts": 5 }), "settings: unknown field, expected \"accounts\""),
        (json!([]), "settings: expected an object"),
    ] {
        let message = rejection_message(settings.clone());
        assert!(message.starts_with(expected), "{settings}: {message}");
    }
}

#[test]
fn settings_at_their_bounds_are_accepted() {
    for settings in [
        json!({ "accounts": 0 }),
        json!({ "accounts": 10_000_000, "delay_ms": 0, "panic": false }),
        json!({ "accounts": null, "fail_with_status": null, "delay_ms": null, "panic": null }),
        json!({}),
        Value::Null,
    ] {
        let response = answer("validate-credentials", json!({}), json!({ "settings": settings }));
        assert_eq!(response, json!({ "valid": true }));
    }
    for status in [400, 599] {
        let settings = json!({ "fail_with_status": status });
        let answer = ask("validate-credentials", json!({}), json!({ "settings": settings }));
        assert_eq!(answer["error"]["status_code"], status);
    }
}
