//! Fixtures, as `assert_contract` takes them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use connector::testing::contract::{IntoFixture, assert_contract};
use serde_json::json;

use crate::hub;

fn panic_message(fixture: impl IntoFixture) -> String {
    let run = AssertUnwindSafe(|| drop(assert_contract(&hub::integration(), fixture)));
    *catch_unwind(run).unwrap_err().downcast::<String>().unwrap()
}

#[test]
fn an_invalid_fixture_is_reported_with_the_path_of_the_mistake() {
    let of_json = panic_message(json!({ "assignment": { "account_id": "a" } }));
    assert_eq!(of_json, "invalid contract fixture: assignment.resource_id is required");
    let of_file = panic_message("tests/nowhere.json");
    assert!(of_file.contains("tests/nowhere.json: "), "{of_file}");
}

#[test]
fn a_violation_is_reported_with_the_whole_report() {
    let mut fixture = hub::fixture();
    fixture["auth"]["password"] = "forgotten".into();
    let message = panic_message(fixture);
    assert!(
        message
            .contains("FAILED   bad-credentials: bad credentials are rejected, and good ones are accepted"),
        "{message}"
    );
    assert!(
        message.contains("passed   info-complete")
            && message.contains(" not run\n`connector check --explain"),
        "{message}"
    );
}
