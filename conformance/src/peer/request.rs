//! The requests in `requests.jsonl`, one JSON object per line.
//!
//! | key | meaning |
//! |---|---|
//! | `name` | name of the request, unique per capability; the first word is its topic |
//! | `capability` | command, spelled as in the release |
//! | `request` | payload; the rest of the envelope contains only valid credentials |
//! | `with` | more fields of the envelope; may replace the credentials |
//! | `text` | the whole argument of `--json`, if it can't be written as `request`; without either, `--json` is omitted |
//! | `pages` | follow the page tokens to the end; there must be this many pages |

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

/// A request to send.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Request {
    pub(super) name: String,
    pub(super) capability: String,
    pub(super) json: Option<String>,
    pub(super) pages: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    name: String,
    capability: String,
    #[serde(default, deserialize_with = "present")]
    request: Option<Value>,
    #[serde(default)]
    with: Map<String, Value>,
    text: Option<String>,
    pages: Option<usize>,
}

/// Distinguishes `null` from a missing value.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Reads the requests.
pub(super) fn read(file: &Path) -> Result<Vec<Request>> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    parse(&text).with_context(|| format!("{} cannot be used", file.display()))
}

fn parse(text: &str) -> Result<Vec<Request>> {
    let mut seen = HashSet::new();
    let mut requests = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let request = request(line).with_context(|| format!("line {}", index + 1))?;
        ensure!(
            seen.insert((request.name.clone(), request.capability.clone())),
            "line {}: duplicate request {} of {}",
            index + 1,
            request.name,
            request.capability
        );
        requests.push(request);
    }
    Ok(requests)
}

fn request(line: &str) -> Result<Request> {
    let Line { name, capability, request, with, text, pages } = serde_json::from_str(line)?;
    ensure!(
        text.is_none() || (request.is_none() && with.is_empty()),
        "`text` is the whole argument: it excludes `request` and `with`"
    );
    ensure!(request.is_some() || with.is_empty(), "`with` requires `request`");
    ensure!(pages.is_none() || request.is_some(), "`pages` requires `request`");
    let json = text.or_else(|| {
        let mut envelope = Map::new();
        envelope.insert("auth".to_owned(), json!({ "model": "basic", "username": "u", "password": "p" }));
        envelope.insert("request".to_owned(), request?);
        envelope.extend(with);
        Some(Value::Object(envelope).to_string())
    });
    Ok(Request { name, capability, json, pages })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json_of(line: &str) -> Option<String> {
        request(line).unwrap().json
    }

    #[test]
    fn payload_is_put_into_an_envelope() {
        assert_eq!(
            json_of(r#"{"name":"n","capability":"c","request":null,"with":{"page":{"size":1}}}"#).as_deref(),
            Some(
                r#"{"auth":{"model":"basic","username":"u","password":"p"},"request":null,"page":{"size":1}}"#
            )
        );
        assert_eq!(
            json_of(r#"{"name":"n","capability":"c","request":{},"with":{"auth":null}}"#).as_deref(),
            Some(r#"{"auth":null,"request":{}}"#)
        );
    }

    #[test]
    fn text_is_passed_unchanged_and_json_is_optional() {
        assert_eq!(json_of(r#"{"name":"n","capability":"c","text":"{"}"#).as_deref(), Some("{"));
        assert_eq!(json_of(r#"{"name":"n","capability":"c"}"#), None);
    }

    #[test]
    fn ignored_fields_are_rejected() {
        for line in [
            r#"{"name":"n","capability":"c","text":"","request":{}}"#,
            r#"{"name":"n","capability":"c","with":{"page":null}}"#,
            r#"{"name":"n","capability":"c","text":"{}","pages":2}"#,
            r#"{"name":"n","capability":"c","size":2}"#,
        ] {
            assert!(request(line).is_err(), "{line}");
        }
        let twice = "{\"name\":\"n\",\"capability\":\"c\"}\n".repeat(2);
        assert!(parse(&twice).is_err());
    }
}
