//! Exchanges in case files.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::exchange::Exchange;
use super::pairs::{ANY, Pairs};
use super::reply::{Reply, ReplyFile};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExchangeFile {
    call: String,
    query: Option<Value>,
    #[serde(default)]
    headers: Map<String, Value>,
    basic_auth: Option<(String, String)>,
    bearer: Option<String>,
    json: Option<Value>,
    form: Option<Value>,
    text: Option<String>,
    body: Option<String>,
    times: Option<Value>,
    answer: Option<ReplyFile>,
}

/// Parses an exchange from JSON:
///
/// | key | value |
/// |---|---|
/// | `call` | `"GET /users?limit=100"` |
/// | `query` | more query parameters: an object, with a list for a repeated name; or `"$any"` |
/// | `headers` | an object; null for a header that must be absent |
/// | `basic_auth`, `bearer` | `["user", "password"]`, `"token"` |
/// | `json`, `form`, `text` | the body; or `"body": "$any"` |
/// | `times` | how often the call arrives: a number, or `"any"` |
/// | `answer` | `status`, `headers`, `json` or `text`, `delay_ms`, `retry_after` (seconds, with 429), `broken_off` (true), `cut_off_after` (bytes) |
impl<'de> Deserialize<'de> for Exchange {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ExchangeFile::deserialize(deserializer)?.try_into().map_err(serde::de::Error::custom)
    }
}

impl TryFrom<ExchangeFile> for Exchange {
    type Error = String;

    fn try_from(file: ExchangeFile) -> Result<Self, String> {
        let called = |why: &str| format!("call {:?}: {why}", file.call);
        let (method, path) = file.call.split_once(' ').ok_or_else(|| called("expected \"METHOD /path\""))?;
        if !path.starts_with('/') {
            return Err(called("the path must start with a slash"));
        }
        let mut exchange = Self::new(method, path);
        match file.query {
            Some(Value::String(any)) if any == ANY => exchange = exchange.any_query(),
            Some(object) => {
                for (name, value) in Pairs::of(&object, "query")?.0 {
                    exchange = exchange.query(&name, value);
                }
            }
            None => {}
        }
        for (name, value) in &file.headers {
            exchange = match value {
                Value::Null => exchange.without_header(name),
                Value::String(value) => exchange.header(name, value),
                _ => return Err(format!("header {name}: expected a string or null")),
            };
        }
        if let Some((username, password)) = &file.basic_auth {
            exchange = exchange.basic_auth(username, password);
        }
        if let Some(token) = &file.bearer {
            exchange = exchange.bearer(token);
        }
        exchange = match (file.json, file.form, file.text, file.body) {
            (None, None, None, None) => exchange,
            (Some(json), None, None, None) => exchange.json(json),
            (None, Some(form), None, None) => exchange.form(Pairs::of(&form, "form")?.0),
            (None, None, Some(text), None) => exchange.text(text),
            (None, None, None, Some(any)) if any == ANY => exchange.any_body(),
            (None, None, None, Some(_)) => {
                return Err("body: expected \"$any\"; or use json, form or text".to_owned());
            }
            _ => return Err("only one of json, form, text and body is allowed".to_owned()),
        };
        exchange = match file.times {
            None => exchange,
            Some(Value::String(any)) if any == "any" => exchange.any_times(),
            Some(times) => {
                let times = times.as_u64().and_then(|times| usize::try_from(times).ok());
                exchange.times(times.ok_or("times: expected an integer or \"any\"")?)
            }
        };
        match file.answer {
            Some(answer) => Ok(exchange.answers(Reply::try_from(answer)?)),
            None => Ok(exchange),
        }
    }
}
