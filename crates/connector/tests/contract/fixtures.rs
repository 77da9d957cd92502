//! Fixtures, as the assertion takes them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use connector::testing::contract::{IntoFixture, assert_contract};
use serde_json::json;

use crate::hub;

fn told(fixture: impl IntoFixture) -> String {
    let run = AssertUnwindSafe(|| drop(assert_contract(&hub::integration(), fixture)));
    *catch_unwind(run).unwrap_err().downcast::<String>().unwrap()
}

#[test]
fn a_fixture_that_is_none_is_told_by_the_place_of_the_mistake() {
    let told_of_json = told(json!({ "assignment": { "account_id": "a" } }));
    assert_eq!(told_of_json, "the fixture of the contract: assignment.resource_id: missing");
    let told_of_file = told("tests/nowhere.json");
    assert!(told_of_file.contains("tests/nowhere.json: "), "{told_of_file}");
}

#[test]
fn a_contract_that_is_not_kept_is_told_with_the_whole_report() {
    let mut fixture = hub::fixture();
    fixture["auth"]["password"] = "forgotten".into();
    let told = told(fixture);
    assert!(
        told.contains("FAILED   credentials-told-apart: bad credentials are told from good ones"),
        "{told}"
    );
    assert!(
        told.contains("passed   info-complete") && told.contains(" not run\n`connector check --explain"),
        "{told}"
    );
}
