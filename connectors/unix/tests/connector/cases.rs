//! The table of cases: `tests/cases`, one file for each capability, about a machine without anything odd.
//!
//! What runs a tool of the system is tested elsewhere: here a write is one that is refused before.

use connector::testing::{Cases, assert_every_capability_has_a_case};
use serde_json::json;

use crate::image::Image;

#[test]
fn every_capability_answers_its_cases() {
    let image = Image::new();
    let integration = image.integration();
    let cases = Cases::load("tests/cases").with(json!({ "settings": { "root": image.path("") } }));
    cases.run(&integration);
    assert_every_capability_has_a_case(&integration, &cases);
}
