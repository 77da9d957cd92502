//! [`Failures`]: why a test fails.

use std::fmt;

use crate::scrub::Scrubber;

/// Why a test fails: one text per failure, without secrets.
///
/// Its `Display` is the message of the function without `try_` in its name, which panics.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    title: String,
    texts: Vec<String>,
}

impl std::error::Error for Failures {}

impl Failures {
    pub(super) const fn none() -> Self {
        Self { title: String::new(), texts: Vec::new() }
    }

    pub(super) fn one(text: impl fmt::Display) -> Self {
        Self { title: String::new(), texts: vec![text.to_string()] }
    }

    pub(super) fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    pub(super) fn push(&mut self, text: impl fmt::Display) {
        self.texts.push(text.to_string());
    }

    /// The failures.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    pub(super) fn into_result(self) -> Result<(), Self> {
        if self.texts.is_empty() { Ok(()) } else { Err(self) }
    }

    pub(super) fn scrubbed(mut self, scrubber: &Scrubber) -> Self {
        for text in &mut self.texts {
            *text = scrubber.scrub(text);
        }
        self
    }
}

impl fmt::Display for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)?;
        for (at, text) in self.texts.iter().enumerate() {
            if at > 0 || !self.title.is_empty() {
                f.write_str("\n")?;
            }
            f.write_str(text)?;
        }
        Ok(())
    }
}

/// `text` with every line indented.
pub(super) fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// Returns the value, or panics with the failures at the line of the test.
#[track_caller]
pub(super) fn unwrap_or_panic<T>(result: Result<T, Failures>) -> T {
    match result {
        Ok(value) => value,
        Err(failures) => panic!("{failures}"),
    }
}
