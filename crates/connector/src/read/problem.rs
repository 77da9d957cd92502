//! [`Problem`]: what is wrong with a request, and where.

use std::fmt;

/// What is wrong with a request. Its text never quotes a value, but for names of a fixed set, of up to 20 characters
/// and outside of credentials and settings: what is refused may be a secret in the wrong place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The path of the value, `request.account_id` say; empty for the document as a whole.
    path: String,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Missing,
    /// The document is not JSON.
    Broken(String),
    Text(String),
}

impl Problem {
    /// A problem at `path`.
    pub(crate) fn at(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self { path: path.into(), what: What::Text(what.into()) }
    }

    /// A document that is not JSON.
    pub(super) fn broken(why: impl fmt::Display) -> Self {
        Self { path: String::new(), what: What::Broken(format!("broken JSON{why}")) }
    }

    /// Whether the document is not even JSON.
    pub(crate) const fn is_broken(&self) -> bool {
        matches!(self.what, What::Broken(_))
    }

    /// A value that is not there.
    pub(crate) fn missing(path: impl Into<String>) -> Self {
        Self { path: path.into(), what: What::Missing }
    }
}

/// What is said of a name that is none of a fixed set. It is quoted only while it is short.
pub(super) fn unknown_value(value: &str, expected: &[&str]) -> String {
    let shown = if value.chars().count() <= 20 { format!(" {value:?}") } else { String::new() };
    format!("unknown value{shown}, expected {}", one_of(expected))
}

/// `"a", "b" or "c"`.
pub(crate) fn one_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        match &self.what {
            What::Missing => f.write_str("missing"),
            What::Text(text) | What::Broken(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Problem {}
