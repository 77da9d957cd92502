//! Tables of cases.

use connector::ErrorCode;
use connector::capability::{CreateAccount, ListAccounts};
use connector::testing::{Case, Cases, Exchange, Reply, assert_every_capability_has_a_case};
use serde_json::json;

use crate::support::{TOKEN, common, integration, panic_message};

fn files() -> Cases {
    Cases::load("tests/testing/cases").with(common())
}

fn created() -> Case {
    Case::new(CreateAccount, "an account is created")
        .request(json!({ "username": "ada", "entitlements": [] }))
        .upstream([Exchange::post("/users")
            .bearer(TOKEN)
            .json(json!({ "login": "ada", "password": "$any" }))
            .answers(Reply::status(201))])
        .answers(json!({ "status": "ACTIVE", "created": true }))
}

/// The report of a case that fails.
fn report_of(case: Case) -> String {
    let message = panic_message(|| Cases::new([case]).with(common()).run(&integration()));
    assert!(!message.contains(TOKEN), "{message}");
    message
}

#[test]
fn cases_in_files_and_in_rust_pass_together() {
    let cases = files().and([created()]);
    cases.run(&integration());
    assert_every_capability_has_a_case(&integration(), &cases);
}

#[test]
fn an_execution_summary_is_checked_if_it_is_expected() {
    let summary = |kind: &str| json!({ "effect": { "kind": kind }, "request_fingerprint": "$any", "is_idempotent": false });
    let cases = Cases::new([created().answers_with("execution_summary", summary("created"))]);
    cases.with(common()).run(&integration());
    let report = report_of(created().answers_with("execution_summary", summary("updated")));
    let expected = r#"execution_summary.effect.kind: expected "updated", found "created""#;
    assert!(report.contains(expected), "{report}");
}

#[test]
fn a_capability_without_a_case_is_reported() {
    assert_eq!(
        panic_message(|| assert_every_capability_has_a_case(&integration(), &files())),
        "no case for create_account"
    );
}

#[test]
fn every_failing_case_is_reported_with_its_differences() {
    let cases = Cases::new([
        created(),
        created().answers(json!({ "status": "PENDING", "created": true, "id": "$any" })),
        Case::new(ListAccounts, "no user")
            .upstream([Exchange::get("/users?limit=100").answers(json!({ "users": [], "next": "x" }))])
            .answers(json!([])),
    ]);
    let message = panic_message(|| cases.with(common()).run(&integration()));
    let expected = "2 of 3 cases failed

create_account, \"an account is created\":
  response.status: expected \"PENDING\", found \"ACTIVE\"
  response.id: expected any value, found nothing

list_accounts, \"no user\":
  page: expected nothing, found {\"token\":\"x\",\"size\":null}";
    assert_eq!(message, expected);
}

#[test]
fn missing_calls_are_reported_before_the_response() {
    let message =
        report_of(created().upstream([Exchange::get("/groups")]).answers(json!({ "status": "ACTIVE" })));
    let expected = "1 of 1 cases failed

create_account, \"an account is created\":
  call not received: GET /groups
  response.created: expected nothing, found true";
    assert_eq!(message, expected);
}

#[test]
fn an_unexpected_call_is_reported_without_secrets_of_the_request() {
    let message = report_of(
        Case::new(CreateAccount, "no call")
            .request(json!({ "username": TOKEN, "entitlements": [] }))
            .fails(ErrorCode::ApiError),
    );
    for line in [
        "  unexpected call: POST /users",
        "    authorization: ***",
        "\"login\":\"***\"",
        "no call was expected",
    ] {
        assert!(message.contains(line), "{message}");
    }
}

#[test]
fn an_error_is_compared_by_code_message_and_status() {
    let gone = || {
        Case::new(ListAccounts, "gone")
            .upstream([Exchange::get("/users?limit=100").answers(Reply::status(404))])
    };
    Cases::new([gone().fails(ErrorCode::NotFound).with_message("404")]).with(common()).run(&integration());
    let other_code = report_of(gone().fails(ErrorCode::Unauthorized));
    assert!(
        other_code.contains("error.code: expected \"unauthorized\", found \"not_found\" ("),
        "{other_code}"
    );
    let other_text = report_of(gone().fails(ErrorCode::NotFound).with_message("on holiday"));
    assert!(
        other_text.contains("error.message: expected a message that contains \"on holiday\", found \""),
        "{other_text}"
    );
    let no_error = report_of(created().fails(ErrorCode::NotFound));
    assert!(no_error.contains("expected the error not_found, found a response: {\"status\""), "{no_error}");
    let no_response = report_of(gone().answers(json!([])));
    assert!(no_response.contains("expected a response, found the error not_found: "), "{no_response}");
}

#[test]
fn a_case_for_a_missing_capability_fails() {
    let message = report_of(Case::new("list-resources", "none"));
    assert!(
        message.contains("found the error unsupported_operation") || message.contains("not_implemented"),
        "{message}"
    );
}

#[test]
fn all_invalid_case_files_are_reported_at_once() {
    let message = panic_message(|| drop(Cases::load("tests/testing/broken_cases")));
    for (file, why) in [
        ("call.json", "call \"/users\": expected \"METHOD /path\""),
        ("nothing.json", "case \"a\": expect: expected a response or an error"),
        ("twice.json", "case \"a\": another case has the same name"),
        ("typo.json", "unknown field `upstreams`"),
    ] {
        assert!(message.lines().any(|line| line.contains(file) && line.contains(why)), "{file}: {message}");
    }
    let message = Cases::try_load("tests/testing").unwrap_err().to_string();
    assert!(message.ends_with("tests/testing: there are no case files (`<capability>.json`)"), "{message}");
}
