//! The envelope of a response: rate limits, execution summaries and retry times.

use std::time::Duration;

use connector::capability::{
    CreateAccount, CreateAccountRequest, CreateAccountResponse, ValidateCredentials,
    ValidateCredentialsRequest, ValidateCredentialsResponse,
};
use connector::error::{
    CallContext, EncounteredErrorResponse, ErrorResponse, ExceptionHandler, HttpStatusError,
};
use connector::model::{AccountStatus, RateLimitState, RateLimitStateSnapshot, RateLimitStateSnapshotSource};
use connector::pagination::encode;
use connector::{
    ConnectorError, Error, ExecutionEffect, ExecutionSummary, Integration, NoopEffectReason, Response,
    Result, Wire,
};
use serde_json::{Value, json};

use crate::support::{Request, ask, builder};

type Created = Result<Response<CreateAccountResponse>>;

fn created() -> Response<CreateAccountResponse> {
    CreateAccountResponse { status: AccountStatus::Active, created: true, id: None }.into()
}

/// Creates an integration that responds with the result of `respond` for the password.
fn responding(wire: Wire, respond: fn(&str) -> Created) -> Integration {
    let create =
        move |request: Request<CreateAccountRequest>| async move { respond(request.auth.password.expose()) };
    builder().register(CreateAccount, create).wire(wire).build()
}

fn request(wire: Wire) -> String {
    let auth = match wire {
        Wire::Classic => json!({"model": "basic", "username": "ada", "password": "correct horse"}),
        _ => json!({"basic": {"username": "ada", "password": "correct horse"}}),
    };
    json!({"auth": auth, "request": {"account": {}, "entitlements": []}}).to_string()
}

fn text(wire: Wire, respond: fn(&str) -> Created) -> String {
    let answer = responding(wire, respond).dispatch_blocking("create_account", request(wire).as_bytes());
    String::from_utf8(answer).expect("UTF-8")
}

fn json_of(wire: Wire, respond: fn(&str) -> Created) -> Value {
    ask(&responding(wire, respond), "create_account", &request(wire))
}

fn limits() -> RateLimitState {
    let snapshot = RateLimitStateSnapshot {
        limit: Some(100),
        remaining: Some(7),
        reset: Some(1_700_000_000),
        source: Some(RateLimitStateSnapshotSource::ApiHeaders),
        ..RateLimitStateSnapshot::default()
    };
    [("users".to_owned(), snapshot)].into()
}

#[test]
fn a_rate_limit_is_written_in_openapi_and_not_in_classic() {
    let respond = |_: &str| Ok(created().rate_limit(limits()));
    assert_eq!(
        text(Wire::OpenApi, respond),
        r#"{"response":{"status":"ACTIVE","created":true,"id":null},"raw_data":null,"page":null,"rate_limit":"#
            .to_owned()
            + r#"{"current_state":{"users":{"limit":100,"remaining":7,"reset":1700000000,"window_seconds":null,"#
            + r#""current_delay":null,"source":"api_headers"}}},"execution_summary":{"effect":{"kind":"created"},"#
            + r#""request_fingerprint":"b119fcfd309aff86318858bb12202accbbfa90bbf72f3827effc3c080241352e","is_idempotent":false,"description":null,"#
            + r#""caught_errors":null}}"#
    );
    let classic = text(Wire::Classic, respond);
    assert!(classic.ends_with(r#","raw_data":null,"page":null,"error":null}"#), "{classic}");
}

#[test]
fn a_summary_is_written_in_openapi_and_not_in_classic() {
    let respond = |_: &str| {
        let reason = NoopEffectReason::StateAlreadyMatches;
        let summary = ExecutionSummary::new(ExecutionEffect::Noop { reason }).description("Already there");
        Ok(created().execution_summary(summary.request_fingerprint("a1b2").idempotent(true)))
    };
    let expected = json!({
        "effect": {"kind": "noop", "reason": "state_already_matches"},
        "request_fingerprint": "a1b2",
        "is_idempotent": true,
        "description": "Already there",
        "caught_errors": null,
    });
    assert_eq!(json_of(Wire::OpenApi, respond)["execution_summary"], expected);
    let classic = text(Wire::Classic, respond);
    assert!(!classic.contains("a1b2") && classic.contains(r#""error":null"#), "{classic}");
}

#[test]
fn caught_errors_are_written_like_errors_and_without_secrets() {
    let respond = |password: &str| {
        let error = ConnectorError::new(format!("{password} is taken"), "app.badge_lost")
            .with_status(409)
            .with_retry_after(Duration::from_millis(1500));
        let summary = ExecutionSummary::new(ExecutionEffect::Created)
            .request_fingerprint(password)
            .description(format!("Tried {password}"))
            .caught(&Error::from(error));
        Ok(created().execution_summary(summary))
    };
    let answer = text(Wire::OpenApi, respond);
    assert!(!answer.contains("horse"), "{answer}");
    let summary = json_of(Wire::OpenApi, respond)["execution_summary"].take();
    assert_eq!(
        (&summary["effect"], &summary["request_fingerprint"], &summary["description"]),
        (&json!({"kind": "created"}), &json!("***"), &json!("Tried ***"))
    );
    let expected = json!([{
        "message": "*** is taken",
        "status_code": 409,
        "app_error_code": "app.badge_lost",
        "error_code": "conflict",
        "app_id": "app",
        "raised_by": "ConnectorError",
        "raised_in": null,
        "error_metadata": {
            "fault": "caller",
            "category": "client",
            "hint": null,
            "retryable": false,
            "throttled": false,
            "refreshable": false,
            "retry_after_seconds": 2,
        },
    }]);
    assert_eq!(summary["caught_errors"], expected);
}

#[test]
fn openapi_errors_include_when_to_retry() {
    let respond = |_: &str| {
        Err(ConnectorError::new("slow down", "rate_limit").with_retry_after(Duration::from_secs(30)))?
    };
    let metadata = &json_of(Wire::OpenApi, respond)["error"]["error_metadata"];
    assert_eq!((&metadata["retry_after_seconds"], &metadata["throttled"]), (&json!(30), &json!(true)));
    let without = |_: &str| Err(ConnectorError::new("slow down", "rate_limit"))?;
    assert_eq!(
        json_of(Wire::OpenApi, without)["error"]["error_metadata"]["retry_after_seconds"],
        Value::Null
    );
    assert!(!text(Wire::Classic, respond).contains("30"));
}

#[test]
fn encoding_errors_are_not_retryable() {
    // The `unique_tenant_id`, which openapi requires, is missing.
    let validate =
        |_: Request<ValidateCredentialsRequest>| async { Ok(ValidateCredentialsResponse::new(true).into()) };
    let integration = builder().register(ValidateCredentials, validate).wire(Wire::OpenApi).build();
    let request = request(Wire::OpenApi);
    let answer = ask(&integration, "validate_credentials", &request);
    let unwritable = |_: &str| Err(encode(&["not a map"]).expect_err("no token"))?;
    for error in [&answer["error"], &json_of(Wire::OpenApi, unwritable)["error"]] {
        assert_eq!(
            (&error["error_code"], &error["error_metadata"]["retryable"]),
            (&json!("internal_error"), &json!(false))
        );
    }
    let own = |_: &str| Err(ConnectorError::new("half done", "not_found").with_retryable(true))?;
    assert_eq!(json_of(Wire::OpenApi, own)["error"]["error_metadata"]["retryable"], true);
    // Whether the account was created is unknown, unless the upstream was not reached or rejected the call as too many.
    let failed = |_: &str| Err(HttpStatusError::new("POST", "http://h/users", 502, ""))?;
    assert_eq!(json_of(Wire::OpenApi, failed)["error"]["error_metadata"]["retryable"], false);
    let gateway = |_: &str| Err(ConnectorError::bad_gateway("no response"))?;
    assert_eq!(json_of(Wire::OpenApi, gateway)["error"]["error_metadata"]["retryable"], false);
    let throttled = |_: &str| Err(ConnectorError::rate_limited("slow down"))?;
    assert_eq!(json_of(Wire::OpenApi, throttled)["error"]["error_metadata"]["retryable"], true);
    let panics = |_: &str| panic!("as it should");
    assert_eq!(json_of(Wire::OpenApi, panics)["error"]["error_metadata"]["retryable"], false);
}

#[tokio::test]
async fn exception_handlers_can_set_when_to_retry() {
    struct Patient;
    impl ExceptionHandler<HttpStatusError> for Patient {
        async fn handle(
            &self,
            _: &HttpStatusError,
            _: CallContext<'_>,
            so_far: ErrorResponse,
        ) -> ErrorResponse {
            let retry_after = Some(Duration::from_secs(5));
            ErrorResponse { error: EncounteredErrorResponse { retry_after, ..so_far.error }, ..so_far }
        }
    }
    let create = |_: Request<CreateAccountRequest>| async {
        Err(HttpStatusError::new("POST", "https://upstream", 429, ""))?
    };
    let integration = builder()
        .on_error::<HttpStatusError>(Patient)
        .register(CreateAccount, create)
        .wire(Wire::OpenApi)
        .build();
    let answer = integration.answer("create_account", request(Wire::OpenApi).as_bytes()).await;
    assert_eq!(answer.retry_after, Some(Duration::from_secs(5)));
    assert!(String::from_utf8_lossy(&answer.body).contains(r#""retry_after_seconds":5"#));
}
