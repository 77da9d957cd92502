//! Locations of errors in settings, for every form of derived serde types.

use std::collections::BTreeMap;
use std::net::IpAddr;

use connector::capability::{
    ListAccounts, ListAccountsRequest, ListAccountsResponse, ValidateCredentials, ValidateCredentialsRequest,
    ValidateCredentialsResponse, WithArgs,
};
use connector::schemars::JsonSchema;
use connector::{Integration, Request, Secret};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::{ask, error_text};

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only decoded")]
pub(crate) struct Settings {
    host: String,
    port: u16,
    key: Option<Secret>,
    retry: Option<Retry>,
    #[serde(default)]
    regions: Vec<Region>,
    #[serde(default)]
    labels: BTreeMap<String, u32>,
    ports: Option<BTreeMap<u16, String>>,
    mode: Option<Mode>,
    backup: Option<IpAddr>,
    proxy: Option<Proxy>,
    source: Option<Source>,
    limit: Option<Limit>,
    window: Option<Window>,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only decoded")]
struct Retry {
    attempts: u8,
    backoff: (u32, u32),
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only decoded")]
struct Region {
    name: String,
    weight: Option<f64>,
}

/// Externally tagged.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "only decoded")]
enum Mode {
    Plain,
    Fixed(u16),
    Pair(u16, String),
    Custom { host: String, port: u16 },
}

/// Internally tagged.
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(dead_code, reason = "only decoded")]
enum Proxy {
    Direct,
    Http(Http),
    Socks { address: IpAddr, port: u16 },
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only decoded")]
struct Http {
    host: String,
    port: u16,
    secure: bool,
    hops: Vec<Hop>,
    headers: Option<BTreeMap<String, u16>>,
    limit: Option<Limit>,
    mode: Option<Mode>,
    second: Option<Box<Hop>>,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only decoded")]
struct Hop {
    host: String,
    port: u16,
    password: Option<Secret>,
}

/// Adjacently tagged.
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "type", content = "of", rename_all = "snake_case")]
#[expect(dead_code, reason = "only decoded")]
enum Source {
    Nothing,
    File { path: String, lines: u32 },
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only decoded")]
enum Limit {
    Count(u32),
    Window { count: u32, seconds: u32 },
}

/// With flattened fields.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only decoded")]
struct Window {
    name: String,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only decoded")]
struct Paging {
    page_size: u32,
    order: Order,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only decoded")]
struct Order {
    by: String,
    descending: bool,
}

/// Settings that use every form.
pub(crate) fn valid() -> Value {
    json!({
        "host": "canary", "port": 1, "key": "canary",
        "retry": {"attempts": 3, "backoff": [1, 2]},
        "regions": [{"name": "canary", "weight": 0.5}, {"name": "canary"}],
        "labels": {"canary-x": 1, "canary-y": 1},
        "ports": {"80": "canary"},
        "mode": {"custom": {"host": "canary", "port": 1}},
        "proxy": {
            "kind": "http", "host": "canary", "port": 1, "secure": true,
            "hops": [{"host": "canary", "port": 1}, {"host": "canary", "port": 1, "password": "canary"}],
            "headers": {"canary-x": 1, "canary-y": 1},
            "limit": {"count": 1, "seconds": 1},
            "mode": {"custom": {"host": "canary", "port": 1}},
            "second": {"host": "canary", "port": 1},
        },
        "source": {"of": {"path": "canary", "lines": 1}, "type": "file"},
        "limit": {"count": 1, "seconds": 1},
        "window": {"name": "canary", "page_size": 1, "order": {"by": "canary", "descending": true}},
    })
}

pub(crate) fn with_settings<S: DeserializeOwned + JsonSchema + Send + Sync + 'static>() -> Integration {
    Integration::builder("app")
        .settings::<S>()
        .register(ValidateCredentials, |_: Request<ValidateCredentialsRequest, S>| async {
            Ok(ValidateCredentialsResponse::new(true).into())
        })
        .build()
}

pub(crate) fn integration() -> Integration {
    with_settings::<Settings>()
}

pub(crate) fn request(settings: &Value) -> String {
    json!({"request": {}, "settings": settings}).to_string()
}

/// Returns the error message for valid settings with one value changed, without the code.
fn error_of(place: &str, value: Value) -> String {
    let mut settings = valid();
    *settings.pointer_mut(place).expect("a place in the settings") = value;
    of(&integration(), &settings)
}

fn error_without(place: &str, key: &str) -> String {
    let mut settings = valid();
    let object = settings.pointer_mut(place).and_then(Value::as_object_mut).expect("an object");
    object.shift_remove(key).expect("a key of the object");
    of(&integration(), &settings)
}

pub(crate) fn of(integration: &Integration, settings: &Value) -> String {
    let error_text = error_text(integration, "validate-credentials", &request(settings));
    error_text.strip_prefix("app.bad_request: ").expect("a bad request").to_owned()
}

#[test]
fn the_valid_settings_are_valid() {
    assert_eq!(ask(&integration(), "validate-credentials", &request(&valid()))["error"], Value::Null);
}

#[test]
fn errors_in_an_internally_tagged_enum_name_the_enum() {
    assert_eq!(
        error_of("/proxy/port", json!("x")),
        "settings.proxy: expected an integer (u16), found a string"
    );
    assert_eq!(
        error_of("/proxy/port", json!(70000)),
        "settings.proxy: expected an integer (u16), found a number that is not allowed"
    );
    assert_eq!(
        error_of("/proxy/hops/1/port", json!(null)),
        "settings.proxy: expected an integer (u16), found null"
    );
    assert_eq!(
        error_of("/proxy/mode/custom/port", json!(true)),
        "settings.proxy: expected an integer (u16), found a boolean"
    );
    assert_eq!(
        error_of("/proxy/mode", json!("canary")),
        "settings.proxy: unknown value, expected \"plain\", \"fixed\", \"pair\" or \"custom\""
    );
    assert_eq!(
        error_without("/proxy", "host"),
        "settings.proxy: \"host\" is required here or further inside"
    );
    assert_eq!(
        error_without("/proxy/hops/0", "port"),
        "settings.proxy: \"port\" is required here or further inside"
    );
    assert_eq!(error_of("/proxy", json!("canary")), "settings.proxy: expected an object, found a string");
}

#[test]
fn the_tag_of_an_internally_tagged_enum_is_not_shown_in_settings() {
    assert_eq!(
        error_of("/proxy/kind", json!("canary")),
        "settings.proxy.*: unknown value, expected \"direct\", \"http\" or \"socks\""
    );
    assert_eq!(error_of("/proxy/kind", json!(true)), "settings.proxy.*: expected a name, found a boolean");
    assert_eq!(
        error_without("/proxy", "kind"),
        "settings.proxy: \"kind\" is required here or further inside"
    );
}

#[test]
fn errors_in_an_untagged_enum_name_the_enum() {
    assert_eq!(error_of("/limit", json!("canary")), "settings.limit: matches none of the allowed forms");
    assert_eq!(
        error_of("/limit/seconds", json!("canary")),
        "settings.limit: matches none of the allowed forms"
    );
    assert_eq!(
        error_of("/proxy/limit", json!("canary")),
        "settings.proxy: matches none of the allowed forms"
    );
    assert_eq!(error_without("/limit", "count"), "settings.limit: matches none of the allowed forms");
}

#[test]
fn errors_in_an_adjacently_tagged_enum_are_exact_after_the_tag() {
    assert_eq!(
        error_of("/source", json!({"type": "file", "of": {"path": "p", "lines": "canary"}})),
        "settings.source.of.lines: expected an integer (u32), found a string"
    );
    assert_eq!(
        error_of("/source", json!({"type": "file", "of": {"lines": 1}})),
        "settings.source.of: \"path\" is required here or further inside"
    );
    assert_eq!(
        error_of("/source/of/lines", json!("canary")),
        "settings.source: expected an integer (u32), found a string"
    );
    assert_eq!(
        error_without("/source/of", "path"),
        "settings.source: \"path\" is required here or further inside"
    );
    assert_eq!(error_without("/source", "type"), "settings.source.type is required");
    assert_eq!(error_without("/source", "of"), "settings.source.of is required");
    assert_eq!(
        error_of("/source/type", json!("canary")),
        "settings.source.type: unknown value, expected \"nothing\" or \"file\""
    );
}

#[test]
fn errors_in_an_externally_tagged_enum_are_exact() {
    assert_eq!(
        error_of("/mode/custom/port", json!("canary")),
        "settings.mode.custom.port: expected an integer (u16), found a string"
    );
    assert_eq!(error_without("/mode/custom", "host"), "settings.mode.custom.host is required");
    assert_eq!(
        error_of("/mode/custom", json!(["h", 1])),
        "settings.mode.custom: expected an object, found an array"
    );
    assert_eq!(
        error_of("/mode", json!({"fixed": "canary"})),
        "settings.mode.fixed: expected an integer (u16), found a string"
    );
    assert_eq!(
        error_of("/mode", json!({"pair": [1, 2]})),
        "settings.mode.pair[1]: expected a string, found a number"
    );
    assert_eq!(
        error_of("/mode", json!({"pair": [1]})),
        "settings.mode.pair: expected tuple variant Mode::Pair with 2 elements, found 1 items"
    );
    assert_eq!(error_of("/mode", json!("fixed")), "settings.mode: expected an object with one field");
    assert_eq!(
        error_of("/mode", json!({})),
        "settings.mode: expected an object with one field, found an object that is not allowed"
    );
    assert_eq!(error_of("/mode", json!(5)), "settings.mode: expected a name, found a number");
}

#[test]
fn errors_in_flattened_fields_name_the_object() {
    assert_eq!(error_of("/window/name", json!(1)), "settings.window.name: expected a string, found a number");
    assert_eq!(
        error_of("/window/page_size", json!("x")),
        "settings.window: expected an integer (u32), found a string"
    );
    assert_eq!(
        error_of("/window/order/descending", json!(1)),
        "settings.window: expected a boolean, found a number"
    );
    for (object, name) in [("/window", "name"), ("/window", "page_size"), ("/window/order", "by")] {
        assert_eq!(
            error_without(object, name),
            format!("settings.window: {name:?} is required here or further inside")
        );
    }
    assert_eq!(of(&integration(), &json!(null)), "settings.host is required");
}

#[test]
fn custom_errors_have_a_path_too() {
    let backup = |address: &str| json!({"host": "h", "port": 1, "backup": address});
    assert_eq!(of(&integration(), &backup("canary")), "settings.backup: invalid value");
}

#[test]
fn keys_chosen_by_the_caller_are_not_shown_in_settings() {
    assert_eq!(
        error_of("/labels", json!({"canary": "x"})),
        "settings.labels.*: expected an integer (u32), found a string"
    );
    assert_eq!(
        error_of("/proxy/headers", json!({"x": 1, "canary": "x"})),
        "settings.proxy: expected an integer (u16), found a string"
    );
    assert_eq!(
        error_of("/ports", json!({"canary": "x"})),
        "settings.ports: expected an integer (u16) as the key"
    );
    assert_eq!(error_of("/ports", json!({"4711": 5})), "settings.ports.*: expected a string, found a number");
}

#[test]
fn the_first_of_two_errors_is_reported() {
    let mut settings = valid();
    settings["regions"][0]["weight"] = json!("x");
    settings["regions"][1]["name"] = json!(1);
    settings["limit"] = json!("x");
    assert_eq!(
        of(&integration(), &settings),
        "settings.regions[0].weight: expected a number, found a string"
    );
}

#[test]
fn errors_in_numbers_and_escapes_have_a_path() {
    let of = |section: &str, text: &str| {
        let request = match section {
            "settings" => format!(r#"{{"request":{{}},"settings":{text}}}"#),
            _ => format!(r#"{{"request":{text}}}"#),
        };
        error_text(&integration(), "validate-credentials", &request)
    };
    assert_eq!(
        of("settings", r#"{"host":"h","port":1e999}"#),
        "app.bad_request: settings.port: number out of range"
    );
    assert_eq!(
        of("settings", r#"{"host":"h","port":1,"retry":{"attempts":1,"backoff":[1,1e999]}}"#),
        "app.bad_request: settings.retry.backoff[1]: number out of range"
    );
    assert_eq!(
        of("settings", r#"{"host":"h","labels":{"canary":1e999}}"#),
        "app.bad_request: settings.labels.*: number out of range"
    );
    assert_eq!(
        of("settings", r#"{"port":1,"host":"canary\ud800"}"#),
        "app.bad_request: settings.host: unexpected end of hex escape"
    );
    assert_eq!(
        of("settings", r#"{"host":"h","window":{"name":"n","canary":1e999}}"#),
        "app.bad_request: settings.window.*: number out of range"
    );
    assert!(
        of("settings", r#"{"host":"canary\x"}"#)
            .starts_with("app.bad_request: malformed JSON at line 1 column 42")
    );
}

mod args {
    use super::*;

    #[derive(Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Domain {
        #[expect(dead_code, reason = "only decoded")]
        domain: String,
        #[expect(dead_code, reason = "only decoded")]
        sizes: Option<BTreeMap<String, u8>>,
    }

    fn error_of(payload: &str) -> String {
        let integration = Integration::builder("app")
            .register(ListAccounts, |_: Request<WithArgs<ListAccountsRequest, Domain>>| async {
                Ok(ListAccountsResponse::default().into())
            })
            .build();
        let answer = ask(&integration, "list-accounts", &format!(r#"{{"request":{payload}}}"#));
        answer["error"]["message"].as_str().unwrap_or("fine").to_owned()
    }

    #[test]
    fn arguments_that_deny_unknown_fields_reject_the_standard_payload() {
        assert_eq!(error_of(r#"{"domain":"d"}"#), "fine");
        assert_eq!(
            error_of(r#"{"domain":"d","custom_attributes":[]}"#),
            r#"request.custom_attributes: unknown field, expected "domain" or "sizes""#
        );
    }

    #[test]
    fn unusual_keys_are_quoted_escaped_and_truncated() {
        assert_eq!(
            error_of(r#"{"domain":"d","sizes":{"weird key\u001b\"":"x"}}"#),
            r#"request.sizes."weird key\u{1b}\"": expected an integer (u8), found a string"#
        );
        let long = error_of(&format!(r#"{{"domain":"d","sizes":{{"{}":"x"}}}}"#, "é".repeat(100_000)));
        assert!(long.len() < 400 && long.starts_with("request.sizes.\"éé"), "{long}");
        let long = error_of(&format!(r#"{{"domain":"d","{}":1}}"#, "k".repeat(100_000)));
        assert!(long.len() < 400 && long.starts_with("request.\"kkk"), "{long}");
    }
}
