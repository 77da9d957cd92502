//! Simulated failures.

use std::time::{Duration, Instant};

use connector::Wire;
use connector::testing::TestClient;
use serde_json::{Value, json};

use crate::support::{ask, error, requests};

#[test]
fn every_capability_succeeds() {
    for (capability, request) in requests() {
        for include in [false, true] {
            let answer = ask(capability, request.clone(), json!({ "include_raw_data": include }));
            assert!(answer["response"].is_object(), "{capability}: {answer}");
            assert_eq!(answer["error"], Value::Null);
        }
    }
    let standard = connector::standard_capabilities();
    assert_eq!(requests().len(), standard.iter().filter(|known| known.classic_name.is_some()).count());
}

#[test]
fn every_capability_fails_with_the_configured_status() {
    for (status, code) in [
        (400, "bad_request"),
        (401, "unauthorized"),
        (403, "permission_denied"),
        (404, "not_found"),
        (429, "api_error"),
        (500, "api_error"),
        (599, "api_error"),
    ] {
        for (capability, request) in requests() {
            let answer = ask(capability, request, json!({ "settings": { "fail_with_status": status } }));
            let error = &answer["error"];
            assert_eq!(error["error_code"], format!("mock-connector.{code}"), "{capability}: {answer}");
            assert_eq!(error["status_code"], status, "{capability}");
            assert_eq!(error["raised_by"], "HttpStatusError", "{capability}");
            let function = capability.replace('-', "_");
            let raised_in = error["raised_in"].as_str().unwrap();
            assert!(raised_in.ends_with(&format!(":{function}")), "{raised_in}");
        }
    }
}

#[test]
fn every_capability_with_credentials_rejects_a_wrong_password() {
    for (capability, request) in requests() {
        let auth = json!({ "model": "basic", "username": "u", "password": "wrong" });
        let answer = ask(capability, request, json!({ "auth": auth }));
        if ["get_authorization_url", "handle_authorization_callback", "refresh_access_token"]
            .contains(&capability)
        {
            assert!(answer["error"].is_null(), "{capability}: {answer}");
            continue;
        }
        assert_eq!(answer["error"]["error_code"], "mock-connector.unauthorized", "{capability}");
        assert_eq!(answer["error"]["status_code"], 401, "{capability}");
    }
}

#[test]
fn panics_are_internal_errors_without_their_message() {
    for (capability, request) in requests() {
        let (code, message) = error(capability, request, json!({ "settings": { "panic": true } }));
        assert_eq!(code, "internal_error", "{capability}");
        assert!(!message.contains("setting"), "{message}");
    }
}

#[test]
fn calls_take_at_least_the_delay() {
    for (capability, request) in requests() {
        let start = Instant::now();
        ask(capability, request, json!({ "settings": { "delay_ms": 30 } }));
        assert!(start.elapsed() >= Duration::from_millis(30), "{capability}");
    }
}

#[test]
fn a_delay_beyond_the_deadline_fails_the_call() {
    let integration = mock_connector::integration().with_deadline(Some(Duration::from_millis(20)));
    let slow = TestClient::new(integration).with(json!({
        "auth": { "model": "basic", "username": "u", "password": "p" },
        "settings": { "delay_ms": 60_000 },
    }));
    assert_eq!(slow.error("validate-credentials", json!({})).code, "internal_error");
}

#[test]
fn openapi_distinguishes_upstream_failures() {
    let integration = mock_connector::integration().with_wire(Wire::OpenApi).unwrap();
    let caller = TestClient::new(integration)
        .with(json!({ "auth": { "basic": { "username": "u", "password": "p" } } }));
    for (status, code) in
        [(404, "not_found"), (429, "rate_limit"), (500, "bad_gateway"), (503, "service_error")]
    {
        let failing = caller.with(json!({ "settings": { "fail_with_status": status } }));
        let answer = failing.ask("list_accounts", json!({}));
        assert_eq!(answer["error"]["error_code"], code);
        assert_eq!(answer["error"]["status_code"], status);
    }
}
