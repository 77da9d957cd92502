//! Whatever the bytes, the answer is one JSON document of the right shape.

use connector::Wire;
use proptest::prelude::*;
use serde_json::Value;

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
