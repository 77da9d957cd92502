//! The test cases in `tests/cases`, one file per capability.

use connector::Wire;
use connector::testing::{Cases, assert_every_capability_has_a_case};
use serde_json::json;

#[test]
fn classic_capabilities_pass_their_cases() {
    let integration = mock_connector::integration();
    let auth = json!({ "model": "basic", "username": "u", "password": "p" });
    let cases = Cases::load("tests/cases").with(json!({ "auth": auth }));
    cases.run(&integration);
    assert_every_capability_has_a_case(&integration, &cases);
}

#[test]
fn openapi_capabilities_pass_their_cases() {
    let integration = mock_connector::integration().with_wire(Wire::OpenApi).unwrap();
    let auth = json!({ "basic": { "username": "u", "password": "p" } });
    Cases::load("tests/cases/openapi").with(json!({ "auth": auth })).run(&integration);
}
