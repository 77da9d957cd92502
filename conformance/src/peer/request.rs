//! The requests in `requests.jsonl`, one JSON object per line.
//!
//! | key | meaning |
//! |---|---|
//! | `name` | name of the request, unique per capability; the first word is its topic |
//! | `capability` | command, spelled as in the release |
//! | `request` | payload; the rest of the envelope is the release's [`envelope`](super::release::Release) |
//! | `with` | more fields of the envelope; may replace those of the release |
//! | `text` | the whole JSON, if it can't be written as `request`; without either, there is none |
//! | `args` | all arguments of the command line, instead of those that follow from the other keys |
//! | `head` | method, path and headers of an HTTP request, likewise; the body is `text` |
//! | `via` | the ways to send it, see [`via`](super::via). Default: that of the release |
//! | `pages` | follow the page tokens to the end; there must be this many pages |

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::release::Release;
use super::via::Via;

/// A request to send.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Request {
    pub(super) name: String,
    pub(super) capability: String,
    pub(super) via: Via,
    pub(super) json: Option<String>,
    /// All arguments of the command line, if they don't follow from the rest.
    pub(super) args: Option<Vec<String>>,
    /// The head of the HTTP request, likewise.
    pub(super) head: Option<String>,
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
    args: Option<Vec<String>>,
    head: Option<String>,
    #[serde(default)]
    via: Vec<Via>,
    pages: Option<usize>,
}

/// Distinguishes `null` from a missing value.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Reads the requests in `folder`.
pub(super) fn read(folder: &Path, release: &Release) -> Result<Vec<Request>> {
    let file = folder.join("requests.jsonl");
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    parse(&text, release).with_context(|| format!("{} cannot be used", file.display()))
}

fn parse(text: &str, release: &Release) -> Result<Vec<Request>> {
    let mut seen = HashSet::new();
    let mut requests = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for request in line_requests(line, release).with_context(|| format!("line {}", index + 1))? {
            ensure!(
                seen.insert((request.name.clone(), request.capability.clone(), request.via)),
                "line {}: duplicate request {} of {}",
                index + 1,
                request.name,
                request.capability
            );
            requests.push(request);
        }
    }
    Ok(requests)
}

/// The request in a line, once for each way to send it.
fn line_requests(line: &str, release: &Release) -> Result<Vec<Request>> {
    let Line { name, capability, request, with, text, args, head, via, pages } = serde_json::from_str(line)?;
    ensure!(
        text.is_none() || (request.is_none() && with.is_empty()),
        "`text` is the whole JSON: it excludes `request` and `with`"
    );
    ensure!(request.is_some() || with.is_empty(), "`with` requires `request`");
    ensure!(pages.is_none() || request.is_some(), "`pages` requires `request`");
    let via = match (via.is_empty(), &args, &head) {
        (false, None, None) => via,
        (true, None, None) => vec![release.via],
        (true, Some(_), None) => vec![Via::Json],
        (true, None, Some(_)) => vec![Via::Http],
        _ => anyhow::bail!("`args`, `head` and `via` exclude each other"),
    };
    ensure!(
        args.is_none() || (request.is_none() && text.is_none()),
        "`args` are all arguments: they exclude `request` and `text`"
    );
    ensure!(head.is_none() || request.is_none(), "`head` excludes `request`; the body is `text`");
    let json = match (text, request) {
        (None, Some(request)) => {
            let mut envelope: Map<String, Value> =
                serde_json::from_str(release.envelope).context("the release's envelope")?;
            envelope.insert("request".to_owned(), request);
            envelope.extend(with);
            Some(Value::Object(envelope).to_string())
        }
        (text, _) => text,
    };
    let send = |via| Request {
        name: name.clone(),
        capability: capability.clone(),
        via,
        json: json.clone(),
        args: args.clone(),
        head: head.clone(),
        pages,
    };
    Ok(via.into_iter().map(send).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requests(line: &str) -> Result<Vec<Request>> {
        parse(line, Release::find("3.2.0").unwrap())
    }

    fn json_of(line: &str) -> Option<String> {
        requests(line).unwrap().remove(0).json
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
    fn a_request_is_sent_in_each_of_its_ways() {
        let ways =
            |line: &str| -> Vec<Via> { requests(line).unwrap().iter().map(|request| request.via).collect() };
        assert_eq!(ways(r#"{"name":"n","capability":"c","text":"{}"}"#), [Via::Json]);
        assert_eq!(
            ways(r#"{"name":"n","capability":"c","text":"{}","via":["http","result-file","json-file"]}"#),
            [Via::Http, Via::ResultFile, Via::JsonFile]
        );
        assert_eq!(ways(r#"{"name":"n","capability":"c","head":"GET / HTTP/1.1"}"#), [Via::Http]);
        assert_eq!(ways(r#"{"name":"n","capability":"c","args":["--help"]}"#), [Via::Json]);
    }

    #[test]
    fn ignored_fields_are_rejected() {
        for line in [
            r#"{"name":"n","capability":"c","text":"","request":{}}"#,
            r#"{"name":"n","capability":"c","with":{"page":null}}"#,
            r#"{"name":"n","capability":"c","text":"{}","pages":2}"#,
            r#"{"name":"n","capability":"c","size":2}"#,
            r#"{"name":"n","capability":"c","args":[],"text":"{}"}"#,
            r#"{"name":"n","capability":"c","args":[],"via":["json"]}"#,
            r#"{"name":"n","capability":"c","head":"GET / HTTP/1.1","request":{}}"#,
            r#"{"name":"n","capability":"c","head":"GET / HTTP/1.1","args":[]}"#,
        ] {
            assert!(requests(line).is_err(), "{line}");
        }
        let twice = "{\"name\":\"n\",\"capability\":\"c\"}\n".repeat(2);
        assert!(requests(&twice).is_err());
    }
}
