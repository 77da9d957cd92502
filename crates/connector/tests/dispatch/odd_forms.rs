//! Where an error is said to be, in types that are put together in less usual ways.

use std::collections::BTreeMap;
use std::fmt;

use connector::capability::{CustomCapability, Effect};
use connector::schemars::{JsonSchema, Schema, SchemaGenerator};
use connector::{Integration, Request, Response};
use serde::de::{DeserializeOwned, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::places::{of, request, with_settings};
use crate::support::ask;

fn said<S: DeserializeOwned + JsonSchema + Send + Sync + 'static>(settings: &Value) -> String {
    of(&with_settings::<S>(), settings)
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only decoded")]
struct Port {
    port: u16,
}

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(dead_code, reason = "only decoded")]
enum Tagged {
    One(Port),
    Pair { pair: (u16, u16), range: Option<Range> },
    Open(Open),
    Closed(Closed),
    List { list: Vec<Self> },
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only decoded")]
struct Open {
    host: Option<String>,
    #[serde(flatten)]
    rest: BTreeMap<String, u16>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only decoded")]
struct Closed {
    host: String,
    #[serde(alias = "service")]
    port: Option<u16>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "Ends")]
#[expect(dead_code, reason = "only decoded")]
struct Range(u16, u16);

#[derive(Deserialize, JsonSchema)]
struct Ends {
    from: u16,
    to: u16,
}

impl TryFrom<Ends> for Range {
    type Error = String;

    fn try_from(ends: Ends) -> Result<Self, String> {
        if ends.from > ends.to {
            Err(format!("{} is beyond {}", ends.from, ends.to))
        } else {
            Ok(Self(ends.from, ends.to))
        }
    }
}

#[test]
fn settings_that_are_an_enum_themselves() {
    assert_eq!(said::<Tagged>(&json!(null)), "settings.kind: missing");
    assert_eq!(said::<Tagged>(&json!({"kind": "one"})), "settings.port: missing");
    assert_eq!(
        said::<Tagged>(&json!({"kind": "one", "port": "canary"})),
        "settings.port: expected an integer (u16), found a string"
    );
    #[derive(Deserialize, JsonSchema)]
    #[serde(untagged)]
    #[expect(dead_code, reason = "only decoded")]
    enum Either {
        Named { host: String },
        Numbered { port: u16 },
    }
    assert_eq!(said::<Either>(&json!({"host": 1})), "settings: none of the allowed forms");
}

#[test]
fn enums_within_lists_within_enums() {
    let deep = |inner: Value| json!({"kind": "list", "list": [{"kind": "one", "port": 1}, {"kind": "list", "list": [inner]}]});
    assert_eq!(
        said::<Tagged>(&deep(json!({"kind": "one", "port": -1}))),
        "settings.list[1].list[0].port: expected an integer (u16), found a number that is not allowed"
    );
    assert_eq!(said::<Tagged>(&deep(json!({"kind": "one"}))), "settings.list[1].list[0].port: missing");
    assert_eq!(said::<Tagged>(&deep(json!({}))), "settings.list[1].list[0].kind: missing");
    assert_eq!(
        said::<Tagged>(&deep(json!({"kind": "canary"}))),
        "settings.list[1].list[0].kind: unknown value, expected \"one\", \"pair\", \"open\", \"closed\" or \"list\""
    );
    assert_eq!(
        said::<Tagged>(&deep(json!("canary"))),
        "settings.list[1].list[0]: expected an object, found a string"
    );
}

#[test]
fn a_tuple_in_a_buffer() {
    let pair = |pair: Value| said::<Tagged>(&json!({"kind": "pair", "pair": pair}));
    assert_eq!(pair(json!([1, "canary"])), "settings.pair[1]: expected an integer (u16), found a string");
    assert_eq!(pair(json!([1])), "settings.pair: expected a tuple of size 2, found 1 items");
    assert!(pair(json!([1, 2, 3])).starts_with("settings.pair: expected "));
    assert_eq!(pair(json!({})), "settings.pair: expected a tuple of size 2, found an object");
}

#[test]
fn a_conversion_in_a_buffer_is_placed_at_what_is_converted() {
    let range = |range: Value| said::<Tagged>(&json!({"kind": "pair", "pair": [1, 1], "range": range}));
    assert_eq!(range(json!({"from": 4711, "to": 1})), "settings.range: invalid value");
    assert_eq!(
        range(json!({"from": 1, "to": "x"})),
        "settings.range.to: expected an integer (u16), found a string"
    );
}

#[test]
fn a_map_that_takes_the_rest() {
    let open = |fields: Value| {
        let mut settings = json!({"kind": "open"});
        settings.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        said::<Tagged>(&settings)
    };
    assert_eq!(open(json!({"host": 1})), "settings.host: expected a string, found a number");
    assert_eq!(open(json!({"canary": "x"})), "settings.*: expected an integer (u16), found a string");
    assert_eq!(open(json!({"x": 1, "canary": null})), "settings.*: expected an integer (u16), found null");
}

#[test]
fn an_unknown_field_in_a_buffer_is_not_named_in_settings() {
    assert_eq!(
        said::<Tagged>(&json!({"kind": "closed", "host": "h", "canary": 1})),
        "settings: unknown field, expected \"host\", \"port\" or \"service\""
    );
    assert_eq!(
        said::<Tagged>(&json!({"kind": "closed", "host": "h", "port": 1, "service": 1})),
        "settings.port: duplicate key"
    );
    let twice = json!({"kind": "closed", "host": "h", "port": 1, "service": 1});
    assert_eq!(
        said::<Tagged>(&json!({"kind": "list", "list": [{"kind": "one", "port": 1}, twice]})),
        "settings.list[1].port: duplicate key"
    );
}

#[test]
fn json_that_is_kept_as_text_is_no_reason() {
    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only decoded")]
    struct Kept {
        #[schemars(with = "Value")]
        raw: Box<RawValue>,
        any: Value,
        port: u16,
    }
    assert_eq!(
        said::<Kept>(&json!({"raw": {"a": [1]}, "any": [{"a": 1}], "port": "canary"})),
        "settings.port: expected an integer (u16), found a string"
    );
}

#[test]
fn a_struct_in_a_buffer_may_still_be_an_array() {
    let settings = json!({"kind": "list", "list": [["one", 1]]});
    let answer = ask(&with_settings::<Tagged>(), "validate-credentials", &request(&settings));
    assert_eq!(answer["error"], Value::Null);
}

/// A type that cannot bear what it does not expect.
struct Touchy;

impl<'de> Deserialize<'de> for Touchy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfText;
        impl Visitor<'_> for OfText {
            type Value = Touchy;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_str<E>(self, _: &str) -> Result<Touchy, E> {
                Ok(Touchy)
            }
            fn visit_bytes<E>(self, _: &[u8]) -> Result<Touchy, E> {
                panic!("canary")
            }
        }
        deserializer.deserialize_any(OfText)
    }
}

impl JsonSchema for Touchy {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Touchy".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

#[test]
fn a_type_that_panics_while_its_place_is_sought_leaves_the_place_coarse() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "kind")]
    #[expect(dead_code, reason = "only decoded")]
    enum Panicky {
        A { touchy: Touchy, port: u16 },
    }
    assert_eq!(
        said::<Panicky>(&json!({"kind": "A", "touchy": "t", "port": "canary"})),
        "settings: expected an integer (u16), found a string"
    );
}

struct Sorted;

impl CustomCapability for Sorted {
    const NAME: &'static str = "sorted";
    const EFFECT: Effect = Effect::Read;
    const SUMMARY: &'static str = "Takes a tagged enum";
    type Request = Tagged;
    type Response = ();
}

#[test]
fn in_a_payload_keys_and_short_names_are_shown() {
    let integration = Integration::builder("app")
        .register_custom(Sorted, |_: Request<Tagged>| async { Ok(Response::new(())) })
        .build();
    let said = |payload: Value| {
        let answer = ask(&integration, "sorted", &json!({"request": payload}).to_string());
        answer["error"]["message"].as_str().expect("a message").to_owned()
    };
    assert_eq!(
        said(json!({"kind": "list", "list": [{"kind": "two"}]})),
        "request.list[0].kind: unknown value \"two\", expected \"one\", \"pair\", \"open\", \"closed\" or \"list\""
    );
    assert_eq!(
        said(json!({"kind": "list", "list": [{"kind": "closed", "host": "h", "b c": 1}]})),
        "request.list[0].\"b c\": unknown field, expected \"host\", \"port\" or \"service\""
    );
    assert_eq!(
        said(json!({"kind": "pair", "pair": [1, 1], "range": {"from": 2, "to": 1}})),
        "request.range: 2 is beyond 1"
    );
    assert_eq!(
        said(json!({"kind": "open", "some key": "x"})),
        "request.\"some key\": expected an integer (u16), found a string"
    );
}
