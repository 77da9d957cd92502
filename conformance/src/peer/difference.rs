//! [`Difference`]: a place where the answers of both differ.

use std::fmt;

use serde_json::Value;

use super::place::Place;

/// A place where the answers differ, and what is there. `None` is nothing at all, not even `null`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Difference {
    pub(super) place: Place,
    pub(super) ours: Option<Value>,
    pub(super) theirs: Option<Value>,
}

impl Difference {
    /// A difference in what is in no document.
    pub(super) fn named(name: &'static str, ours: impl Into<Value>, theirs: impl Into<Value>) -> Self {
        Self { place: Place::Named(name), ours: Some(ours.into()), theirs: Some(theirs.into()) }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ours {}, theirs {}", self.place, Shown(&self.ours), Shown(&self.theirs))
    }
}

/// A value, cut short.
struct Shown<'a>(&'a Option<Value>);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 200;
        let Some(value) = self.0 else { return f.write_str("nothing") };
        let text = value.to_string();
        let end = text.floor_char_boundary(LONGEST);
        write!(f, "{}{}", &text[..end], if end < text.len() { "…" } else { "" })
    }
}
