//! The shape of responses and errors.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::json;

use crate::testing::contract::grouped::Grouped;
use crate::testing::contract::response::Response;
use crate::testing::contract::session::{Checked, Session, not_run, unique};

pub(super) fn match_schemas(session: &Session<'_>) -> Checked {
    let (mut wrong, mut looked_at) = (Grouped::default(), 0);
    for (name, request) in session.readings() {
        let response = session.ask(name, request)?;
        let schema = &session.info.document["capability_schema"][name]["output"];
        let Ok(validator) = jsonschema::validator_for(schema) else { continue };
        // Another check looks at the shape of errors.
        let (Ok(_), Some(document)) = (response.payload(), response.document()) else { continue };
        // In openapi, the schema describes the payload, in classic the whole response.
        let described = schema["properties"].get("response").is_some();
        let instance = if described { document } else { &document["response"] };
        looked_at += 1;
        for error in validator.iter_errors(instance).take(3).map(ValidationError::to_owned) {
            let error = deepest(&error);
            wrong.add(
                name,
                format!("the response doesn't match its schema at {}: {}", place(error), error.masked()),
            );
        }
    }
    if looked_at == 0 {
        return not_run("no read-only capability has returned a response");
    }
    wrong.end()
}

/// If one of several schemas must match, the deepest error: it belongs to the schema that was meant.
fn deepest<'e>(error: &'e ValidationError<'static>) -> &'e ValidationError<'static> {
    let (ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context }) =
        error.kind()
    else {
        return error;
    };
    let depth = |error: &&ValidationError<'_>| error.instance_path().as_str().matches('/').count();
    let alternatives = context.iter().flatten().map(deepest);
    alternatives.filter(|inner| depth(inner) > depth(&error)).max_by_key(depth).unwrap_or(error)
}

/// The path of an error: `response.accounts.[…].email`. The items of a list are reported as one.
fn place(error: &ValidationError<'_>) -> String {
    let steps = error.instance_path().as_str().split('/').filter(|step| !step.is_empty());
    let named = steps.map(|step| if step.parse::<u64>().is_ok() { "[…]" } else { step });
    named.collect::<Vec<_>>().join(".")
}

pub(super) fn error_shape(session: &Session<'_>) -> Checked {
    let (mut wrong, mut seen) = (Grouped::default(), 0);
    let mut look_at = |name: &str, response: &Response| {
        for fault in response.error_faults().into_iter().inspect(|_| seen += 1).flatten() {
            wrong.add(name, fault);
        }
    };
    for name in &session.info.capabilities {
        look_at(name, &session.ask(name, json!(7))?);
    }
    // These requests reach the connector's own code.
    for (name, request) in session.readings() {
        let bad = session.fixture.bad_sections();
        if !bad.is_empty() {
            let mut envelope = session.envelope(request.clone());
            envelope.extend(bad.into_iter().map(|(name, bad)| (name.to_owned(), bad.clone())));
            look_at(name, &session.ask_with(name, &envelope)?);
        }
        let mut envelope = session.envelope(request);
        envelope.insert("page".to_owned(), json!({ "token": unique() }));
        look_at(name, &session.ask_with(name, &envelope)?);
    }
    if seen == 0 {
        return not_run("no request led to an error");
    }
    wrong.end()
}
