//! Whatever the bytes, the answer is one JSON document of the right shape.

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

/// A step on the way to a value.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Key(String),
    Index(usize),
}

/// The ways to all values in `value`.
fn ways(value: &Value, here: &[Step], all: &mut Vec<Vec<Step>>) {
    all.push(here.to_vec());
    let below: Vec<(Step, &Value)> = match value {
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (Step::Index(at), item)).collect(),
        Value::Object(fields) => fields.iter().map(|(key, item)| (Step::Key(key.clone()), item)).collect(),
        _ => Vec::new(),
    };
    for (step, item) in below {
        ways(item, &[here, &[step]].concat(), all);
    }
}

fn at<'v>(value: &'v mut Value, way: &[Step]) -> &'v mut Value {
    way.iter().fold(value, |value, step| match step {
        Step::Key(key) => &mut value[key],
        Step::Index(index) => &mut value[index],
    })
}

/// The way that the path at the front of a message is; `*` stands for a key that is not shown.
fn told(message: &str) -> Vec<Step> {
    let path = message.split(": ").next().unwrap_or_default().trim_end_matches(" is required");
    let mut steps = Vec::new();
    for name in path.split('.').skip(1) {
        let mut parts = name.split('[');
        steps.push(Step::Key(parts.next().unwrap_or_default().to_owned()));
        steps.extend(parts.map(|index| Step::Index(index.trim_end_matches(']').parse().expect("an index"))));
    }
    steps
}

/// Whether `long` begins with `short`.
fn leads(short: &[Step], long: &[Step]) -> bool {
    let is_same = |(one, other): (&Step, &Step)| {
        let hidden = Step::Key("*".to_owned());
        one == other || [one, other].contains(&&hidden)
    };
    short.len() <= long.len() && short.iter().zip(long).all(is_same)
}

/// The place that an error at `way` must have: that of the value which a type takes apart itself, if it is in one.
fn place(way: &[Step]) -> &[Step] {
    let names: Vec<&str> = way
        .iter()
        .map(|step| match step {
            Step::Key(key) => key.as_str(),
            Step::Index(_) => "[]",
        })
        .collect();
    match names.as_slice() {
        // Its tag has a place.
        ["proxy", "kind"] => way,
        ["proxy" | "limit", ..] | ["window", "page_size" | "order", ..] | ["source", "of", ..] => &way[..1],
        _ => way,
    }
}

/// One value of each type, and some that only look right.
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

fn refusal(settings: &Value) -> Option<String> {
    let answer =
        places::integration().dispatch_blocking("validate-credentials", places::request(settings).as_bytes());
    let answer: Value = serde_json::from_slice(&answer).expect("JSON");
    answer["error"]["message"].as_str().map(str::to_owned)
}

/// The ways to all values in settings of every form.
fn all_ways() -> Vec<Vec<Step>> {
    let mut all = Vec::new();
    ways(&places::valid(), &[], &mut all);
    all
}

#[test]
fn any_value_replaced_by_any_other_is_named_and_not_quoted() {
    let (mut tried, mut refused) = (0, 0);
    for way in all_ways() {
        for value in values() {
            let mut settings = places::valid();
            *at(&mut settings, &way) = value.clone();
            tried += 1;
            let Some(message) = refusal(&settings) else { continue };
            refused += 1;
            assert!(!message.contains("canary"), "{message}");
            let told = told(&message);
            let place = place(&way);
            // What was put in may have its own parts that are wrong; and `null` for all settings is as `{}`.
            let has_parts = value.is_object() || value.is_array() || way.is_empty();
            assert!(
                told.len() == place.len() && leads(&told, place)
                    || has_parts && place == way && leads(place, &told),
                "{way:?} by {value}: {message}"
            );
        }
    }
    // Some values fit, and so do some types.
    assert!(refused * 4 > tried * 3, "{refused} of {tried}");
}

#[test]
fn any_value_removed_is_named_or_what_it_was_in() {
    let (mut tried, mut refused) = (0, 0);
    for way in all_ways() {
        let Some((last, above)) = way.split_last() else { continue };
        let mut settings = places::valid();
        match (at(&mut settings, above), last) {
            (Value::Object(fields), Step::Key(key)) => drop(fields.shift_remove(key)),
            (Value::Array(items), Step::Index(index)) => drop(items.remove(*index)),
            _ => unreachable!("a way through the settings"),
        }
        tried += 1;
        let Some(message) = refusal(&settings) else { continue };
        refused += 1;
        assert!(!message.contains("canary"), "{message}");
        let told = told(&message);
        // Of what a variant's name was the key of, and of an item, only the whole is left to speak of. The fields of
        // an object with flattened ones are not told apart, and a tag is missed in the whole.
        let is_nameless = matches!(last, Step::Index(_))
            || ["custom", "kind", "name"].iter().any(|key| *last == Step::Key((*key).to_owned()))
                && above.len() == 1;
        let is_content = way == [Step::Key("source".to_owned()), Step::Key("of".to_owned())];
        let place = if is_nameless {
            above
        } else if is_content {
            &way
        } else {
            place(&way)
        };
        assert!(told.len() == place.len() && leads(&told, place), "{way:?}: {message}");
    }
    // Optional fields and items of lists may go.
    assert!(refused * 2 > tried, "{refused} of {tried}");
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        assert_answer(Wire::Classic, "list-accounts", &bytes);
        assert_answer(Wire::OpenApi, "create_account", &bytes);
    }

    #[test]
    fn any_json_is_answered(value in any_json()) {
        let bytes = value.to_string().into_bytes();
        assert_answer(Wire::Classic, "create_account", &bytes);
        assert_answer(Wire::OpenApi, "create_account", &bytes);
    }

    #[test]
    fn a_valid_request_with_a_byte_changed_is_answered(at in 0..CLASSIC.len(), byte in any::<u8>()) {
        let mut bytes = CLASSIC.as_bytes().to_vec();
        bytes[at] = byte;
        assert_answer(Wire::Classic, "list-accounts", &bytes);
    }

    #[test]
    fn a_request_cut_off_anywhere_is_answered(at in 0..CLASSIC.len()) {
        assert_answer(Wire::Classic, "list-accounts", &CLASSIC.as_bytes()[..at]);
    }
}
