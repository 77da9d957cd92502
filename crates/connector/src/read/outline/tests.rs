use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

fn said(text: &str) -> Option<String> {
    assert!(serde_json::from_str::<serde_json::Value>(text).is_ok(), "{text}");
    refused(text)
}

fn refused(text: &str) -> Option<String> {
    match read(text) {
        Ok(_) => None,
        Err(Fault::Refused(problem)) => Some(problem.to_string()),
        Err(Fault::Broken) => panic!("it is JSON"),
    }
}

#[test]
fn a_duplicate_is_named_by_its_path() {
    assert_eq!(said(r#"{"a":1,"b":2,"a":3}"#).as_deref(), Some("a: duplicate key"));
    assert_eq!(
        said(r#"{"x":{"y":1},"request":{"account":{"k":[1,{"z":1}],"email":"a","email":"b"}}}"#).as_deref(),
        Some("request.account.email: duplicate key")
    );
    assert_eq!(
        said(r#"{"request":[{"k":1},{"k":1,"k":2}]}"#).as_deref(),
        Some("request[1].k: duplicate key")
    );
}

#[test]
fn a_key_is_the_same_however_it_is_escaped() {
    assert!(said(r#"{"a":1,"\u0061":2}"#).is_some());
    assert!(said(r#"{"a\"":1,"a\\":2,"":3}"#).is_none());
    assert!(said(r#"{"a":"\\","b":{"c\\":1,"\u0063\\":"\""}}"#).is_some());
}

#[test]
fn a_key_that_is_no_text_is_refused() {
    let said = refused(r#"{"request":{"a":{"\ud800":1,"\uD800":2}}}"#);
    assert_eq!(said.as_deref(), Some(r#"request.a."\\ud800": half a pair of surrogates is no text"#));
    assert_eq!(refused(r#"{"a":{"\ud83d\ude00":1,"😀x":2}}"#), None);
}

#[test]
fn strings_are_not_keys_and_objects_are_apart() {
    assert_eq!(said(r#"{"a":"{\"a\":1","b":["a","a"],"c":{"a":1},"d":{"a":1}}"#), None);
}

#[test]
fn nothing_below_auth_or_settings_is_quoted() {
    assert_eq!(said(r#"{"auth":{"canary":1,"canary":2}}"#).as_deref(), Some("auth: duplicate key"));
}

#[test]
fn a_key_is_repeated_only_as_far_as_it_is_short() {
    let key = "\\u001bé".repeat(1 << 16);
    let text = format!(r#"{{"request":{{"{key}":1,"{key}":2}}}}"#);
    let said = said(&text).unwrap();
    assert!(said.starts_with(r#"request."\u{1b}é"#) && said.ends_with("…\": duplicate key"), "{said}");
    assert!(said.len() < 1000, "{}", said.len());
    let deep = format!("{}{{\"a\":1,\"a\":2}}{}", "{\"deep\":".repeat(900), "}".repeat(900));
    let said = refused(&deep).unwrap();
    assert!(said.len() < 1000, "{}", said.len());
}

#[test]
fn many_keys_are_checked_too() {
    let mut fields: Vec<String> = (0..100).map(|n| format!("\"k{n}\":{n}")).collect();
    assert_eq!(said(&format!("{{{}}}", fields.join(","))), None);
    fields.push("\"k50\":0".to_owned());
    assert_eq!(said(&format!("{{{}}}", fields.join(","))).as_deref(), Some("k50: duplicate key"));
    // Each object has its own, those within and those after it too.
    let many = |last: &str| {
        let fields: Vec<String> = (0..40).map(|n| format!("\"k{n}\":{n}")).collect();
        format!("{{{},{last}}}", fields.join(","))
    };
    let within = format!(r#""in":[{},{}]"#, many(r#""a":1"#), many(r#""a":1"#));
    assert_eq!(said(&many(&within)), None);
    let after = many(&format!(r#"{within},"k7":1"#));
    assert_eq!(said(&after).as_deref(), Some("k7: duplicate key"));
}

#[test]
fn a_document_is_refused_from_a_depth_on() {
    let deep = |levels: usize| format!("{{\"x\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(refused(&deep(DEEPEST - 1)), None);
    let said = refused(&deep(1 << 20)).unwrap();
    assert!(said.starts_with("x[0][0]") && said.ends_with(": recursion limit exceeded"), "{said}");
}

/// Compares with what `serde_json` says of the same text.
fn assert_agrees(text: &str) {
    use serde_json::value::RawValue;

    let expected = serde_json::from_str::<serde::de::IgnoredAny>(text);
    match read(text) {
        Ok(sections) => {
            assert!(expected.is_ok(), "{text:?} is broken: {expected:?}");
            let all: HashMap<Cow<'_, str>, &RawValue> = serde_json::from_str(text).unwrap();
            let of = |name: &str| all.get(name).map(|raw| raw.get());
            let same = Sections {
                request: of("request"),
                auth: of("auth"),
                credentials: of("credentials"),
                settings: of("settings"),
                page: of("page"),
                include_raw_data: of("include_raw_data"),
                request_id: of("request_id"),
                rate_limit: of("rate_limit"),
            };
            assert_eq!(sections, same, "{text:?}");
        }
        Err(Fault::Broken) => assert!(expected.is_err(), "{text:?} is no JSON"),
        Err(Fault::Refused(_)) => {}
    }
}

#[test]
fn json_is_what_it_is_for_serde_json() {
    let values = [
        "0",
        "-0",
        "01",
        "-",
        "1.",
        ".5",
        "1.5",
        "1e5",
        "1E+05",
        "1e-",
        "1e",
        "+1",
        "1x",
        "true",
        "tru",
        "truex",
        "null",
        "nul",
        "false",
        "fals",
        "\"\"",
        "\"a",
        "\"\\",
        "\"\\x\"",
        "\"\\u12G4\"",
        "\"\\u1234\"",
        "\"\\ud800\"",
        "\"\\u12\"",
        "\"\t\"",
        "\"\u{7f}\u{fc}\"",
        "[",
        "]",
        "[]",
        "[ ]",
        "[,]",
        "[1,]",
        "[1,2]",
        "[1 2]",
        "{}",
        "{ }",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{1:1}",
        "[}",
        "{]",
        "",
        " ",
        "1 1",
        "\u{a0}1",
    ];
    for value in values {
        for space in ["", " \n\r\t"] {
            assert_agrees(&format!("{{\"request\":{space}{value}{space},\"x\":{space}{value}}}{space}"));
            assert_agrees(&format!("{{\"page\":{space}[{value}{space},{{\"request\":{value}}}]}}"));
            assert_agrees(&format!("{{{space}\"auth\"{space}:{value}}}{value}"));
        }
    }
}

#[test]
fn what_is_special_in_a_string_is_found_wherever_it_stands() {
    for before in 0..20 {
        for after in 0..20 {
            for byte in [b'"', b'\\', 0, 0x1f] {
                let text = [&vec![b'~'; before][..], &[byte], &vec![byte; after]].concat();
                assert_eq!(plain(&text), before, "{text:?}");
            }
        }
        for byte in [b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xa2, 0xdc, 0x9f, 0xff] {
            assert_eq!(plain(&vec![byte; before]), before, "{byte}");
        }
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        ".{0,6}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let key = "request|auth|page|settings|request_id|[a\\\\\"\u{fc}\u{0}]{0,2}";
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::hash_map(key, inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn a_document_is_split_and_judged_as_by_serde_json(
        value in prop::collection::hash_map("request|auth|page|credentials|rate_limit|x", json(), 0..4),
        pretty in any::<bool>(),
        cut in any::<prop::sample::Index>(),
        instead in r#"[\[\]{}:,"\\\\0-9eE+.tnu -]{0,2}"#,
    ) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        assert_agrees(&text);
        prop_assert!(read(&text).is_ok(), "{text}");
        let at = text.floor_char_boundary(cut.index(text.len()));
        let (before, after) = text.split_at(at);
        let after = after.strip_prefix(|_: char| true).unwrap_or_default();
        let spoilt = format!("{before}{instead}{after}");
        if spoilt.starts_with('{') {
            assert_agrees(&spoilt);
        }
    }
}
