//! Compares the JSON Schemas in `info`: ours and theirs must accept the same requests and responses.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow};
use jsonschema::Validator;
use serde_json::Value;

use super::difference::Difference;
use super::exchange::Exchange;
use super::place::{ARGUMENT, AUTHENTICATION, ERROR, OUTPUT, SETTINGS};
use super::release::Locations;

/// Our schema and theirs.
struct Pair {
    ours: Validator,
    theirs: Validator,
}

/// The schemas that both have.
pub(super) struct Schemas {
    locations: Locations,
    authentication: Pair,
    /// `None` if one of them doesn't describe its settings.
    settings: Option<Pair>,
    /// Schemas of requests and responses, by capability.
    capabilities: BTreeMap<String, (Pair, Pair)>,
}

impl Schemas {
    /// The schemas in two `info` responses.
    pub(super) fn from_info(info: &Exchange, locations: Locations) -> Result<Self> {
        let (ours, theirs) = (info.ours.document(), info.theirs.document());
        let ours =
            ours.and_then(|ours| ours.pointer(locations.info)).context("our info is not a document")?;
        let theirs = theirs
            .and_then(|theirs| theirs.pointer(locations.info))
            .context("their info is not a document")?;
        let pair = |pointer: &str| Pair::at(ours, theirs, pointer);
        let mut capabilities = BTreeMap::new();
        let names = ours["capability_schema"].as_object().into_iter().flat_map(serde_json::Map::keys);
        for name in names.filter(|name| theirs["capability_schema"].get(*name).is_some()) {
            let part = |part: &str| pair(&format!("/capability_schema/{name}/{part}"));
            capabilities.insert(name.clone(), (part("argument")?, part("output")?));
        }
        let settings = "/request_settings_schema";
        let both = [ours, theirs].iter().all(|info| info.pointer(settings).is_some_and(Value::is_object));
        Ok(Self {
            locations,
            authentication: pair("/authentication_schema")?,
            settings: both.then(|| pair(settings)).transpose()?,
            capabilities,
        })
    }

    /// The schemas that judge the request or a response differently. If our schema rejects our own response, that is a
    /// difference even if theirs rejects it too.
    pub(super) fn differences(&self, exchange: &Exchange) -> Vec<Difference> {
        let Some((argument, output)) = self.capabilities.get(&exchange.capability) else { return Vec::new() };
        let mut found = Vec::new();
        let request = exchange.json.as_deref().and_then(|json| serde_json::from_str::<Value>(json).ok());
        if let Some(request) = request {
            let difference = |pair: &Pair, place, pointer: &str| {
                request.pointer(pointer).and_then(|value| pair.difference(place, value))
            };
            found.extend(difference(argument, ARGUMENT, self.locations.argument));
            found.extend(difference(&self.authentication, AUTHENTICATION, self.locations.authentication));
            let settings = self.settings.as_ref();
            found.extend(settings.and_then(|settings| difference(settings, SETTINGS, "/settings")));
        }
        for (response, is_ours) in [(&exchange.ours, true), (&exchange.theirs, false)] {
            let document = response.document();
            let Some(value) = document.and_then(|document| document.pointer(self.locations.output)) else {
                continue;
            };
            let place = if response.is_error() { ERROR } else { OUTPUT };
            let rejected = || is_ours && !output.ours.is_valid(value);
            found.extend(
                output
                    .difference(place, value)
                    .or_else(|| rejected().then(|| Difference::named(place, false, false))),
            );
        }
        found
    }
}

impl Pair {
    fn at(ours: &Value, theirs: &Value, pointer: &str) -> Result<Self> {
        let validator = |info: &Value| {
            let schema = info.pointer(pointer).with_context(|| format!("{pointer} is missing"))?;
            jsonschema::validator_for(schema).map_err(|error| anyhow!("{pointer}: {error}"))
        };
        Ok(Self { ours: validator(ours).context("ours")?, theirs: validator(theirs).context("theirs")? })
    }

    fn difference(&self, place: &'static str, instance: &Value) -> Option<Difference> {
        let (ours, theirs) = (self.ours.is_valid(instance), self.theirs.is_valid(instance));
        (ours != theirs).then(|| Difference::named(place, ours, theirs))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::peer::response::{Body, Response};
    use crate::peer::via::Via;

    const DOCUMENTS: Locations = Locations { info: "", argument: "", output: "", authentication: "/auth" };
    const PAYLOADS: Locations = Locations {
        info: "/response",
        argument: "/request",
        output: "/response",
        authentication: "/auth/basic",
    };

    fn document(document: Value) -> Response {
        Response { facts: Vec::new(), body: Body::Document(document) }
    }

    /// The differences that the schemas of a capability `c` report for a request and two responses.
    fn differences(schemas: &[Value; 2], json: &Value, ours: Value, theirs: Value) -> Vec<String> {
        let info = |schema: &Value| {
            document(json!({
                "authentication_schema": true,
                "capability_schema": { "c": { "argument": schema, "output": schema } },
            }))
        };
        let exchange = |ours, theirs| Exchange {
            name: "n".to_owned(),
            capability: "c".to_owned(),
            via: Via::Json,
            json: Some(json.to_string()),
            ours,
            theirs,
            has_next_page: None,
        };
        let schemas = Schemas::from_info(&exchange(info(&schemas[0]), info(&schemas[1])), DOCUMENTS).unwrap();
        let found = schemas.differences(&exchange(document(ours), document(theirs)));
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn schemas_that_accept_the_same_values_do_not_differ() {
        let ours = json!({ "type": ["object", "null"], "properties": { "a": { "type": "integer" } } });
        let theirs = json!({
            "$defs": { "A": { "type": "integer", "title": "A" } },
            "anyOf": [{ "properties": { "a": { "$ref": "#/$defs/A" } }, "type": "object" }, { "type": "null" }],
        });
        let good = json!({ "a": 1 });
        assert_eq!(differences(&[ours, theirs], &json!({ "a": "1" }), good.clone(), good), [""; 0]);
    }

    #[test]
    fn values_that_only_one_schema_accepts_are_differences() {
        let schemas = || [json!({ "required": ["a"] }), json!(true)];
        let (good, bad) = (json!({ "a": 1 }), json!({ "b": 1 }));
        assert_eq!(
            differences(&schemas(), &bad, good.clone(), good.clone()),
            ["schema.argument: ours false, theirs true"]
        );
        assert_eq!(
            differences(&schemas(), &good, good.clone(), bad.clone()),
            ["schema.output: ours false, theirs true"]
        );
        let failed = json!({ "error": { "error_code": "x" } });
        assert_eq!(
            differences(&schemas(), &good, failed, good.clone()),
            ["schema.error: ours false, theirs true"]
        );
    }

    #[test]
    fn own_response_rejected_by_own_schema_is_a_difference() {
        let schemas = || [json!({ "required": ["a"] }), json!({ "required": ["a"] })];
        let (good, bad) = (json!({ "a": 1 }), json!({ "b": 1 }));
        assert_eq!(
            differences(&schemas(), &good, bad.clone(), good.clone()),
            ["schema.output: ours false, theirs false"]
        );
        assert_eq!(
            differences(&schemas(), &good, good.clone(), bad),
            [""; 0],
            "their own schema errors don't matter"
        );
    }

    #[test]
    fn payloads_credentials_and_settings_are_compared_where_they_are() {
        let info = |schema: Value| {
            document(json!({ "response": {
                "authentication_schema": schema,
                "request_settings_schema": schema,
                "capability_schema": { "c": { "argument": schema, "output": schema } },
            } }))
        };
        let exchange = |ours, theirs, json: Option<String>| Exchange {
            name: "n".to_owned(),
            capability: "c".to_owned(),
            via: Via::Http,
            json,
            ours,
            theirs,
            has_next_page: None,
        };
        let schemas = exchange(info(json!({ "required": ["a"] })), info(json!({ "required": ["b"] })), None);
        let schemas = Schemas::from_info(&schemas, PAYLOADS).unwrap();
        let (ours, theirs) = (json!({ "a": 1 }), json!({ "b": 1 }));
        let request = json!({ "auth": { "basic": ours }, "request": theirs, "settings": ours });
        let response = || document(json!({ "response": ours }));
        let found = schemas.differences(&exchange(response(), response(), Some(request.to_string())));
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "schema.argument: ours false, theirs true",
                "schema.authentication: ours true, theirs false",
                "schema.settings: ours true, theirs false",
                "schema.output: ours true, theirs false",
                "schema.output: ours true, theirs false",
            ]
        );
        let failed = || document(json!({ "is_error": true, "error": { "error_code": "x" } }));
        assert_eq!(schemas.differences(&exchange(failed(), failed(), None)), []);
    }
}
