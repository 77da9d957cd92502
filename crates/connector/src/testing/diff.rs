//! The differences between expected JSON and the JSON that was found, by path.

use std::fmt;

use serde_json::Value;

use super::mask::{is_secret, without_secrets};
use crate::scrub::CUT;

/// Stands for any value except null.
const ANY: &str = "$any";

/// The maximum number of characters of a value that are shown.
const MAX_LENGTH: usize = 200;

/// The maximum number of differences of a value that are shown.
const MAX_DIFFERENCES: usize = 12;

/// A difference at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    path: String,
    expected: String,
    found: String,
}

impl Difference {
    /// A difference between two values, truncated. Neither is shown if the last name in `path` is that of a secret.
    pub(super) fn new(path: impl Into<String>, expected: &str, found: &str) -> Self {
        let path = path.into();
        let (parent, name) = last_two(&path);
        if is_secret(parent, name) {
            let shown = |text: &str| if text == NOTHING { NOTHING } else { "a secret" }.to_owned();
            let (expected, found) = (shown(expected), shown(found));
            let found = if expected == found { "another".to_owned() } else { found };
            return Self { path, expected, found };
        }
        Self { path, expected: truncated(expected), found: truncated(found) }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, found {}", self.path, self.expected, self.found)
    }
}

pub(super) const NOTHING: &str = "nothing";

/// All differences below `path`. `"$any"` matches any value except null. Null and a missing key are the same.
pub(super) fn differences(path: &str, expected: &Value, found: &Value) -> Vec<Difference> {
    let mut all = Vec::new();
    compare(path, expected, found, &mut all);
    if all.len() > MAX_DIFFERENCES {
        let more = all.len() - MAX_DIFFERENCES;
        all.truncate(MAX_DIFFERENCES);
        all.push(Difference::new(path, "no difference", &format!("{more} more")));
    }
    all
}

fn compare(path: &str, expected: &Value, found: &Value, all: &mut Vec<Difference>) {
    match (expected, found) {
        (Value::String(any), found) if any == ANY && !found.is_null() => {}
        (Value::Object(expected), Value::Object(found)) => {
            for (key, expected) in expected {
                compare(&below(path, key), expected, found.get(key).unwrap_or(&Value::Null), all);
            }
            for (key, found) in found.iter().filter(|(key, _)| !expected.contains_key(*key)) {
                compare(&below(path, key), &Value::Null, found, all);
            }
        }
        (Value::Array(expected), Value::Array(found)) => {
            if expected.len() != found.len() {
                all.push(Difference::new(path, &items(expected.len()), &items(found.len())));
            }
            for (at, expected) in expected.iter().enumerate() {
                compare(&format!("{path}[{at}]"), expected, found.get(at).unwrap_or(&Value::Null), all);
            }
            for (at, found) in found.iter().enumerate().skip(expected.len()) {
                compare(&format!("{path}[{at}]"), &Value::Null, found, all);
            }
        }
        (Value::Number(one), Value::Number(other))
            if one.as_f64() == other.as_f64() && !both_integers(one, other) => {}
        _ if expected == found => {}
        _ => all.push(Difference::new(path, &shown(path, expected), &shown(path, found))),
    }
}

/// Integers beyond 2⁵³ can differ although their nearest floats are equal.
fn both_integers(one: &serde_json::Number, other: &serde_json::Number) -> bool {
    !one.is_f64() && !other.is_f64()
}

fn below(path: &str, key: &str) -> String {
    let is_plain = key.chars().all(|char| char.is_alphanumeric() || "_-$".contains(char));
    match (is_plain && !key.is_empty(), path.is_empty()) {
        (true, true) => key.to_owned(),
        (true, false) => format!("{path}.{key}"),
        (false, _) => format!("{path}[{key:?}]"),
    }
}

fn items(count: usize) -> String {
    if count == 1 { "1 item".to_owned() } else { format!("{count} items") }
}

/// The value at a path, as it is shown.
pub(super) fn shown(path: &str, value: &Value) -> String {
    match value {
        Value::Null => NOTHING.to_owned(),
        Value::String(any) if any == ANY => "any value".to_owned(),
        _ => without_secrets(last_two(path).1, value.clone()).to_string(),
    }
}

/// The type of a value.
pub(super) const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Truncates `text`.
pub(super) fn truncated(text: &str) -> String {
    match text.char_indices().nth(MAX_LENGTH) {
        Some((at, _)) => format!("{}{CUT}", &text[..at]),
        None => text.to_owned(),
    }
}

/// The last two names of a path such as `page.token` or `header accept`. A missing name is empty.
fn last_two(path: &str) -> (&str, &str) {
    let mut names = path.rsplit(['.', ' ']).map(|name| name.split('[').next().unwrap_or(name));
    let last = names.next().unwrap_or_default();
    (names.next().unwrap_or_default(), last)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "`&` before every `json!` would only be noise")]
    fn shown_differences(expected: Value, found: Value) -> Vec<String> {
        differences("response", &expected, &found).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_difference_is_shown_with_its_path() {
        let expected = json!({ "accounts": [{ "email": "a", "id": "1" }, { "email": "a", "id": "2" }] });
        let found = json!({ "accounts": [{ "email": "a", "id": "1" }, { "email": "b", "x y": 1, "id": 2 }] });
        assert_eq!(
            shown_differences(expected, found),
            [
                r#"response.accounts[1].email: expected "a", found "b""#,
                r#"response.accounts[1].id: expected "2", found 2"#,
                r#"response.accounts[1]["x y"]: expected nothing, found 1"#,
            ]
        );
    }

    #[test]
    fn missing_and_additional_items_are_shown() {
        assert_eq!(
            shown_differences(json!([1, 2]), json!([1])),
            ["response: expected 2 items, found 1 item", "response[1]: expected 2, found nothing"]
        );
        assert_eq!(
            shown_differences(json!([]), json!([true]))[1],
            "response[0]: expected nothing, found true"
        );
    }

    #[test]
    fn null_and_absent_are_equal_and_do_not_match_any() {
        assert!(shown_differences(json!({ "a": null }), json!({ "b": null })).is_empty());
        assert!(
            shown_differences(json!({ "a": "$any", "b": "$any" }), json!({ "a": 0, "b": [] })).is_empty()
        );
        assert_eq!(
            shown_differences(json!({ "a": "$any" }), json!({})),
            ["response.a: expected any value, found nothing"]
        );
    }

    #[test]
    fn numbers_are_compared_by_value() {
        assert!(shown_differences(json!([1, 2.0]), json!([1.0, 2])).is_empty());
        assert_eq!(shown_differences(json!(u64::MAX), json!(u64::MAX - 1)).len(), 1);
    }

    #[test]
    fn a_secret_that_differs_is_not_shown() {
        let expected = json!({ "access_token": "one-secret", "inner": { "client_secret": "one-secret" } });
        let found = json!({ "access_token": "two-secret" });
        assert_eq!(
            shown_differences(expected, found),
            [
                "response.access_token: expected a secret, found another",
                r#"response.inner: expected {"client_secret":"***"}, found nothing"#,
            ]
        );
    }

    #[test]
    fn many_differences_and_long_values_are_truncated() {
        let all = shown_differences(json!(vec![0; 50]), json!(vec![1; 50]));
        assert_eq!(
            (all.len(), all[MAX_DIFFERENCES].as_str()),
            (13, "response: expected no difference, found 38 more")
        );
        assert!(shown_differences(json!("x"), json!("y".repeat(5000)))[0].len() < 300);
    }
}
