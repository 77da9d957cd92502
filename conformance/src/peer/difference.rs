//! [`Difference`]: a location where the two responses differ.

use std::fmt;

use serde_json::Value;

use super::place::Place;

/// A location where the responses differ, with both values. `None` means missing, which is not the same as `null`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Difference {
    pub(super) place: Place,
    pub(super) ours: Option<Value>,
    pub(super) theirs: Option<Value>,
}

impl Difference {
    /// A difference outside the response document.
    pub(super) fn named(name: &'static str, ours: impl Into<Value>, theirs: impl Into<Value>) -> Self {
        Self { place: Place::Named(name), ours: Some(ours.into()), theirs: Some(theirs.into()) }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ours {}, theirs {}", self.place, Truncated(&self.ours), Truncated(&self.theirs))
    }
}

/// A value to print, truncated.
struct Truncated<'a>(&'a Option<Value>);

impl fmt::Display for Truncated<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MAX_BYTES: usize = 200;
        let Some(value) = self.0 else { return f.write_str("nothing") };
        let text = value.to_string();
        let end = text.floor_char_boundary(MAX_BYTES);
        write!(f, "{}{}", &text[..end], if end < text.len() { "…" } else { "" })
    }
}
