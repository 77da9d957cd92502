//! Any bytes get a response: one JSON document of the right shape.

use connector::Wire;
use proptest::prelude::*;
use serde_json::Value;

use crate::places;
use crate::support::{CLASSIC, integration};

fn assert_answer(wire: Wire, capability: &str, request: &[u8]) {
    let answer = integration(wire).dispatch_blocking(capability, request);
    let answer: Value = serde_json::from_slice(&answer).expect("JSON");
    let keys: Vec<&str> = answer.as_object().expect("an object").keys().map(String::as_str).collect();
    let shapes: &[&[&str]] = match wire {
        Wire::Classic => {
            &[&["response", "raw_data", "page", "error"], &["error", "response", "raw_data", "page"]]
        }
        _ => &[
            &["response", "raw_data", "page", "rate_limit", "execution_summary"],
            &["is_error", "error", "raw_data", "page"],
        ],
    };
    assert!(shapes.contains(&keys.as_slice()), "{keys:?}");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["basic", "oauth", "ada"]).prop_map(Value::from),
    ];
    let keys = prop::sample::select(vec![
        "request",
        "auth",
        "model",
        "username",
        "password",
        "settings",
        "page",
        "token",
        "size",
        "account",
        "entitlements",
        "custom_attributes",
        "basic",
        "include_raw_data",
        "request_id",
        "extra",
    ]);
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..6).prop_map(|fields| {
                Value::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
            }),
        ]
    })
}

/// A step in the path to a value.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Key(String),
    Index(usize),
}

/// Collects the paths to all values in `value`.
fn collect_paths(value: &Value, here: &[Step], all: &mut Vec<Vec<Step>>) {
    all.push(here.to_vec());
    let below: Vec<(Step, &Value)> = match value {
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (Step::Index(at), item)).collect(),
        Value::Object(fields) => fields.iter().map(|(key, item)| (Step::Key(key.clone()), item)).collect(),
        _ => Vec::new(),
    };
    for (step, item) in below {
        collect_paths(item, &[here, &[step]].concat(), all);
    }
}

fn at<'v>(value: &'v mut Value, steps: &[Step]) -> &'v mut Value {
    steps.iter().fold(value, |value, step| match step {
        Step::Key(key) => &mut value[key],
        Step::Index(index) => &mut value[index],
    })
}

/// Parses the path at the start of a message. `*` stands for a key that is not shown.
fn path(message: &str) -> Vec<Step> {
    let path = message.split(": ").next().unwrap_or_default().trim_end_matches(" is required");
    let mut steps = Vec::new();
    for name in path.split('.').skip(1) {
        let mut parts = name.split('[');
        steps.push(Step::Key(parts.next().unwrap_or_default().to_owned()));
        steps.extend(parts.map(|index| Step::Index(index.trim_end_matches(']').parse().expect("an index"))));
    }
    steps
}

/// Returns whether `long` starts with `short`.
fn is_prefix(short: &[Step], long: &[Step]) -> bool {
    let is_same = |(one, other): (&Step, &Step)| {
        let hidden = Step::Key("*".to_owned());
        one == other || [one, other].contains(&&hidden)
    };
    short.len() <= long.len() && short.iter().zip(long).all(is_same)
}

/// Returns the expected location of an error at `steps`. If a type interprets its content itself, that is the location of
/// the type.
fn place(steps: &[Step]) -> &[Step] {
    let names: Vec<&str> = steps
        .iter()
        .map(|step| match step {
            Step::Key(key) => key.as_str(),
            Step::Index(_) => "[]",
        })
        .collect();
    match names.as_slice() {
        // The tag has its own location.
        ["proxy", "kind"] => steps,
        ["proxy" | "limit", ..] | ["window", "page_size" | "order", ..] | ["source", "of", ..] => &steps[..1],
        _ => steps,
    }
}

/// A value of each type, and some that look plausible.
fn values() -> [Value; 11] {
    [
        Value::Null,
        true.into(),
        (-1).into(),
        1.5.into(),
        70_000.into(),
        7_000_000_000_i64.into(),
        "canary".into(),
        serde_json::json!([]),
        serde_json::json!(["canary"]),
        serde_json::json!({}),
        serde_json::json!({"canary": "canary"}),
    ]
}

fn error_text(settings: &Value) -> Option<String> {
    let answer =
        places::integration().dispatch_blocking("validate-credentials", places::request(settings).as_bytes());
    let answer: Value = serde_json::from_slice(&answer).expect("JSON");
    answer["error"]["message"].as_str().map(str::to_owned)
}

/// Returns the paths to all values in settings of every form.
fn all_paths() -> Vec<Vec<Step>> {
    let mut all = Vec::new();
    collect_paths(&places::valid(), &[], &mut all);
    all
}

#[test]
fn replaced_values_are_located_and_not_quoted() {
    let (mut tried, mut rejected) = (0, 0);
    for steps in all_paths() {
        for value in values() {
            let mut settings = places::valid();
            *at(&mut settings, &steps) = value.clone();
            tried += 1;
            let Some(message) = error_text(&settings) else { continue };
            rejected += 1;
            assert!(!message.contains("canary"), "{message}");
            let path = path(&message);
            let place = place(&steps);
            // The replacement may contain further errors, and `null` for all settings is equivalent to `{}`.
            let has_parts = value.is_object() || value.is_array() || steps.is_empty();
            assert!(
                path.len() == place.len() && is_prefix(&path, place)
                    || has_parts && place == steps && is_prefix(place, &path),
                "{steps:?} by {value}: {message}"
            );
        }
    }
    // Some replacements are valid.
    assert!(rejected * 4 > tried * 3, "{rejected} of {tried}");
}

#[test]
fn removed_values_are_located() {
    let (mut tried, mut rejected) = (0, 0);
    for steps in all_paths() {
        let Some((last, above)) = steps.split_last() else { continue };
        let mut settings = places::valid();
        match (at(&mut settings, above), last) {
            (Value::Object(fields), Step::Key(key)) => drop(fields.shift_remove(key)),
            (Value::Array(items), Step::Index(index)) => drop(items.remove(*index)),
            _ => unreachable!("a path in the settings"),
        }
        tried += 1;
        let Some(message) = error_text(&settings) else { continue };
        rejected += 1;
        assert!(!message.contains("canary"), "{message}");
        let path = path(&message);
        // If an item, or the key that names a variant, is removed, the error names what contained it. The fields of
        // an object with flattened ones are not distinguished, and a missing tag is reported for the whole.
        let is_nameless = matches!(last, Step::Index(_))
            || ["custom", "kind", "name"].iter().any(|key| *last == Step::Key((*key).to_owned()))
                && above.len() == 1;
        let is_content = steps == [Step::Key("source".to_owned()), Step::Key("of".to_owned())];
        let place = if is_nameless {
            above
        } else if is_content {
            &steps
        } else {
            place(&steps)
        };
        assert!(path.len() == place.len() && is_prefix(&path, place), "{steps:?}: {message}");
    }
    // Optional fields and list items can be removed.
    assert!(rejected * 2 > tried, "{rejected} of {tried}");
}

proptest! {
    #[test]
    fn any_bytes_get_a_response(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        assert_answer(Wire::Classic, "list-accounts", &bytes);
        assert_answer(Wire::OpenApi, "create_account", &bytes);
    }

    #[test]
    fn any_json_gets_a_response(value in any_json()) {
        let bytes = value.to_string().into_bytes();
        assert_answer(Wire::Classic, "create_account", &bytes);
        assert_answer(Wire::OpenApi, "create_account", &bytes);
    }

    #[test]
    fn a_request_with_a_changed_byte_gets_a_response(at in 0..CLASSIC.len(), byte in any::<u8>()) {
        let mut bytes = CLASSIC.as_bytes().to_vec();
        bytes[at] = byte;
        assert_answer(Wire::Classic, "list-accounts", &bytes);
    }

    #[test]
    fn a_truncated_request_gets_a_response(at in 0..CLASSIC.len()) {
        assert_answer(Wire::Classic, "list-accounts", &CLASSIC.as_bytes()[..at]);
    }
}
