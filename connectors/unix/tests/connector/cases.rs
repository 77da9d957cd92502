//! The table of cases: `tests/cases`, one file per capability, about a machine without anything unusual.
//!
//! Here, writes are rejected before a tool of the system runs. Other tests run the tools.

use connector::testing::{Cases, assert_every_capability_has_a_case};
use serde_json::json;

use crate::image::Image;

#[test]
fn every_case_passes() {
    let image = Image::new();
    let integration = image.integration();
    let cases = Cases::load("tests/cases").with(json!({ "settings": { "root": image.path("") } }));
    cases.run(&integration);
    assert_every_capability_has_a_case(&integration, &cases);
}
