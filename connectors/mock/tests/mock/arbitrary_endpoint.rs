//! Reads of the simulated upstream's own API.

use serde_json::{Value, json};

use crate::openapi::caller;

fn fulfill(payload: Value, more: Value) -> Value {
    caller().with(more).answer("fulfill_arbitrary_endpoint", payload)
}

#[test]
fn users_are_those_that_are_listed() {
    let response = fulfill(json!({ "url": "/users/3" }), json!({}));
    assert_eq!((&response["ok"], &response["status_code"]), (&json!(true), &json!(200)));
    assert_eq!(response["resolved_url"], "https://mock.example.com/users/3");
    let user: Value = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();
    let listing = caller().with(json!({ "include_raw_data": true })).ask("list_accounts", json!({}));
    assert_eq!(user, listing["raw_data"]["users"][3]);
    let all = fulfill(json!({ "url": "https://mock.example.com/users" }), json!({}));
    let all: Value = serde_json::from_str(all["body"].as_str().unwrap()).unwrap();
    assert_eq!((&all["users"][3], &all["total"]), (&user, &json!(250)));
}

#[test]
fn statuses_of_the_upstream_are_responses_except_401() {
    let response = fulfill(json!({ "url": "/users/250" }), json!({}));
    assert_eq!((&response["ok"], &response["status_code"]), (&json!(false), &json!(404)));
    let response = fulfill(json!({ "url": "/users" }), json!({ "settings": { "fail_with_status": 503 } }));
    assert_eq!((&response["ok"], &response["status_code"]), (&json!(false), &json!(503)));
    for more in [
        json!({ "settings": { "fail_with_status": 401 } }),
        json!({ "auth": { "basic": { "username": "u", "password": "wrong" } } }),
    ] {
        let error = caller().with(more).error("fulfill_arbitrary_endpoint", json!({ "url": "/users" }));
        assert_eq!(error.code, "unauthorized");
    }
}

#[test]
fn everything_else_is_rejected() {
    for payload in [
        json!({ "url": "https://evil.example/users" }),
        json!({ "url": "https://mock.example.com.evil.example/users" }),
        json!({ "url": "http://mock.example.com/users" }),
        json!({ "url": "//evil.example/users" }),
        json!({ "url": "/users/../groups" }),
        json!({ "url": "/users?id=3" }),
        json!({ "url": "/users", "method": "POST" }),
        json!({ "url": "/users", "body": "{}" }),
        json!({ "url": "/users", "headers": { "Accept": "*/*" } }),
    ] {
        let response = fulfill(payload.clone(), json!({}));
        assert_eq!((&response["ok"], &response["status_code"]), (&json!(false), &Value::Null), "{payload}");
        assert!(response["error"].is_string(), "{payload}");
    }
}
