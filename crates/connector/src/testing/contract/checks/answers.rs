//! The shape of answers and of errors.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::json;

use crate::testing::contract::answer::Answer;
use crate::testing::contract::grouped::Grouped;
use crate::testing::contract::session::{Checked, Session, not_run, unique};

pub(super) fn match_schemas(session: &Session<'_>) -> Checked {
    let (mut wrong, mut looked_at) = (Grouped::default(), 0);
    for (name, request) in session.readings() {
        let answer = session.ask(name, request)?;
        let schema = &session.info.document["capability_schema"][name]["output"];
        let Ok(validator) = jsonschema::validator_for(schema) else { continue };
        // What an error looks like is a check of its own.
        let (Ok(_), Some(document)) = (answer.payload(), answer.document()) else { continue };
        // In openapi the schema is of the payload, in classic of the whole answer.
        let described = schema["properties"].get("response").is_some();
        let instance = if described { document } else { &document["response"] };
        looked_at += 1;
        for error in validator.iter_errors(instance).take(3).map(ValidationError::to_owned) {
            let error = deepest(&error);
            wrong.add(name, format!("not as its schema says, at {}: {}", place(error), error.masked()));
        }
    }
    if looked_at == 0 {
        return not_run("no capability that only reads has answered");
    }
    wrong.end()
}

/// Where several schemas are offered, the error of the one that goes deepest: it is the one that was meant.
fn deepest<'e>(error: &'e ValidationError<'static>) -> &'e ValidationError<'static> {
    let (ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context }) =
        error.kind()
    else {
        return error;
    };
    let depth = |error: &&ValidationError<'_>| error.instance_path().as_str().matches('/').count();
    let offered = context.iter().flatten().map(deepest);
    offered.filter(|inner| depth(inner) > depth(&error)).max_by_key(depth).unwrap_or(error)
}

/// Where an error is: `response.accounts.[…].email`. The items of a list are all alike.
fn place(error: &ValidationError<'_>) -> String {
    let steps = error.instance_path().as_str().split('/').filter(|step| !step.is_empty());
    let named = steps.map(|step| if step.parse::<u64>().is_ok() { "[…]" } else { step });
    named.collect::<Vec<_>>().join(".")
}

pub(super) fn error_shape(session: &Session<'_>) -> Checked {
    let (mut wrong, mut seen) = (Grouped::default(), 0);
    let mut look_at = |name: &str, answer: &Answer| {
        for fault in answer.error_faults().into_iter().inspect(|_| seen += 1).flatten() {
            wrong.add(name, fault);
        }
    };
    for name in &session.info.capabilities {
        look_at(name, &session.ask(name, json!(7))?);
    }
    // These reach the connector's own code.
    for (name, request) in session.readings() {
        if let Some(bad) = &session.fixture.bad_auth {
            let mut envelope = session.envelope(request.clone());
            envelope.insert("auth".to_owned(), bad.clone());
            look_at(name, &session.ask_with(name, &envelope)?);
        }
        let mut envelope = session.envelope(request);
        envelope.insert("page".to_owned(), json!({ "token": unique() }));
        look_at(name, &session.ask_with(name, &envelope)?);
    }
    if seen == 0 {
        return not_run("nothing that was tried led to an error");
    }
    // The same fault of a capability is told once, however often it was met.
    wrong.end()
}
