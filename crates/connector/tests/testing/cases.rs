//! Tables of cases.

use connector::ErrorCode;
use connector::capability::{CreateAccount, ListAccounts};
use connector::testing::{Case, Cases, Exchange, Reply, assert_every_capability_has_a_case};
use serde_json::json;

use crate::support::{TOKEN, common, integration, told};

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

/// What is said of one case that fails.
fn wrong(case: Case) -> String {
    let told = told(|| Cases::new([case]).with(common()).run(&integration()));
    assert!(!told.contains(TOKEN), "{told}");
    told
}

#[test]
fn cases_in_files_and_in_rust_pass_together() {
    let cases = files().and([created()]);
    cases.run(&integration());
    assert_every_capability_has_a_case(&integration(), &cases);
}

#[test]
fn a_capability_without_a_case_is_told() {
    assert_eq!(
        told(|| assert_every_capability_has_a_case(&integration(), &files())),
        "no case for create_account"
    );
}

#[test]
fn every_failing_case_is_told_with_its_differences() {
    let cases = Cases::new([
        created(),
        created().answers(json!({ "status": "PENDING", "created": true, "id": "$any" })),
        Case::new(ListAccounts, "no user")
            .upstream([Exchange::get("/users?limit=100").answers(json!({ "users": [], "next": "x" }))])
            .answers(json!([])),
    ]);
    let told = told(|| cases.with(common()).run(&integration()));
    let expected = "2 of 3 cases failed

create_account, \"an account is created\":
  response.status: expected \"PENDING\", found \"ACTIVE\"
  response.id: expected any value, found nothing

list_accounts, \"no user\":
  page: expected nothing, found {\"token\":\"x\",\"size\":null}";
    assert_eq!(told, expected);
}

#[test]
fn what_the_upstream_misses_is_told_before_the_answer() {
    let told = wrong(created().upstream([Exchange::get("/groups")]).answers(json!({ "status": "ACTIVE" })));
    let expected = "1 of 1 cases failed

create_account, \"an account is created\":
  call not received: GET /groups
  response.created: expected nothing, found true";
    assert_eq!(told, expected);
}

#[test]
fn an_unexpected_call_is_told_without_the_secrets_of_the_request() {
    let told = wrong(
        Case::new(CreateAccount, "no call")
            .request(json!({ "username": TOKEN, "entitlements": [] }))
            .fails(ErrorCode::ApiError),
    );
    for line in [
        "  unexpected call: POST /users",
        "    authorization: ***",
        "\"login\":\"***\"",
        "no call is expected",
    ] {
        assert!(told.contains(line), "{told}");
    }
}

#[test]
fn an_error_is_compared_by_code_message_and_status() {
    let gone = || {
        Case::new(ListAccounts, "gone")
            .upstream([Exchange::get("/users?limit=100").answers(Reply::status(404))])
    };
    Cases::new([gone().fails(ErrorCode::NotFound).saying("404")]).with(common()).run(&integration());
    let other_code = wrong(gone().fails(ErrorCode::Unauthorized));
    assert!(
        other_code.contains("error.code: expected \"unauthorized\", found \"not_found\" ("),
        "{other_code}"
    );
    let other_text = wrong(gone().fails(ErrorCode::NotFound).saying("on holiday"));
    assert!(
        other_text.contains("error.message: expected a text with \"on holiday\", found \""),
        "{other_text}"
    );
    let no_error = wrong(created().fails(ErrorCode::NotFound));
    assert!(no_error.contains("expected the error not_found, found an answer: {\"status\""), "{no_error}");
    let no_answer = wrong(gone().answers(json!([])));
    assert!(no_answer.contains("expected an answer, found the error not_found: "), "{no_answer}");
}

#[test]
fn a_case_of_a_capability_that_is_not_there_fails() {
    let told = wrong(Case::new("list-resources", "none"));
    assert!(
        told.contains("found the error unsupported_operation") || told.contains("not_implemented"),
        "{told}"
    );
}

#[test]
fn files_that_are_no_case_files_are_told_all_at_once() {
    let told = told(|| drop(Cases::load("tests/testing/broken_cases")));
    for (file, why) in [
        ("call.json", "call \"/users\": expected \"METHOD /path\""),
        ("nothing.json", "case \"a\": expect: expected a response or an error"),
        ("twice.json", "case \"a\": there is another of this name"),
        ("typo.json", "unknown field `upstreams`"),
    ] {
        assert!(told.lines().any(|line| line.contains(file) && line.contains(why)), "{file}: {told}");
    }
    let told = Cases::try_load("tests/testing").unwrap_err().to_string();
    assert!(told.ends_with("tests/testing: no case files, `<capability>.json`"), "{told}");
}
