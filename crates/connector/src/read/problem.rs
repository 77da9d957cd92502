//! [`Problem`]: why and where a request is invalid.

use std::fmt;

/// Describes why a request is invalid. The text never quotes a value, because a rejected value may be a secret in the
/// wrong place. The exception are names from a fixed set, up to 20 characters and outside of credentials and settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The path of the value, such as `request.account_id`. Empty for the whole document.
    path: String,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Required,
    /// The document isn't valid JSON.
    Malformed(String),
    Text(String),
}

impl Problem {
    /// Creates a problem at `path`.
    pub(crate) fn at(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self { path: path.into(), what: What::Text(what.into()) }
    }

    /// Creates the problem of a document that isn't valid JSON.
    pub(super) fn malformed(why: impl fmt::Display) -> Self {
        Self { path: String::new(), what: What::Malformed(format!("malformed JSON{why}")) }
    }

    /// Whether the document isn't valid JSON.
    pub(crate) const fn is_malformed(&self) -> bool {
        matches!(self.what, What::Malformed(_))
    }

    /// Creates the problem of a missing value.
    pub(crate) fn required(path: impl Into<String>) -> Self {
        Self { path: path.into(), what: What::Required }
    }
}

/// Describes a name that isn't in a fixed set. Long names aren't quoted.
pub(super) fn unknown_value(value: &str, expected: &[&str]) -> String {
    let shown = if value.chars().count() <= 20 { format!(" {value:?}") } else { String::new() };
    format!("unknown value{shown}, expected {}", one_of(expected))
}

/// Formats names like `"a", "b" or "c"`.
pub(crate) fn one_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Required => write!(f, "{} is required", self.path),
            What::Text(text) | What::Malformed(text) if self.path.is_empty() => f.write_str(text),
            What::Text(text) | What::Malformed(text) => write!(f, "{}: {text}", self.path),
        }
    }
}

impl std::error::Error for Problem {}
