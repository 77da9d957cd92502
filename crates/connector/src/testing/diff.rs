//! What is different between the JSON that is expected and the JSON that is found, path by path.

use std::fmt;

use serde_json::Value;

use super::mask::{is_secret, without_secrets};
use crate::scrub::CUT;

/// Stands for any value that is there and not null.
const ANY: &str = "$any";

/// The longest value that is shown, in characters.
const LONGEST: usize = 200;

/// The most differences that are shown of one value.
const MOST: usize = 12;

/// What is different at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    path: String,
    expected: String,
    found: String,
}

impl Difference {
    /// `expected` and `found` as they are shown, cut short; neither is shown if `path` ends with a secret's name.
    pub(super) fn new(path: impl Into<String>, expected: &str, found: &str) -> Self {
        let path = path.into();
        let (parent, name) = last_two(&path);
        if is_secret(parent, name) {
            let shown = |text: &str| if text == NOTHING { NOTHING } else { "a secret" }.to_owned();
            let (expected, found) = (shown(expected), shown(found));
            let found = if expected == found { "another".to_owned() } else { found };
            return Self { path, expected, found };
        }
        Self { path, expected: short(expected), found: short(found) }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, found {}", self.path, self.expected, self.found)
    }
}

pub(super) const NOTHING: &str = "nothing";

/// All differences below `path`. `"$any"` is expected of any value that is not null; null and a key that is not there
/// are the same.
pub(super) fn differences(path: &str, expected: &Value, found: &Value) -> Vec<Difference> {
    let mut all = Vec::new();
    compare(path, expected, found, &mut all);
    if all.len() > MOST {
        let more = all.len() - MOST;
        all.truncate(MOST);
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
            if one.as_f64() == other.as_f64() && !both_whole(one, other) => {}
        _ if expected == found => {}
        _ => all.push(Difference::new(path, &shown(path, expected), &shown(path, found))),
    }
}

/// Whole numbers beyond 2⁵³ are different though their nearest floats are the same.
fn both_whole(one: &serde_json::Number, other: &serde_json::Number) -> bool {
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

/// The value at a path as it is shown.
pub(super) fn shown(path: &str, value: &Value) -> String {
    match value {
        Value::Null => NOTHING.to_owned(),
        Value::String(any) if any == ANY => "any value".to_owned(),
        _ => without_secrets(last_two(path).1, value.clone()).to_string(),
    }
}

/// What a value is, without the value.
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

/// `text`, cut short.
pub(super) fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}{CUT}", &text[..at]),
        None => text.to_owned(),
    }
}

/// The last two names of a path such as `page.token` or `header accept`; what there is not is empty.
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
    fn told(expected: Value, found: Value) -> Vec<String> {
        differences("response", &expected, &found).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_difference_is_told_with_its_path() {
        let expected = json!({ "accounts": [{ "email": "a", "id": "1" }, { "email": "a", "id": "2" }] });
        let found = json!({ "accounts": [{ "email": "a", "id": "1" }, { "email": "b", "x y": 1, "id": 2 }] });
        assert_eq!(
            told(expected, found),
            [
                r#"response.accounts[1].email: expected "a", found "b""#,
                r#"response.accounts[1].id: expected "2", found 2"#,
                r#"response.accounts[1]["x y"]: expected nothing, found 1"#,
            ]
        );
    }

    #[test]
    fn lists_of_other_lengths_say_what_is_missing_and_what_is_too_much() {
        assert_eq!(
            told(json!([1, 2]), json!([1])),
            ["response: expected 2 items, found 1 item", "response[1]: expected 2, found nothing"]
        );
        assert_eq!(told(json!([]), json!([true]))[1], "response[0]: expected nothing, found true");
    }

    #[test]
    fn null_and_absent_are_the_same_and_any_is_neither() {
        assert!(told(json!({ "a": null }), json!({ "b": null })).is_empty());
        assert!(told(json!({ "a": "$any", "b": "$any" }), json!({ "a": 0, "b": [] })).is_empty());
        assert_eq!(
            told(json!({ "a": "$any" }), json!({})),
            ["response.a: expected any value, found nothing"]
        );
    }

    #[test]
    fn numbers_are_compared_by_value() {
        assert!(told(json!([1, 2.0]), json!([1.0, 2])).is_empty());
        assert_eq!(told(json!(u64::MAX), json!(u64::MAX - 1)).len(), 1);
    }

    #[test]
    fn a_secret_is_told_to_differ_and_not_shown() {
        let expected = json!({ "access_token": "one-secret", "inner": { "client_secret": "one-secret" } });
        let found = json!({ "access_token": "two-secret" });
        assert_eq!(
            told(expected, found),
            [
                "response.access_token: expected a secret, found another",
                r#"response.inner: expected {"client_secret":"***"}, found nothing"#,
            ]
        );
    }

    #[test]
    fn many_differences_and_long_values_are_cut_short() {
        let all = told(json!(vec![0; 50]), json!(vec![1; 50]));
        assert_eq!((all.len(), all[MOST].as_str()), (13, "response: expected no difference, found 38 more"));
        assert!(told(json!("x"), json!("y".repeat(5000)))[0].len() < 300);
    }
}
