//! The intended differences in `differences.json`, an array of objects.
//!
//! | key | meaning |
//! |---|---|
//! | `capability` | capability; `*` matches any text |
//! | `path` | location of the difference, see [`place`](super::place) |
//! | `when` | names of requests in which it occurs; `*` matches any text. Default: all requests |
//! | `via` | the ways to send a request in which it occurs, see [`via`](super::via). Default: all |
//! | `ours`, `theirs` | expected values. Objects are compared by the listed keys only, anything else exactly; `null` also matches a missing value |
//! | `theirs_at` | path of the value in the release's response, if it is elsewhere |
//! | `reason` | why the difference is intended |

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::difference::Difference;
use super::exchange::Exchange;
use super::place::{Pattern, Place, Step, StepPattern};
use super::via::Via;

/// The intended differences, and how often each one occurred.
#[derive(Debug, Default)]
pub(super) struct Intended {
    entries: Vec<(Entry, usize)>,
}

/// An intended difference.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    capability: String,
    #[serde(deserialize_with = "pattern")]
    path: Pattern,
    #[serde(default)]
    when: Vec<String>,
    #[serde(default)]
    via: Vec<Via>,
    #[serde(default, deserialize_with = "present")]
    ours: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    theirs: Option<Value>,
    #[serde(default, deserialize_with = "some_pattern")]
    theirs_at: Option<Pattern>,
    reason: String,
}

fn pattern<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Pattern, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

fn some_pattern<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Pattern>, D::Error> {
    pattern(deserializer).map(Some)
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Intended {
    /// Reads the file.
    pub(super) fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(&text).with_context(|| format!("{} cannot be used", file.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        let entries: Vec<Entry> = serde_json::from_str(text)?;
        for entry in &entries {
            ensure!(!entry.reason.trim().is_empty(), "{entry}: a reason is required");
            let moves = entry.theirs_at.is_none()
                || (entry.target_pointer().is_some() && entry.source_pointer().is_some());
            ensure!(moves, "{entry}: `theirs_at` requires paths in the document without wildcards");
        }
        Ok(Self { entries: entries.into_iter().map(|entry| (entry, 0)).collect() })
    }

    /// Whether a difference is intended. Every matching entry is counted.
    pub(super) fn explains(&mut self, exchange: &Exchange, difference: &Difference) -> bool {
        let mut explained = false;
        for (entry, times) in &mut self.entries {
            if entry.theirs_at.is_none() && entry.is_for(exchange) && entry.explains(difference) {
                *times += 1;
                explained = true;
            }
        }
        explained
    }

    /// Moves values in their document to where ours has them, if only ours has a value there.
    pub(super) fn moved(&mut self, exchange: &Exchange, ours: &Value, theirs: &Value) -> Value {
        let mut theirs = theirs.clone();
        for (entry, times) in &mut self.entries {
            let (Some(to), Some(from)) = (entry.target_pointer(), entry.source_pointer()) else { continue };
            let is_moved = entry.is_for(exchange)
                && is_set(ours, &to)
                && !is_set(ours, &from)
                && is_set(&theirs, &from)
                && !is_set(&theirs, &to);
            if is_moved
                && let Some(value) = theirs.pointer_mut(&from).map(Value::take)
                && let Some(place) = theirs.pointer_mut(&to)
            {
                *place = value;
                *times += 1;
            }
        }
        theirs
    }

    /// The entries that occurred, and how often.
    pub(super) fn matched(&self) -> impl Iterator<Item = (&Entry, usize)> {
        self.entries.iter().map(|(entry, times)| (entry, *times)).filter(|(_, times)| *times > 0)
    }

    /// The entries that matched nothing.
    pub(super) fn stale(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|(_, times)| *times == 0).map(|(entry, _)| entry)
    }
}

fn is_set(document: &Value, pointer: &str) -> bool {
    document.pointer(pointer).is_some_and(|value| !value.is_null())
}

impl Entry {
    fn is_for(&self, exchange: &Exchange) -> bool {
        let name = exchange.name.split('/').next().unwrap_or_default();
        glob(&self.capability, &exchange.capability)
            && (self.via.is_empty() || self.via.contains(&exchange.via))
            && (self.when.is_empty() || self.when.iter().any(|when| glob(when, name)))
    }

    fn explains(&self, difference: &Difference) -> bool {
        let matches_at = |expected: &Option<Value>, value: &Option<Value>| {
            expected
                .as_ref()
                .is_none_or(|expected| matches_value(expected, value.as_ref().unwrap_or(&Value::Null)))
        };
        self.path.matches(&difference.place)
            && matches_at(&self.ours, &difference.ours)
            && matches_at(&self.theirs, &difference.theirs)
    }

    /// The path as a JSON pointer (RFC 6901), if the entry moves a value.
    fn target_pointer(&self) -> Option<String> {
        self.theirs_at.as_ref().and(pointer(&self.path))
    }

    fn source_pointer(&self) -> Option<String> {
        self.theirs_at.as_ref().and_then(pointer)
    }
}

/// The location of a pattern without wildcards, as a JSON pointer (RFC 6901).
fn pointer(pattern: &Pattern) -> Option<String> {
    let Pattern::Document(steps) = pattern else { return None };
    let mut pointer = String::new();
    for step in steps {
        let StepPattern::Only(step) = step else { return None };
        pointer.push('/');
        match step {
            Step::Key(key) => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Step::Index(index) => pointer.push_str(&index.to_string()),
        }
    }
    Some(pointer)
}

/// Whether `value` matches `expected`. Keys that an object doesn't have are `null`.
fn matches_value(expected: &Value, value: &Value) -> bool {
    match (expected, value) {
        (Value::Object(expected), Value::Object(fields)) => expected
            .iter()
            .all(|(key, expected)| matches_value(expected, fields.get(key).unwrap_or(&Value::Null))),
        _ => expected == value,
    }
}

/// Whether `text` matches `pattern`, where `*` matches any text.
fn glob(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(start) else { return false };
    (0..=text.len()).filter(|at| text.is_char_boundary(*at)).any(|at| glob(rest, &text[at..]))
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = match &self.path {
            Pattern::Named(name) => (*name).to_owned(),
            Pattern::Document(steps) => steps.iter().fold("$".to_owned(), |path, step| {
                path + &match step {
                    StepPattern::Only(step) => {
                        Place::Document(vec![step.clone()]).to_string()[1..].to_owned()
                    }
                    StepPattern::AnyKey => ".*".to_owned(),
                    StepPattern::AnyIndex => "[*]".to_owned(),
                }
            }),
        };
        write!(f, "{} {path}", self.capability)?;
        if !self.when.is_empty() {
            write!(f, " ({})", self.when.join(", "))?;
        }
        for via in &self.via {
            write!(f, " via {via}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::peer::place::EXIT;
    use crate::peer::response::{Body, Response};

    fn exchange(name: &str, capability: &str) -> Exchange {
        let empty = Response { facts: Vec::new(), body: Body::Empty(None) };
        Exchange {
            name: name.to_owned(),
            capability: capability.to_owned(),
            via: Via::Json,
            json: None,
            ours: empty.clone(),
            theirs: empty,
            has_next_page: None,
        }
    }

    fn intended(entry: &Value) -> Intended {
        Intended::parse(&json!([entry]).to_string()).unwrap()
    }

    /// Whether an entry explains that the exit statuses of `list-accounts` are 0 and 1.
    fn explains_exit(name: &str, entry: &Value) -> bool {
        let mut intended = intended(entry);
        let explained = intended.explains(&exchange(name, "list-accounts"), &Difference::named(EXIT, 0, 1));
        // Only explained differences are counted.
        assert_eq!(intended.stale().count(), usize::from(!explained));
        assert_eq!(intended.matched().count(), usize::from(explained));
        explained
    }

    #[test]
    fn entries_match_by_capability_path_and_request_name() {
        let entry = |capability: &str, path: &str, when: &[&str]| json!({ "capability": capability, "path": path, "when": when, "reason": "r" });
        assert!(explains_exit("n", &entry("*", "exit", &[])));
        assert!(explains_exit("n", &entry("list-accounts", "exit", &[])));
        assert!(explains_exit("n", &entry("list-*", "exit", &[])));
        assert!(!explains_exit("n", &entry("delete_account", "exit", &[])));
        assert!(!explains_exit("n", &entry("*", "$", &[])));
        assert!(!explains_exit("n", &entry("*", "exit", &["m", "nn", "n*n"])));
        assert!(explains_exit("n", &entry("*", "exit", &["m", "n*"])));
        assert!(
            explains_exit("pages-of-7/3", &entry("*", "exit", &["pages-*-7"])),
            "pages have the name of their listing"
        );
    }

    #[test]
    fn entries_match_by_the_way_of_the_request() {
        let entry = |via: &[&str]| json!({ "capability": "*", "path": "exit", "via": via, "reason": "r" });
        assert!(explains_exit("n", &entry(&["http", "json"])));
        assert!(!explains_exit("n", &entry(&["http", "json-file"])));
    }

    #[test]
    fn entries_match_by_value() {
        let entry = |ours: Value, theirs: Value| json!({ "capability": "*", "path": "exit", "ours": ours, "theirs": theirs, "reason": "r" });
        assert!(explains_exit("n", &entry(json!(0), json!(1))));
        assert!(!explains_exit("n", &entry(json!(1), json!(0))));
        assert!(!explains_exit("n", &entry(json!(0), Value::Null)));
    }

    #[test]
    fn objects_match_by_listed_keys_and_null_matches_missing() {
        let value = json!({ "error": { "code": "a", "message": "m" }, "page": null });
        for expected in
            [json!({ "error": { "code": "a" } }), json!({ "page": null, "raw_data": null }), json!({})]
        {
            assert!(matches_value(&expected, &value), "{expected}");
        }
        for expected in
            [json!({ "error": null }), json!({ "error": { "code": "b" } }), json!([]), Value::Null]
        {
            assert!(!matches_value(&expected, &value), "{expected}");
        }
        assert!(!matches_value(&json!([1]), &json!([1, 2])), "arrays are compared exactly");
    }

    #[test]
    fn values_are_moved_before_the_comparison() {
        let entry = json!({ "capability": "*", "path": "$.error", "theirs_at": "$.response", "reason": "r" });
        let moved = |ours: Value, theirs: Value| {
            let mut intended = intended(&entry);
            let moved = intended.moved(&exchange("n", "c"), &ours, &theirs);
            (moved, intended.matched().count())
        };
        let ours = json!({ "error": { "message": "a" }, "response": null });
        assert_eq!(
            moved(ours.clone(), json!({ "error": null, "response": { "message": "b" } })),
            (json!({ "error": { "message": "b" }, "response": null }), 1)
        );
        // A value is only moved if its destination is empty and ours has nothing at its source.
        for (ours, theirs) in [
            (ours, json!({ "error": { "message": "b" }, "response": { "valid": true } })),
            (json!({ "error": null, "response": 1 }), json!({ "error": null, "response": 1 })),
        ] {
            assert_eq!(moved(ours, theirs.clone()), (theirs, 0));
        }
    }

    #[test]
    fn entries_without_a_reason_or_with_unknown_keys_are_rejected() {
        for entry in [
            json!({ "capability": "*", "path": "exit" }),
            json!({ "capability": "*", "path": "exit", "reason": " " }),
            json!({ "capability": "*", "path": "exit", "reason": "r", "request": "n" }),
            json!({ "capability": "*", "path": "$.*", "theirs_at": "$.response", "reason": "r" }),
        ] {
            assert!(Intended::parse(&json!([entry]).to_string()).is_err(), "{entry}");
        }
    }

    #[test]
    fn star_matches_any_text() {
        for (pattern, text) in [("a*", "a"), ("*", ""), ("a*c", "abc"), ("*b*", "abc"), ("a*b*b", "abbb")] {
            assert!(glob(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a*", "ba"), ("a*b", "abc"), ("", "a"), ("a*a", "a")] {
            assert!(!glob(pattern, text), "{pattern} {text}");
        }
    }
}
