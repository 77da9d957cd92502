//! The JSON Schemas in `info`: those of both must judge alike whatever was asked and answered.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow};
use jsonschema::Validator;
use serde_json::Value;

use super::difference::Difference;
use super::exchange::Exchange;
use super::place::{ARGUMENT, AUTHENTICATION, ERROR, OUTPUT};

/// A schema of ours, and theirs.
struct Pair {
    ours: Validator,
    theirs: Validator,
}

/// The schemas that both have.
pub(super) struct Schemas {
    authentication: Pair,
    /// Of requests and answers, by capability.
    capabilities: BTreeMap<String, (Pair, Pair)>,
}

impl Schemas {
    /// The schemas in two answers to `info`.
    pub(super) fn of(info: &Exchange) -> Result<Self> {
        let (ours, theirs) = (info.ours.document(), info.theirs.document());
        let (ours, theirs) = (ours.context("ours is no document")?, theirs.context("theirs is no document")?);
        let mut capabilities = BTreeMap::new();
        let names = ours["capability_schema"].as_object().into_iter().flat_map(serde_json::Map::keys);
        for name in names.filter(|name| theirs["capability_schema"].get(*name).is_some()) {
            let pair = |part: &str| Pair::at(ours, theirs, &format!("/capability_schema/{name}/{part}"));
            capabilities.insert(name.clone(), (pair("argument")?, pair("output")?));
        }
        Ok(Self { authentication: Pair::at(ours, theirs, "/authentication_schema")?, capabilities })
    }

    /// Where the schemas do not judge alike what was asked and answered. An answer that its own schema does not
    /// accept is a difference even if the other's does not either.
    pub(super) fn differences(&self, exchange: &Exchange) -> Vec<Difference> {
        let Some((argument, output)) = self.capabilities.get(&exchange.capability) else { return Vec::new() };
        let mut found = Vec::new();
        let asked = exchange.json.as_deref().and_then(|json| serde_json::from_str::<Value>(json).ok());
        if let Some(asked) = asked {
            found.extend(argument.difference(ARGUMENT, &asked));
            found.extend(
                asked.get("auth").and_then(|auth| self.authentication.difference(AUTHENTICATION, auth)),
            );
        }
        for (answer, is_ours) in [(&exchange.ours, true), (&exchange.theirs, false)] {
            let Some(document) = answer.document() else { continue };
            let place = if answer.is_error() { ERROR } else { OUTPUT };
            let rejected = || is_ours && !output.ours.is_valid(document);
            found.extend(
                output
                    .difference(place, document)
                    .or_else(|| rejected().then(|| Difference::named(place, false, false))),
            );
        }
        found
    }
}

impl Pair {
    fn at(ours: &Value, theirs: &Value, pointer: &str) -> Result<Self> {
        let validator = |info: &Value| {
            let schema = info.pointer(pointer).with_context(|| format!("there is no {pointer}"))?;
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
    use crate::peer::program::{Answer, Said};

    fn document(document: Value) -> Answer {
        Answer { exit: Some(0), said: Said::Document(document) }
    }

    /// What the schemas of a capability `c` say of a request and two answers.
    fn said(schemas: &[Value; 2], json: &Value, ours: Value, theirs: Value) -> Vec<String> {
        let info = |schema: &Value| {
            document(json!({
                "authentication_schema": true,
                "capability_schema": { "c": { "argument": schema, "output": schema } },
            }))
        };
        let exchange = |ours, theirs| Exchange {
            name: "n".to_owned(),
            capability: "c".to_owned(),
            json: Some(json.to_string()),
            ours,
            theirs,
            goes_on: None,
        };
        let schemas = Schemas::of(&exchange(info(&schemas[0]), info(&schemas[1]))).unwrap();
        let found = schemas.differences(&exchange(document(ours), document(theirs)));
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn schemas_that_accept_the_same_do_not_differ_however_they_are_written() {
        let ours = json!({ "type": ["object", "null"], "properties": { "a": { "type": "integer" } } });
        let theirs = json!({
            "$defs": { "A": { "type": "integer", "title": "A" } },
            "anyOf": [{ "properties": { "a": { "$ref": "#/$defs/A" } }, "type": "object" }, { "type": "null" }],
        });
        let good = json!({ "a": 1 });
        assert_eq!(said(&[ours, theirs], &json!({ "a": "1" }), good.clone(), good), [""; 0]);
    }

    #[test]
    fn each_instance_that_only_one_accepts_is_a_difference() {
        let schemas = || [json!({ "required": ["a"] }), json!(true)];
        let (good, bad) = (json!({ "a": 1 }), json!({ "b": 1 }));
        assert_eq!(
            said(&schemas(), &bad, good.clone(), good.clone()),
            ["schema.argument: ours false, theirs true"]
        );
        assert_eq!(
            said(&schemas(), &good, good.clone(), bad.clone()),
            ["schema.output: ours false, theirs true"]
        );
        let failed = json!({ "error": { "error_code": "x" } });
        assert_eq!(said(&schemas(), &good, failed, good.clone()), ["schema.error: ours false, theirs true"]);
    }

    #[test]
    fn an_answer_that_its_own_schema_refuses_is_a_difference_even_if_the_other_does_too() {
        let schemas = || [json!({ "required": ["a"] }), json!({ "required": ["a"] })];
        let (good, bad) = (json!({ "a": 1 }), json!({ "b": 1 }));
        assert_eq!(
            said(&schemas(), &good, bad.clone(), good.clone()),
            ["schema.output: ours false, theirs false"]
        );
        assert_eq!(said(&schemas(), &good, good.clone(), bad), [""; 0], "theirs is not for us to hold");
    }
}
