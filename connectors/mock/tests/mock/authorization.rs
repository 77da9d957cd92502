//! The OAuth flow.

use serde_json::{Value, json};

use crate::support::{answer, ask, error};

fn callback(uri: &str, state: Value) -> Value {
    json!({ "client_id": "c", "client_secret": "s", "redirect_uri_with_code": uri, "state": state })
}

#[test]
fn tokens_are_derived_from_client_and_code() {
    let capability = "handle_authorization_callback";
    let tokens = answer(capability, callback("https://host/?code=one&state=x", "x".into()), json!({}));
    assert_eq!((&tokens["token_type"], &tokens["state"]), (&json!("bearer"), &json!("x")));
    assert_ne!(tokens["access_token"], tokens["refresh_token"]);
    let again = answer(capability, callback("https://host/?code=%6Fne", "x".into()), json!({}));
    assert_eq!(tokens, again);
    let other = answer(capability, callback("https://host/?code=two", Value::Null), json!({}));
    assert_ne!(tokens["access_token"], other["access_token"]);

    let refresh = json!({
        "client_id": "c", "client_secret": "s", "refresh_token": tokens["refresh_token"], "state": "x",
    });
    let refreshed = answer("refresh_access_token", refresh.clone(), json!({}));
    assert_eq!(refreshed["state"], "x");
    assert_ne!(refreshed["access_token"], tokens["access_token"]);
    assert_eq!(refreshed, answer("refresh_access_token", refresh, json!({})));
}

#[test]
fn callback_without_a_code_is_rejected() {
    for uri in ["https://host/", "https://host/?code=", "https://host/#code=x", "https://host/?state=x"] {
        let (code, _) = error("handle_authorization_callback", callback(uri, Value::Null), json!({}));
        assert_eq!(code, "bad_request", "{uri}");
    }
}

#[test]
fn callback_with_another_state_is_rejected() {
    let request = callback("https://host/?code=x&state=theirs", "mine".into());
    assert_eq!(error("handle_authorization_callback", request, json!({})).0, "bad_request");
}

#[test]
fn denied_authorization_is_reported() {
    let error_of = |uri| error("handle_authorization_callback", callback(uri, Value::Null), json!({}));
    let (code, message) = error_of("https://host/?error=access_denied&state=x");
    assert_eq!(code, "unauthorized");
    assert!(message.ends_with("access_denied"), "{message}");
    let (code, message) = error_of("https://host/?error=canary&code=x");
    assert_eq!(code, "unauthorized");
    assert!(!message.contains("canary"), "{message}");
}

#[test]
fn wrong_client_secret_is_rejected_by_the_upstream() {
    let callback = json!({ "client_id": "c", "client_secret": "wrong", "redirect_uri_with_code": "https://host/?code=x", "state": null });
    let refresh = json!({ "client_id": "c", "client_secret": "wrong", "refresh_token": "x", "state": null });
    for (capability, request) in
        [("handle_authorization_callback", callback), ("refresh_access_token", refresh)]
    {
        let answer = ask(capability, request, json!({}));
        assert_eq!(answer["error"]["error_code"], "mock-connector.unauthorized", "{answer}");
        assert_eq!(answer["error"]["status_code"], 401);
    }
}

#[test]
fn raw_data_contain_no_token() {
    let request = callback("https://host/?code=x", Value::Null);
    let answer = ask("handle_authorization_callback", request, json!({ "include_raw_data": true }));
    assert_eq!(answer["raw_data"], json!({ "token_type": "bearer", "expires_in": 3600 }));
}
