//! How handlers should treat the upstream's rate limits.

use std::sync::mpsc::{Sender, channel};

use connector::capability::{
    ListAccounts, ListAccountsRequest, ListAccountsResponse, ReleaseResources, ReleaseResourcesRequest,
    ReleaseResourcesResponse,
};
use connector::model::{RateLimitMode, RateLimitStateSnapshot};
use connector::{Integration, IntegrationBuilder, NoAuth, NoSettings, Response, Result, Wire};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::ask;

/// What a handler received.
#[derive(Debug, PartialEq)]
struct Limits {
    mode: RateLimitMode,
    retries: u64,
    users: Option<RateLimitStateSnapshot>,
}

type Request<P> = connector::Request<P, NoSettings, NoAuth, Sender<Limits>>;
type Builder = IntegrationBuilder<NoSettings, NoAuth, Sender<Limits>>;

fn note<P>(request: &Request<P>) {
    let users = request.last_rate_limit("users").cloned();
    let limits = Limits { mode: request.rate_limit_mode(), retries: request.caller_retries(), users };
    let _ = request.state.send(limits);
}

async fn list_accounts(request: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
    note(&request);
    Ok(ListAccountsResponse::default().into())
}

async fn release(request: Request<ReleaseResourcesRequest>) -> Result<Response<ReleaseResourcesResponse>> {
    note(&request);
    Ok(ReleaseResourcesResponse::new(true).into())
}

fn request(rate_limit: &Value) -> String {
    json!({ "request": { "account_id": "7" }, "rate_limit": rate_limit }).to_string()
}

/// What the handler of a capability receives, if the author declares these modes and the caller sends this section.
fn limits(capability: &str, declare: fn(Builder) -> Builder, rate_limit: &Value) -> Limits {
    let (sender, seen) = channel();
    let builder = Integration::builder("app")
        .state(sender)
        .wire(Wire::OpenApi)
        .register(ListAccounts, list_accounts)
        .register(ReleaseResources, release);
    let response = ask(&declare(builder).build(), capability, &request(rate_limit));
    assert_eq!(response["error"], Value::Null, "{response}");
    seen.try_recv().expect("the handler was called")
}

fn mode(capability: &str, declare: fn(Builder) -> Builder, rate_limit: &Value) -> RateLimitMode {
    limits(capability, declare, rate_limit).mode
}

#[test]
fn reads_throttle_and_writes_do_not_by_default() {
    for rate_limit in [json!(null), json!({}), json!({ "caller_override_mode": null })] {
        assert_eq!(mode("list_accounts", |builder| builder, &rate_limit), RateLimitMode::Enforce);
        assert_eq!(mode("release_resources", |builder| builder, &rate_limit), RateLimitMode::RetryOnly);
    }
}

#[test]
fn a_capability_decides_over_the_connector_and_the_connector_over_the_caller() {
    let caller = json!({ "caller_override_mode": "bypass" });
    let of = |capability, declare| mode(capability, declare, &caller);
    for capability in ["list_accounts", "release_resources"] {
        assert_eq!(of(capability, |builder| builder), RateLimitMode::Bypass);
        let connector: fn(Builder) -> Builder = |builder| builder.rate_limit_mode(RateLimitMode::Enforce);
        assert_eq!(of(capability, connector), RateLimitMode::Enforce);
    }
    let both: fn(Builder) -> Builder = |builder| {
        builder
            .rate_limit_mode(RateLimitMode::Enforce)
            .rate_limit_mode_of("release-resources", RateLimitMode::EnforceNoRetry)
    };
    assert_eq!(of("release_resources", both), RateLimitMode::EnforceNoRetry);
    assert_eq!(of("list_accounts", both), RateLimitMode::Enforce);
    let capability: fn(Builder) -> Builder =
        |builder| builder.rate_limit_mode_of("list_accounts", RateLimitMode::RetryOnly);
    assert_eq!(of("list_accounts", capability), RateLimitMode::RetryOnly);
}

#[test]
fn every_mode_can_be_requested() {
    for (name, expected) in [
        ("enforce", RateLimitMode::Enforce),
        ("retry_only", RateLimitMode::RetryOnly),
        ("bypass", RateLimitMode::Bypass),
        ("enforce_no_retry", RateLimitMode::EnforceNoRetry),
    ] {
        let rate_limit = json!({ "caller_override_mode": name });
        assert_eq!(mode("list_accounts", |builder| builder, &rate_limit), expected);
    }
}

#[test]
#[should_panic(expected = "rotate_badge")]
fn a_mode_of_an_unknown_capability_is_a_mistake() {
    let _ = Integration::builder("app").rate_limit_mode_of("rotate_badge", RateLimitMode::Bypass).build();
}

#[test]
fn handlers_receive_what_the_caller_knows() {
    let rate_limit = json!({
        "caller_retry_attempt": 2,
        "last_known_state": { "users": { "remaining": 7, "later": true }, "groups": {} },
        "later": 1,
    });
    let expected = Limits {
        mode: RateLimitMode::Enforce,
        retries: 2,
        users: Some(RateLimitStateSnapshot { remaining: Some(7), ..RateLimitStateSnapshot::default() }),
    };
    assert_eq!(limits("list_accounts", |builder| builder, &rate_limit), expected);
    let negative = json!({ "caller_retry_attempt": -1, "last_known_state": { "groups": {} } });
    let found = limits("list_accounts", |builder| builder, &negative);
    assert_eq!((found.retries, found.users), (0, None));
}

#[test]
fn tests_can_set_the_mode() {
    let request = connector::Request::new((), (), ());
    assert_eq!(request.rate_limit_mode(), RateLimitMode::Enforce);
    let request = request.with_rate_limit_mode(RateLimitMode::Bypass);
    assert_eq!(request.clone().with_state(7).rate_limit_mode(), RateLimitMode::Bypass);
}

fn rejecting() -> Integration {
    Integration::builder("app")
        .state(channel().0)
        .wire(Wire::OpenApi)
        .register(ListAccounts, list_accounts)
        .build()
}

fn error(rate_limit: &str) -> String {
    let request = format!(r#"{{"request":{{}},"rate_limit":{rate_limit}}}"#);
    let error = ask(&rejecting(), "list_accounts", &request)["error"].take();
    assert_eq!(error["error_code"], "bad_request", "{rate_limit}: {error}");
    error["message"].as_str().expect("a message").to_owned()
}

#[test]
fn invalid_rate_limits_are_rejected_with_their_path() {
    for (rate_limit, expected) in [
        ("5", "rate_limit: expected an object, found a number"),
        ("[]", "rate_limit: expected an object, found an array"),
        (
            r#"{"max_execution_time":"30"}"#,
            "rate_limit.max_execution_time: expected an integer (i64), found a string",
        ),
        (
            r#"{"max_execution_time":1.5}"#,
            "rate_limit.max_execution_time: expected an integer (i64), found a number",
        ),
        (
            r#"{"max_execution_time":true}"#,
            "rate_limit.max_execution_time: expected an integer (i64), found a boolean",
        ),
        (
            r#"{"max_execution_time":1e30}"#,
            "rate_limit.max_execution_time: expected an integer (i64), found a number",
        ),
        (r#"{"max_execution_time":-5}"#, "rate_limit.max_execution_time: expected at least 1"),
        (r#"{"caller_override_mode":"none"}"#, "rate_limit.caller_override_mode: unknown value"),
        (r#"{"caller_override_mode":1}"#, "rate_limit.caller_override_mode: expected a name, found a number"),
        (r#"{"caller_retry_attempt":9223372036854775808}"#, "rate_limit.caller_retry_attempt: "),
        (
            r#"{"caller_retry_attempt":[]}"#,
            "rate_limit.caller_retry_attempt: expected an integer (i64), found an array",
        ),
        (r#"{"last_known_state":[]}"#, "rate_limit.last_known_state: expected an object, found an array"),
        (
            r#"{"last_known_state":{"a":null}}"#,
            "rate_limit.last_known_state.a: expected an object, found null",
        ),
        (
            r#"{"last_known_state":{"a":{"limit":"x"}}}"#,
            "rate_limit.last_known_state.a.limit: expected an integer",
        ),
        (
            r#"{"last_known_state":{"a b":{"reset":0.5}}}"#,
            r#"rate_limit.last_known_state."a b".reset: expected an integer"#,
        ),
        (
            r#"{"last_known_state":{"a":{"source":"me"}}}"#,
            "rate_limit.last_known_state.a.source: unknown value",
        ),
    ] {
        let message = error(rate_limit);
        assert!(message.starts_with(expected), "{rate_limit}: {message}");
    }
}

/// Values of any type, and numbers of any size.
fn any_value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<i128>().prop_map(|number| number.to_string()),
        any::<f64>()
            .prop_filter("JSON has only finite numbers", |n| n.is_finite())
            .prop_map(|n| format!("{n:e}")),
        prop::sample::select(vec![
            "null",
            "true",
            "\"\"",
            "\"5\"",
            "\"enforce\"",
            "[]",
            "{}",
            "{\"a\":{}}",
            "{\"a\":{\"limit\":-1}}",
            "{\"a\":5}",
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #[test]
    fn any_rate_limit_is_accepted_or_rejected_with_its_path(
        field in prop::sample::select(vec![
            "max_execution_time", "caller_override_mode", "caller_retry_attempt", "last_known_state",
        ]),
        value in any_value(),
    ) {
        let request = format!(r#"{{"request":{{}},"rate_limit":{{"{field}":{value}}}}}"#);
        let answer = ask(&rejecting(), "list_accounts", &request);
        match answer["error"]["message"].as_str() {
            None => prop_assert!(answer["response"].is_array(), "{}", answer),
            Some(message) => {
                prop_assert_eq!(&answer["error"]["error_code"], "bad_request");
                prop_assert!(message.starts_with(&format!("rate_limit.{field}")), "{}", message);
            }
        }
    }
}
