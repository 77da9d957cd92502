//! Where an error is said to be, in settings of every form that derived serde types have.

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

use crate::support::{ask, refusal};

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
    proxy: Option<Proxy>,
    source: Option<Source>,
    limit: Option<Limit>,
    #[serde(flatten)]
    paging: Paging,
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
    Socks { address: IpAddr, port: u16, backup: Option<IpAddr> },
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

/// Flattened.
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
        "page_size": 1, "order": {"by": "canary", "descending": true},
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

/// What is said of the valid settings with one value changed, without the code.
fn said(place: &str, value: Value) -> String {
    let mut settings = valid();
    *settings.pointer_mut(place).expect("a place in the settings") = value;
    of(&integration(), &settings)
}

fn said_without(place: &str, key: &str) -> String {
    let mut settings = valid();
    let object = settings.pointer_mut(place).and_then(Value::as_object_mut).expect("an object");
    object.shift_remove(key).expect("a key of the object");
    of(&integration(), &settings)
}

pub(crate) fn of(integration: &Integration, settings: &Value) -> String {
    let refusal = refusal(integration, "validate-credentials", &request(settings));
    refusal.strip_prefix("app.bad_request: ").expect("a bad request").to_owned()
}

#[test]
fn the_valid_settings_are_valid() {
    assert_eq!(ask(&integration(), "validate-credentials", &request(&valid()))["error"], Value::Null);
}

#[test]
fn in_an_internally_tagged_enum() {
    assert_eq!(
        said("/proxy/port", json!("x")),
        "settings.proxy.port: expected an integer (u16), found a string"
    );
    assert_eq!(
        said("/proxy/port", json!(70000)),
        "settings.proxy.port: expected an integer (u16), found a number that is not allowed"
    );
    assert_eq!(
        said("/proxy/hops/1/port", json!(null)),
        "settings.proxy.hops[1].port: expected an integer (u16), found null"
    );
    assert_eq!(
        said("/proxy/second", json!({"host": "h", "port": {}})),
        "settings.proxy.second.port: expected an integer (u16), found an object"
    );
    assert_eq!(said_without("/proxy", "host"), "settings.proxy.host: missing");
    assert_eq!(said_without("/proxy/hops/0", "port"), "settings.proxy.hops[0].port: missing");
    assert_eq!(said_without("/proxy", "kind"), "settings.proxy.kind: missing");
    assert_eq!(
        said("/proxy/kind", json!("canary")),
        "settings.proxy.kind: unknown value, expected \"direct\", \"http\" or \"socks\""
    );
    assert_eq!(said("/proxy", json!("canary")), "settings.proxy: expected an object, found a string");
}

#[test]
fn in_an_enum_within_an_enum() {
    assert_eq!(
        said("/proxy/mode/custom/port", json!(true)),
        "settings.proxy.mode.custom.port: expected an integer (u16), found a boolean"
    );
    assert_eq!(said_without("/proxy/mode/custom", "port"), "settings.proxy.mode.custom.port: missing");
    assert_eq!(
        said("/proxy/mode", json!("canary")),
        "settings.proxy.mode: unknown value, expected \"plain\", \"fixed\", \"pair\" or \"custom\""
    );
}

#[test]
fn in_an_untagged_enum_is_the_place_of_the_enum() {
    assert_eq!(said("/limit", json!("canary")), "settings.limit: none of the allowed forms");
    assert_eq!(said("/limit/seconds", json!("canary")), "settings.limit: none of the allowed forms");
    assert_eq!(said("/proxy/limit", json!("canary")), "settings.proxy.limit: none of the allowed forms");
    assert_eq!(said_without("/proxy/limit", "count"), "settings.proxy.limit: none of the allowed forms");
}

#[test]
fn in_an_adjacently_tagged_enum_in_either_order() {
    assert_eq!(
        said("/source/of/lines", json!("canary")),
        "settings.source.of.lines: expected an integer (u32), found a string"
    );
    assert_eq!(
        said("/source", json!({"type": "file", "of": {"path": "p", "lines": "canary"}})),
        "settings.source.of.lines: expected an integer (u32), found a string"
    );
    assert_eq!(said_without("/source/of", "path"), "settings.source.of.path: missing");
    assert_eq!(said_without("/source", "type"), "settings.source.type: missing");
    assert_eq!(said_without("/source", "of"), "settings.source.of: missing");
    assert_eq!(
        said("/source/type", json!("canary")),
        "settings.source.type: unknown value, expected \"nothing\" or \"file\""
    );
}

#[test]
fn in_an_externally_tagged_enum() {
    assert_eq!(
        said("/mode/custom/port", json!("canary")),
        "settings.mode.custom.port: expected an integer (u16), found a string"
    );
    assert_eq!(said_without("/mode/custom", "host"), "settings.mode.custom.host: missing");
    assert_eq!(
        said("/mode/custom", json!(["h", 1])),
        "settings.mode.custom: expected an object, found an array"
    );
    assert_eq!(
        said("/mode", json!({"fixed": "canary"})),
        "settings.mode.fixed: expected an integer (u16), found a string"
    );
    assert_eq!(
        said("/mode", json!({"pair": [1, 2]})),
        "settings.mode.pair[1]: expected a string, found a number"
    );
    assert_eq!(
        said("/mode", json!({"pair": [1]})),
        "settings.mode.pair: expected tuple variant Mode::Pair with 2 elements, found 1 items"
    );
    assert_eq!(said("/mode", json!("fixed")), "settings.mode: expected an object of one field");
    assert_eq!(
        said("/mode", json!({})),
        "settings.mode: expected an object of one field, found an object that is not allowed"
    );
    assert_eq!(said("/mode", json!(5)), "settings.mode: expected a name, found a number");
}

#[test]
fn in_a_flattened_struct() {
    assert_eq!(said_without("", "page_size"), "settings.page_size: missing");
    assert_eq!(said_without("/order", "by"), "settings.order.by: missing");
    assert_eq!(
        said("/page_size", json!("x")),
        "settings.page_size: expected an integer (u32), found a string"
    );
    assert_eq!(
        said("/order/descending", json!(1)),
        "settings.order.descending: expected a boolean, found a number"
    );
    assert_eq!(of(&integration(), &json!({"host": "h", "port": 1})), "settings.page_size: missing");
    assert_eq!(of(&integration(), &json!(null)), "settings.host: missing");
}

#[test]
fn what_fails_in_the_words_of_its_own_type_is_placed_too() {
    let socks = |address: &str, backup: Value| json!({"kind": "socks", "address": address, "port": 1, "backup": backup});
    assert_eq!(said("/proxy", socks("canary", json!(null))), "settings.proxy.address: invalid value");
    assert_eq!(said("/proxy", socks("::1", json!("canary"))), "settings.proxy.backup: invalid value");
}

#[test]
fn a_key_that_the_caller_chose_is_not_named_in_settings() {
    assert_eq!(
        said("/labels", json!({"canary": "x"})),
        "settings.labels.*: expected an integer (u32), found a string"
    );
    assert_eq!(
        said("/proxy/headers", json!({"x": 1, "canary": "x"})),
        "settings.proxy.headers.*: expected an integer (u16), found a string"
    );
    assert_eq!(
        said("/ports", json!({"canary": "x"})),
        "settings.ports: expected an integer (u16) as the key"
    );
    assert_eq!(said("/ports", json!({"4711": 5})), "settings.ports.*: expected a string, found a number");
}

#[test]
fn of_two_errors_the_first_is_named() {
    let mut settings = valid();
    settings["proxy"]["hops"][0]["port"] = json!("x");
    settings["proxy"]["hops"][1]["port"] = json!("x");
    settings["proxy"]["second"]["port"] = json!("x");
    assert_eq!(
        of(&integration(), &settings),
        "settings.proxy.hops[0].port: expected an integer (u16), found a string"
    );
    settings = valid();
    settings["proxy"]["limit"] = json!("x");
    settings["limit"] = json!("x");
    assert_eq!(of(&integration(), &settings), "settings.proxy.limit: none of the allowed forms");
}

#[test]
fn a_document_too_large_to_search_keeps_the_place_that_is_known() {
    let mut settings = valid();
    settings["proxy"]["hops"] = (0..20_000).map(|_| json!({"host": "h", "port": 1})).collect();
    settings["proxy"]["hops"][19_999]["port"] = json!("canary");
    assert_eq!(of(&integration(), &settings), "settings.proxy: expected an integer (u16), found a string");
    settings["proxy"]["hops"][19_999] = json!({"host": "h"});
    assert_eq!(of(&integration(), &settings), "settings.proxy: something in it lacks \"port\"");
}

#[test]
fn an_internally_tagged_enum_is_no_array() {
    assert_eq!(
        said("/proxy", json!(["socks", "::1", 1, null])),
        "settings.proxy: expected an object, found an array"
    );
}

#[test]
fn numbers_and_escapes_beyond_reach_are_placed() {
    let of = |section: &str, text: &str| {
        let request = match section {
            "settings" => format!(r#"{{"request":{{}},"settings":{text}}}"#),
            _ => format!(r#"{{"request":{text}}}"#),
        };
        refusal(&integration(), "validate-credentials", &request)
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
    assert!(
        of("settings", r#"{"host":"canary\x"}"#)
            .starts_with("app.bad_request: broken JSON at line 1 column 42")
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

    fn said(payload: &str) -> String {
        let integration = Integration::builder("app")
            .register(ListAccounts, |_: Request<WithArgs<ListAccountsRequest, Domain>>| async {
                Ok(ListAccountsResponse::default().into())
            })
            .build();
        let answer = ask(&integration, "list-accounts", &format!(r#"{{"request":{payload}}}"#));
        answer["error"]["message"].as_str().unwrap_or("fine").to_owned()
    }

    #[test]
    fn arguments_that_deny_unknown_fields_deny_those_of_the_standard_payload() {
        assert_eq!(said(r#"{"domain":"d"}"#), "fine");
        assert_eq!(
            said(r#"{"domain":"d","custom_attributes":[]}"#),
            r#"request.custom_attributes: unknown field, expected "domain" or "sizes""#
        );
    }

    #[test]
    fn an_odd_or_long_key_is_quoted_escaped_and_cut_off() {
        assert_eq!(
            said(r#"{"domain":"d","sizes":{"weird key\u001b\"":"x"}}"#),
            r#"request.sizes."weird key\u{1b}\"": expected an integer (u8), found a string"#
        );
        let long = said(&format!(r#"{{"domain":"d","sizes":{{"{}":"x"}}}}"#, "é".repeat(100_000)));
        assert!(long.len() < 400 && long.starts_with("request.sizes.\"éé"), "{long}");
        let long = said(&format!(r#"{{"domain":"d","{}":1}}"#, "k".repeat(100_000)));
        assert!(long.len() < 400 && long.starts_with("request.\"kkk"), "{long}");
    }
}
