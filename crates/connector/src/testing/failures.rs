//! [`Failures`]: what a test found wrong.

use std::fmt;

use crate::scrub::Scrubber;

/// What a test found wrong, one text each, none of which shows a secret.
///
/// Its `Display` is what the asserting function of the same name panics with.
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

    /// What was found wrong.
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

/// Every line of `text`, further to the right.
pub(super) fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// Panics with what was found wrong, at the line of the test.
#[track_caller]
pub(super) fn demand<T>(result: Result<T, Failures>) -> T {
    match result {
        Ok(value) => value,
        Err(failures) => panic!("{failures}"),
    }
}
