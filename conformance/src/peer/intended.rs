//! `differences.json`: the differences that are intended, an array of objects.
//!
//! | key | what it is |
//! |---|---|
//! | `capability` | the capability, or `*` |
//! | `path` | where the difference is, see [`place`](super::place) |
//! | `when` | names of requests, of which it is one; `*` stands for any text. Without it: all requests |
//! | `ours`, `theirs` | what is there: of an object the keys that are named, all else exactly; `null` is also what is not there |
//! | `theirs_at` | theirs has it at this path instead: it is compared with what is there |
//! | `reason` | why it is intended |

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::difference::Difference;
use super::exchange::Exchange;
use super::place::{Pattern, Place, Step, StepPattern};

/// The intended differences, and how often each was met.
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
            ensure!(!entry.reason.trim().is_empty(), "{entry}: there must be a reason");
            let moves = entry.theirs_at.is_none() || (entry.way().is_some() && entry.way_at().is_some());
            ensure!(moves, "{entry}: only what has one path in the document can be moved");
        }
        Ok(Self { entries: entries.into_iter().map(|entry| (entry, 0)).collect() })
    }

    /// Whether a difference is intended. Every entry that says so is counted.
    pub(super) fn explains(&mut self, exchange: &Exchange, difference: &Difference) -> bool {
        let mut explained = false;
        for (entry, times) in &mut self.entries {
            if entry.theirs_at.is_none() && entry.is_for(exchange) && entry.names(difference) {
                *times += 1;
                explained = true;
            }
        }
        explained
    }

    /// Their document with what they have elsewhere put where ours has it, if ours has it there and they do not.
    pub(super) fn moved(&mut self, exchange: &Exchange, ours: &Value, theirs: &Value) -> Value {
        let mut theirs = theirs.clone();
        for (entry, times) in &mut self.entries {
            let (Some(to), Some(from)) = (entry.way(), entry.way_at()) else { continue };
            let is_moved = entry.is_for(exchange)
                && is_there(ours, &to)
                && !is_there(ours, &from)
                && is_there(&theirs, &from)
                && !is_there(&theirs, &to);
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

    /// The entries that were met, and how often.
    pub(super) fn matched(&self) -> impl Iterator<Item = (&Entry, usize)> {
        self.entries.iter().map(|(entry, times)| (entry, *times)).filter(|(_, times)| *times > 0)
    }

    /// The entries that nothing matched.
    pub(super) fn stale(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|(_, times)| *times == 0).map(|(entry, _)| entry)
    }
}

fn is_there(document: &Value, way: &str) -> bool {
    document.pointer(way).is_some_and(|value| !value.is_null())
}

impl Entry {
    fn is_for(&self, exchange: &Exchange) -> bool {
        let name = exchange.name.split('/').next().unwrap_or_default();
        (self.capability == "*" || self.capability == exchange.capability)
            && (self.when.is_empty() || self.when.iter().any(|when| glob(when, name)))
    }

    fn names(&self, difference: &Difference) -> bool {
        let fits_there = |wanted: &Option<Value>, value: &Option<Value>| {
            wanted.as_ref().is_none_or(|wanted| fits(wanted, value.as_ref().unwrap_or(&Value::Null)))
        };
        self.path.matches(&difference.place)
            && fits_there(&self.ours, &difference.ours)
            && fits_there(&self.theirs, &difference.theirs)
    }

    /// The path as a JSON pointer (RFC 6901), if something is moved to it.
    fn way(&self) -> Option<String> {
        self.theirs_at.as_ref().and(pointer(&self.path))
    }

    fn way_at(&self) -> Option<String> {
        self.theirs_at.as_ref().and_then(pointer)
    }
}

/// The place in a document that a pattern without wildcards names, as a JSON pointer (RFC 6901).
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

/// Whether `value` has all that `wanted` has. What an object does not have is `null`.
fn fits(wanted: &Value, value: &Value) -> bool {
    match (wanted, value) {
        (Value::Object(wanted), Value::Object(fields)) => {
            wanted.iter().all(|(key, wanted)| fits(wanted, fields.get(key).unwrap_or(&Value::Null)))
        }
        _ => wanted == value,
    }
}

/// Whether `text` is as `pattern` says, in which `*` stands for any text.
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
        write!(f, ": {}", self.reason)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::peer::place::EXIT;
    use crate::peer::program::{Answer, Said};

    fn exchange(name: &str, capability: &str) -> Exchange {
        let nothing = Answer { exit: Some(0), said: Said::Nothing(None) };
        Exchange {
            name: name.to_owned(),
            capability: capability.to_owned(),
            json: None,
            ours: nothing.clone(),
            theirs: nothing,
            goes_on: None,
        }
    }

    fn intended(entry: &Value) -> Intended {
        Intended::parse(&json!([entry]).to_string()).unwrap()
    }

    /// Whether an entry explains that the exit statuses of `list-accounts` are 0 and 1.
    fn explains_exit(name: &str, entry: &Value) -> bool {
        let mut intended = intended(entry);
        let explained = intended.explains(&exchange(name, "list-accounts"), &Difference::named(EXIT, 0, 1));
        // What is explained is counted, and nothing else is.
        assert_eq!(intended.stale().count(), usize::from(!explained));
        assert_eq!(intended.matched().count(), usize::from(explained));
        explained
    }

    #[test]
    fn a_difference_is_explained_only_where_the_entry_says() {
        let entry = |capability: &str, path: &str, when: &[&str]| json!({ "capability": capability, "path": path, "when": when, "reason": "r" });
        assert!(explains_exit("n", &entry("*", "exit", &[])));
        assert!(explains_exit("n", &entry("list-accounts", "exit", &[])));
        assert!(!explains_exit("n", &entry("delete_account", "exit", &[])));
        assert!(!explains_exit("n", &entry("*", "$", &[])));
        assert!(!explains_exit("n", &entry("*", "exit", &["m", "nn", "n*n"])));
        assert!(explains_exit("n", &entry("*", "exit", &["m", "n*"])));
        assert!(
            explains_exit("pages-of-7/3", &entry("*", "exit", &["pages-*-7"])),
            "a page is of its listing"
        );
    }

    #[test]
    fn a_difference_is_explained_only_if_what_is_there_is_as_the_entry_says() {
        let entry = |ours: Value, theirs: Value| json!({ "capability": "*", "path": "exit", "ours": ours, "theirs": theirs, "reason": "r" });
        assert!(explains_exit("n", &entry(json!(0), json!(1))));
        assert!(!explains_exit("n", &entry(json!(1), json!(0))));
        assert!(!explains_exit("n", &entry(json!(0), Value::Null)));
    }

    #[test]
    fn of_an_object_the_named_keys_count_and_null_is_also_what_is_not_there() {
        let value = json!({ "error": { "code": "a", "message": "m" }, "page": null });
        for wanted in
            [json!({ "error": { "code": "a" } }), json!({ "page": null, "raw_data": null }), json!({})]
        {
            assert!(fits(&wanted, &value), "{wanted}");
        }
        for wanted in [json!({ "error": null }), json!({ "error": { "code": "b" } }), json!([]), Value::Null]
        {
            assert!(!fits(&wanted, &value), "{wanted}");
        }
        assert!(!fits(&json!([1]), &json!([1, 2])), "an array is no object");
    }

    #[test]
    fn what_theirs_has_elsewhere_is_compared_with_what_ours_has() {
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
        // Nothing is moved over what is there, nor away from where ours has something too.
        for (ours, theirs) in [
            (ours, json!({ "error": { "message": "b" }, "response": { "valid": true } })),
            (json!({ "error": null, "response": 1 }), json!({ "error": null, "response": 1 })),
        ] {
            assert_eq!(moved(ours, theirs.clone()), (theirs, 0));
        }
    }

    #[test]
    fn an_entry_without_a_reason_or_with_an_unknown_key_is_refused() {
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
    fn a_star_in_a_name_is_any_text() {
        for (pattern, text) in [("a*", "a"), ("*", ""), ("a*c", "abc"), ("*b*", "abc"), ("a*b*b", "abbb")] {
            assert!(glob(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a*", "ba"), ("a*b", "abc"), ("", "a"), ("a*a", "a")] {
            assert!(!glob(pattern, text), "{pattern} {text}");
        }
    }
}
