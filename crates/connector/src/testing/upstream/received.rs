//! [`Received`]: a call that the mock upstream received.

use std::fmt;

use serde_json::Value;

use super::super::diff::truncated;
use super::super::mask::{MASKED, is_secret_name, without_secrets};

/// Headers that every call has, which aren't shown.
const NOISE: &[&str] = &["host", "content-length", "connection"];

/// A call that the mock upstream received.
///
/// `Display` and `Debug` mask `Authorization`, cookies and anything else with the name of a secret.
#[derive(Clone)]
pub struct Received {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Received {
    /// The method, such as `GET`.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path as it was sent, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The first query parameter with this name, decoded.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first header with this name, in upper or lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as it was sent.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body, if it is JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    pub(super) fn form(&self) -> Vec<(String, String)> {
        pairs(&self.body)
    }

    /// The body, as it is shown.
    pub(super) fn shown_body(&self) -> String {
        let is_form = self.header("content-type").is_some_and(|kind| kind.contains("form-urlencoded"));
        let text = match self.json() {
            Some(json) => without_secrets("body", json).to_string(),
            None if is_form => shown_pairs(&self.form()),
            None => String::from_utf8_lossy(&self.body).into_owned(),
        };
        truncated(&text)
    }
}

/// The pairs of a query or a form (URL standard, `application/x-www-form-urlencoded`).
pub(super) fn pairs(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}

/// A query, as it is shown.
pub(super) fn shown_pairs(pairs: &[(String, String)]) -> String {
    let shown = pairs.iter().map(|(name, value)| format!("{name}={}", shown_value(name, value)));
    shown.collect::<Vec<_>>().join("&")
}

fn shown_value<'a>(name: &str, value: &'a str) -> &'a str {
    if is_secret_name(name) { MASKED } else { value }
}

/// `GET /users?page=2`.
pub(super) fn line(method: &str, path: &str, query: &[(String, String)]) -> String {
    let mark = if query.is_empty() { "" } else { "?" };
    truncated(&format!("{method} {path}{mark}{}", shown_pairs(query)))
}

impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&line(&self.method, &self.path, &self.query))?;
        for (name, value) in self.headers.iter().filter(|(name, _)| !NOISE.contains(&name.as_str())) {
            write!(f, "\n  {name}: {}", truncated(shown_value(name, value)))?;
        }
        if !self.body.is_empty() {
            write!(f, "\n  body: {}", self.shown_body())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
