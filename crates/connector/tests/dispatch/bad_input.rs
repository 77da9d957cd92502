//! Invalid requests.

use connector::Wire;
use serde_json::Value;

use crate::support::{CLASSIC, ask, ask_bytes, error_text, integration};

fn error_of(request: &str) -> String {
    error_text(&integration(Wire::Classic), "list-accounts", request)
}

fn create(request: &str) -> String {
    let request =
        format!(r#"{{"auth":{{"model":"basic","username":"a","password":"p"}},"request":{request}}}"#);
    error_text(&integration(Wire::Classic), "create_account", &request)
}

#[test]
fn input_that_is_not_a_json_object_is_rejected() {
    assert_eq!(error_of(""), "app.bad_request: malformed JSON at line 1 column 0: EOF while parsing a value");
    assert_eq!(error_of("null"), "app.bad_request: expected an object, found null");
    assert_eq!(error_of("[]"), "app.bad_request: expected an object, found an array");
    assert_eq!(error_of(r#""text""#), "app.bad_request: expected an object, found a string");
    assert_eq!(
        error_of("{\"auth\":\n  oops}"),
        "app.bad_request: malformed JSON at line 2 column 3: expected value"
    );
    assert_eq!(
        error_of(&"[".repeat(1 << 20)),
        "app.bad_request: malformed JSON at line 1 column 1048576: EOF while parsing a list"
    );
}

#[test]
fn invalid_utf_8_is_reported_with_its_position() {
    let answer = ask_bytes(&integration(Wire::Classic), "list-accounts", b"{\"auth\": \"\xff\"}");
    assert_eq!(answer["error"]["message"], "malformed JSON: invalid UTF-8 after byte 10");
}

#[test]
fn byte_order_marks_are_rejected() {
    for wire in [Wire::Classic, Wire::OpenApi] {
        let message = |request: &[u8]| {
            let answer = ask_bytes(&integration(wire), "create_account", request);
            answer["error"]["message"].as_str().unwrap().to_owned()
        };
        let utf_8 = format!("\u{feff}{CLASSIC}");
        let marked = "malformed JSON: the document starts with a byte order mark; send it without one";
        assert_eq!(message(utf_8.as_bytes()), marked);
        let utf_16 = "malformed JSON: the document is UTF-16; send it as UTF-8 without a byte order mark";
        assert_eq!(message(b"\xff\xfe{\0}\0"), utf_16);
        assert_eq!(message(b"\xfe\xff\0{\0}"), utf_16);
    }
    // Inside a string, it is an ordinary character.
    let inside = CLASSIC.replace("ada", "\u{feff}ada");
    assert_eq!(ask(&integration(Wire::Classic), "list-accounts", &inside)["error"], Value::Null);
}

#[test]
fn missing_fields_are_reported_with_their_path() {
    assert_eq!(error_of("{}"), "app.bad_request: request is required");
    assert_eq!(error_of(r#"{"request":{}}"#), "app.bad_request: auth is required");
    assert_eq!(error_of(r#"{"request":{},"auth":{}}"#), "app.bad_request: auth.model is required");
    assert_eq!(
        error_of(r#"{"request":{},"auth":{"model":"basic","username":"a"}}"#),
        "app.bad_request: auth.password is required"
    );
    assert_eq!(create("{}"), "app.bad_request: request.account is required");
    assert_eq!(
        create(r#"{"account":{},"entitlements":[{"integration_specific_id":"e"}]}"#),
        "app.bad_request: request.entitlements[0].entitlement_type is required"
    );
}

#[test]
fn wrong_types_are_reported_without_the_value() {
    assert_eq!(
        create(r#"{"account":{"email":7},"entitlements":[]}"#),
        "app.bad_request: request.account.email: expected a string, found a number"
    );
    assert_eq!(
        create(r#"{"account":{},"entitlements":{}}"#),
        "app.bad_request: request.entitlements: expected an array, found an object"
    );
    assert_eq!(error_of(r#"{"request":[]}"#), "app.bad_request: request: expected an object, found an array");
}

#[test]
fn arrays_are_not_accepted_as_objects() {
    assert_eq!(
        create(r#"{"account":["a@b"],"entitlements":[]}"#),
        "app.bad_request: request.account: expected an object, found an array"
    );
    assert_eq!(
        create(r#"{"account":{},"entitlements":[["e","r","t"]]}"#),
        "app.bad_request: request.entitlements[0]: expected an object, found an array"
    );
    let paged = CLASSIC.replace("\"request\"", "\"page\":[null,2],\"request\"");
    assert_eq!(error_of(&paged), "app.bad_request: page: expected an object, found an array");
}

#[test]
fn numbers_and_booleans_in_strings_are_rejected() {
    let with = |rest: &str| error_of(&CLASSIC.replace("\"request\"", &format!("{rest},\"request\"")));
    assert_eq!(
        with(r#""include_raw_data":"true""#),
        "app.bad_request: include_raw_data: expected a boolean, found a string"
    );
}

#[test]
fn page_sizes_can_be_integers_of_any_magnitude() {
    let with = |size: &str| {
        error_of(&CLASSIC.replace("\"request\"", &format!(r#""page":{{"size":{size}}},"request""#)))
    };
    for (size, found) in [("\"10\"", "a string"), ("true", "a boolean"), ("1.5", "a number")] {
        assert_eq!(
            with(size),
            format!("app.bad_request: page.size: expected an integer, found {found}"),
            "{size}"
        );
    }
    for size in ["0", "-1", "-9223372036854775809", "-99999999999999999999", "-1e30"] {
        assert_eq!(with(size), "app.bad_request: page.size: expected at least 1", "{size}");
    }
    for size in ["9223372036854775807", "9223372036854775808", "99999999999999999999", "1e30", "5.0", "5e2"] {
        let request = CLASSIC.replace("\"request\"", &format!(r#""page":{{"size":{size}}},"request""#));
        assert_eq!(
            ask(&integration(Wire::Classic), "list-accounts", &request)["error"],
            Value::Null,
            "{size}"
        );
    }
    assert_eq!(with("1e999"), "app.bad_request: page.size: number out of range");
}

#[test]
fn unknown_credential_kinds_are_not_quoted() {
    let with = |model: &str| error_of(&format!(r#"{{"auth":{{"model":"{model}"}},"request":{{}}}}"#));
    assert_eq!(with("foo"), "app.bad_request: auth.model: unknown value, expected \"basic\"");
    assert_eq!(with("oauth"), "app.bad_request: auth.model: expected \"basic\", found \"oauth\"");
    assert_eq!(with(&"x".repeat(21)), "app.bad_request: auth.model: unknown value, expected \"basic\"");
}

#[test]
fn duplicate_fields_are_rejected() {
    assert_eq!(error_of(r#"{"request":{},"request":{}}"#), "app.bad_request: request: duplicate key");
    assert_eq!(
        error_of(r#"{"auth":null,"\u0061uth":{},"request":{}}"#),
        "app.bad_request: auth: duplicate key"
    );
    assert!(error_of(r#"{"request":{},"request":{},oops}"#).contains("malformed JSON at line 1 column 28"));
    assert_eq!(
        create(r#"{"account":{"email":"a","email":"b"},"entitlements":[]}"#),
        "app.bad_request: request.account.email: duplicate key"
    );
    assert_eq!(
        error_of(r#"{"auth":{"model":"basic","username":"a","username":"b","password":"p"},"request":{}}"#),
        "app.bad_request: auth.username: duplicate key"
    );
    let page = CLASSIC.replace("\"request\"", r#""page":{"size":1,"size":2},"request""#);
    assert_eq!(error_of(&page), "app.bad_request: page.size: duplicate key");
}

#[test]
fn duplicate_keys_without_a_field_are_accepted() {
    let request = CLASSIC.replace("\"request\"", r#""later":1,"later":2,"request""#);
    assert_eq!(ask(&integration(Wire::Classic), "list-accounts", &request)["error"], Value::Null);
    let error = |extra_data: &str| {
        let auth = r#"{"model":"basic","username":"a","password":"p"}"#;
        let account = format!(r#"{{"later":1,"later":2,"extra_data":{extra_data}}}"#);
        let request = format!(r#"{{"auth":{auth},"request":{{"account":{account},"entitlements":[]}}}}"#);
        ask(&integration(Wire::Classic), "create_account", &request)["error"].clone()
    };
    assert_eq!(error(r#"{"k":1,"k":{"k":2}}"#), Value::Null);
}

#[test]
fn unpaired_surrogates_are_rejected_where_they_are_read() {
    let end = "unexpected end of hex escape";
    assert_eq!(error_of(r#"{"\ud800":1,"request":{}}"#), format!("app.bad_request: {end}"));
    assert_eq!(
        create(r#"{"account":{"email":"\ud800"},"entitlements":[]}"#),
        format!("app.bad_request: request.account.email: {end}")
    );
    assert_eq!(
        create(r#"{"account":{"\ud800":"x"},"entitlements":[]}"#),
        format!("app.bad_request: request.account: {end}")
    );
    let ignored = CLASSIC.replace("\"request\"", r#""later":{"\ud800":"\udfff"},"request""#);
    assert_eq!(ask(&integration(Wire::Classic), "list-accounts", &ignored)["error"], Value::Null);
}

#[test]
fn unknown_fields_are_ignored() {
    let request = CLASSIC.replace("\"request\":{}", r#""later":{"x":[1]},"request":{"unknown":true}"#);
    assert_eq!(ask(&integration(Wire::Classic), "list-accounts", &request)["error"], Value::Null);
}

#[test]
fn deeply_nested_documents_are_rejected() {
    let deep = format!("{}1{}", r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
    let answer = create(&format!(r#"{{"account":{{"extra_data":{deep}}},"entitlements":[]}}"#));
    assert!(answer.contains("recursion limit exceeded"), "{answer}");
    let request = CLASSIC.replace("\"request\"", &format!(r#""later":{deep},"request""#));
    assert_eq!(ask(&integration(Wire::Classic), "list-accounts", &request)["error"], Value::Null);
    let answer = error_of(&format!(r#"{{"auth":{deep},"request":{{}}}}"#));
    assert!(answer.contains("auth: must be at most"), "{answer}");
}

#[test]
fn page_sizes_below_one_are_rejected_in_both_formats() {
    let request = CLASSIC.replace("\"request\"", r#""page":{"size":0},"request""#);
    assert_eq!(error_of(&request), "app.bad_request: page.size: expected at least 1");
    let request = r#"{"auth":{"basic":{"username":"a","password":"p"}},"page":{"size":-3},"request":{}}"#;
    let answer = ask(&integration(Wire::OpenApi), "list_accounts", request);
    assert_eq!(answer["error"]["message"], "page.size: expected at least 1");
}

#[test]
fn errors_name_the_bad_field() {
    let request = CLASSIC.replace("\"request\"", r#""page":{"size":5.0,"token":7},"request""#);
    assert_eq!(error_of(&request), "app.bad_request: page.token: expected a string, found a number");
}

#[test]
fn unknown_capabilities_are_not_implemented() {
    assert_eq!(
        error_text(&integration(Wire::Classic), "no/such\u{1b}[2J", CLASSIC),
        "app.not_implemented: app does not implement no/such[2J in the classic wire format"
    );
}

#[test]
fn oversized_credentials_are_rejected() {
    let message = |extra: &str| {
        let auth = format!(r#"{{"model":"basic","username":"u","password":"p"{extra}}}"#);
        let request = format!(r#"{{"auth":{auth},"request":{{}}}}"#);
        ask(&integration(Wire::Classic), "list-accounts", &request)["error"]["message"].clone()
    };
    let values =
        |count: usize| (0..count).map(|at| format!(r#","x{at}":"0123456789abcdef""#)).collect::<String>();
    assert_eq!(message(&values(61)), Value::Null);
    assert_eq!(message(&values(62)), "auth: must contain at most 64 values");
    assert_eq!(message(&format!(r#","x":"{}""#, "x".repeat(30 << 10))), Value::Null);
    assert_eq!(message(&format!(r#","x":"{}""#, "x".repeat(33 << 10))), "auth: must be at most 32768 bytes");
}
