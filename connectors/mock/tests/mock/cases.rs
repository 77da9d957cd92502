//! The table of cases: `tests/cases`, one file for each capability.

use connector::Wire;
use connector::testing::{Cases, assert_every_capability_has_a_case};
use serde_json::json;

#[test]
fn every_capability_answers_its_cases() {
    let integration = mock_connector::integration();
    let auth = json!({ "model": "basic", "username": "u", "password": "p" });
    let cases = Cases::load("tests/cases").with(json!({ "auth": auth }));
    cases.run(&integration);
    assert_every_capability_has_a_case(&integration, &cases);
}

#[test]
fn every_capability_of_the_openapi_format_alone_answers_its_cases() {
    let integration = mock_connector::integration().with_wire(Wire::OpenApi).unwrap();
    let auth = json!({ "basic": { "username": "u", "password": "p" } });
    Cases::load("tests/cases/openapi").with(json!({ "auth": auth })).run(&integration);
}
