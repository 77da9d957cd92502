//! Information about the call in a request.

use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use connector::capability::{CreateAccount, CreateAccountRequest, CreateAccountResponse, Effect};
use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::model::{
    AccountStatus, BasicCredentials, RateLimitMode, RateLimitRequestInfo, RateLimitStateSnapshot,
    RateLimitStateSnapshotSource,
};
use connector::{Integration, NoSettings, Response, Result, Wire};

use crate::support::{CLASSIC, OPENAPI, ask};

#[derive(Debug, PartialEq)]
struct CallInfo {
    capability: &'static str,
    effect: Effect,
    remaining: Option<Duration>,
    rate_limit: Option<RateLimitRequestInfo>,
}

type Request<P> = connector::Request<P, NoSettings, BasicCredentials, Sender<CallInfo>>;

fn note<P>(request: &Request<P>) {
    let terms = CallInfo {
        capability: request.capability(),
        effect: request.effect(),
        remaining: request.remaining(),
        rate_limit: request.rate_limit.clone(),
    };
    let _ = request.state.send(terms);
}

async fn list_accounts(request: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
    note(&request);
    Ok(ListAccountsResponse::default().into())
}

async fn create_account(request: Request<CreateAccountRequest>) -> Result<Response<CreateAccountResponse>> {
    note(&request);
    Ok(CreateAccountResponse { status: AccountStatus::Active, created: true, id: None }.into())
}

/// Returns what the handler of `capability` received.
fn call_info(wire: Wire, deadline: Option<Duration>, capability: &str, request: &str) -> CallInfo {
    let (sender, seen) = channel();
    let integration = Integration::builder("app")
        .auth::<BasicCredentials>()
        .state(sender)
        .register(ListAccounts, list_accounts)
        .register(CreateAccount, create_account)
        .wire(wire)
        .build()
        .with_deadline(deadline);
    let answer = ask(&integration, capability, request);
    assert!(!answer["response"].is_null(), "{answer}");
    seen.try_recv().expect("the handler was called")
}

#[test]
fn requests_include_the_capability() {
    let info_classic = call_info(Wire::Classic, None, "list-accounts", CLASSIC);
    assert_eq!((info_classic.capability, info_classic.effect), ("list_accounts", Effect::Read));
    let request = OPENAPI.replace(r#""request":{}"#, r#""request":{"account":{},"entitlements":[]}"#);
    let info_openapi = call_info(Wire::OpenApi, None, "create_account", &request);
    assert_eq!((info_openapi.capability, info_openapi.effect), ("create_account", Effect::UnsafeWrite));
}

#[test]
fn requests_include_the_remaining_time() {
    assert_eq!(call_info(Wire::Classic, None, "list-accounts", CLASSIC).remaining, None);
    let limit = Duration::from_secs(600);
    let left = call_info(Wire::Classic, Some(limit), "list-accounts", CLASSIC).remaining.unwrap();
    assert!(left > limit / 2 && left < limit, "{left:?}");
    // A deadline beyond the range of the clock is no limit.
    assert_eq!(call_info(Wire::Classic, Some(Duration::MAX), "list-accounts", CLASSIC).remaining, None);
    let request = connector::Request::new((), (), ()).with_remaining(Duration::ZERO);
    assert_eq!(request.remaining(), Some(Duration::ZERO));
}

const LIMITS: &str = r#""rate_limit":{"last_known_state":{"users":{"limit":100,"remaining":7,"reset":1700000000,
    "window_seconds":60,"source":"api_headers"}},"caller_override_mode":"enforce_no_retry","caller_retry_attempt":2,
    "max_execution_time":30},"request""#;

#[test]
fn requests_include_rate_limits() {
    let users = RateLimitStateSnapshot {
        limit: Some(100),
        remaining: Some(7),
        reset: Some(1_700_000_000),
        window_seconds: Some(60),
        current_delay: None,
        source: Some(RateLimitStateSnapshotSource::ApiHeaders),
    };
    let expected = RateLimitRequestInfo {
        last_known_state: Some([("users".to_owned(), users)].into()),
        caller_override_mode: Some(RateLimitMode::EnforceNoRetry),
        caller_retry_attempt: Some(2),
        max_execution_time: Some(30),
    };
    let limits = |request: &str| request.replace(r#""request""#, LIMITS);
    let openapi = call_info(Wire::OpenApi, None, "list_accounts", &limits(OPENAPI));
    assert_eq!(openapi.rate_limit, Some(expected));
    assert_eq!(call_info(Wire::OpenApi, None, "list_accounts", OPENAPI).rate_limit, None);
    assert_eq!(call_info(Wire::Classic, None, "list-accounts", &limits(CLASSIC)).rate_limit, None);
}

/// Returns a request whose caller waits this many seconds.
fn waiting(seconds: i64) -> String {
    let limit = format!(r#""rate_limit":{{"max_execution_time":{seconds}}},"request""#);
    OPENAPI.replace(r#""request""#, &limit)
}

#[test]
fn the_callers_time_limit_is_the_deadline_in_openapi() {
    let remaining = |deadline: Option<u64>, request: &str| {
        let deadline = deadline.map(Duration::from_secs);
        call_info(Wire::OpenApi, deadline, "list_accounts", request).remaining.unwrap().as_secs_f64().ceil()
    };
    for (deadline, request, expected) in [
        // Without a limit, published releases assume 1800 seconds.
        (None, OPENAPI.to_owned(), 1790.0),
        (None, waiting(600), 590.0),
        (None, waiting(30), 27.0),
        (None, waiting(1), 1.0),
        (Some(5), waiting(30), 5.0),
        (Some(60), waiting(30), 27.0),
    ] {
        let remaining = remaining(deadline, &request);
        assert!(remaining <= expected && remaining > expected - 1.0, "{request}: {remaining}");
    }
    // A time limit beyond the range of the clock is no limit.
    assert_eq!(call_info(Wire::OpenApi, None, "list_accounts", &waiting(i64::MAX)).remaining, None);
}

#[test]
fn a_time_limit_must_be_positive() {
    let integration = Integration::builder("app")
        .auth::<BasicCredentials>()
        .state(channel().0)
        .register(ListAccounts, list_accounts)
        .wire(Wire::OpenApi)
        .build();
    for seconds in [0, -1, i64::MIN] {
        let error = ask(&integration, "list_accounts", &waiting(seconds))["error"].take();
        assert_eq!(error["message"], "rate_limit.max_execution_time: expected at least 1", "{error}");
        assert_eq!(error["error_code"], "bad_request");
    }
}
