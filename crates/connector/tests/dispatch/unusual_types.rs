//! Locations of errors in unusual types.

use std::collections::BTreeMap;

use connector::capability::{CustomCapability, Effect};
use connector::schemars::JsonSchema;
use connector::{Integration, Request, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::places::{self, of, request, with_settings};
use crate::support::ask;

fn error_of<S: DeserializeOwned + JsonSchema + Send + Sync + 'static>(settings: &Value) -> String {
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
fn settings_can_be_an_enum() {
    assert_eq!(error_of::<Tagged>(&json!(null)), "settings: \"kind\" is required here or further inside");
    assert_eq!(
        error_of::<Tagged>(&json!({"kind": "one"})),
        "settings: \"port\" is required here or further inside"
    );
    assert_eq!(
        error_of::<Tagged>(&json!({"kind": "one", "port": "canary"})),
        "settings: expected an integer (u16), found a string"
    );
    #[derive(Deserialize, JsonSchema)]
    #[serde(untagged)]
    #[expect(dead_code, reason = "only decoded")]
    enum Either {
        Named { host: String },
        Numbered { port: u16 },
    }
    assert_eq!(error_of::<Either>(&json!({"host": 1})), "settings: matches none of the allowed forms");
}

#[test]
fn a_tuple() {
    let backoff = |backoff: Value| {
        let mut settings = places::valid();
        settings["retry"]["backoff"] = backoff;
        of(&places::integration(), &settings)
    };
    assert_eq!(
        backoff(json!([1, "canary"])),
        "settings.retry.backoff[1]: expected an integer (u32), found a string"
    );
    assert_eq!(backoff(json!([1])), "settings.retry.backoff: expected a tuple of size 2, found 1 items");
    assert_eq!(backoff(json!([1, 2, 3])), "settings.retry.backoff: expected fewer items, found 3 items");
    assert_eq!(backoff(json!({})), "settings.retry.backoff: expected a tuple of size 2, found an object");
}

#[test]
fn conversion_errors_name_the_converted_value() {
    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only decoded")]
    struct Ranged {
        range: Range,
    }
    let range = |range: Value| error_of::<Ranged>(&json!({"range": range}));
    assert_eq!(range(json!({"from": 4711, "to": 1})), "settings.range: invalid value");
    assert_eq!(
        range(json!({"from": 1, "to": "x"})),
        "settings.range.to: expected an integer (u16), found a string"
    );
}

#[test]
fn errors_in_a_flattened_map_name_the_whole_map() {
    let open = |fields: Value| error_of::<Open>(&fields);
    assert_eq!(open(json!({"host": 1})), "settings.host: expected a string, found a number");
    assert_eq!(open(json!({"x": 1, "canary": "x"})), "settings: expected an integer (u16), found a string");
}

#[test]
fn an_unknown_field_is_not_named_in_settings() {
    let unknown = "settings: unknown field, expected \"host\", \"port\" or \"service\"";
    assert_eq!(error_of::<Closed>(&json!({"host": "h", "canary": 1})), unknown);
    assert_eq!(error_of::<Tagged>(&json!({"kind": "closed", "host": "h", "canary": 1})), unknown);
}

#[test]
fn a_field_and_its_alias_are_duplicates() {
    let twice = json!({"host": "h", "port": 1, "service": 1});
    assert_eq!(error_of::<Closed>(&twice), "settings.port: duplicate key");
    let tagged = json!({"kind": "closed", "host": "h", "port": 1, "service": 1});
    assert_eq!(error_of::<Tagged>(&tagged), "settings: duplicate key \"port\" here or further inside");
}

#[test]
fn raw_json_fields_are_accepted() {
    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only decoded")]
    struct Kept {
        #[schemars(with = "Value")]
        raw: Box<RawValue>,
        any: Value,
        port: u16,
    }
    assert_eq!(
        error_of::<Kept>(&json!({"raw": {"a": [1]}, "any": [{"a": 1}], "port": "canary"})),
        "settings.port: expected an integer (u16), found a string"
    );
}

#[test]
fn buffered_structs_may_still_be_arrays() {
    let settings = json!({"kind": "list", "list": [["one", 1]]});
    let answer = ask(&with_settings::<Tagged>(), "validate-credentials", &request(&settings));
    assert_eq!(answer["error"], Value::Null);
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
    let error_of = |payload: Value| {
        let answer = ask(&integration, "sorted", &json!({"request": payload}).to_string());
        answer["error"]["message"].as_str().expect("a message").to_owned()
    };
    assert_eq!(
        error_of(json!({"kind": "two"})),
        "request.kind: unknown value \"two\", expected \"one\", \"pair\", \"open\", \"closed\" or \"list\""
    );
    assert_eq!(
        error_of(json!({"kind": "list", "list": [{"kind": "closed", "host": "h", "b c": 1}]})),
        "request: unknown field \"b c\", expected \"host\", \"port\" or \"service\""
    );
    assert_eq!(
        error_of(json!({"kind": "pair", "pair": [1, 1], "range": {"from": 2, "to": 1}})),
        "request: 2 is beyond 1"
    );
    let long =
        json!({"kind": "list", "list": [{"kind": "closed", "host": "h", "more than twenty chars": 1}]});
    assert_eq!(error_of(long), "request: unknown field, expected \"host\", \"port\" or \"service\"");
}
