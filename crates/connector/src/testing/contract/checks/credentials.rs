//! Credentials: whether bad ones are rejected, and whether secrets leak.

use serde_json::{Value, json};

use super::probe::PROBE;
use crate::capability::same_name;
use crate::testing::Canary;
use crate::testing::contract::grouped::Grouped;
use crate::testing::contract::response::Response;
use crate::testing::contract::session::{Checked, Session, not_run};
use crate::testing::mask::is_secret;

const VALIDATE: &str = "validate-credentials";

pub(super) fn bad(session: &Session<'_>) -> Checked {
    let bad = session.fixture.bad_sections();
    if bad.is_empty() {
        return not_run(format!("the fixture has no bad_{}", session.credential_section()));
    }
    if !session.fixture.has_credentials() {
        return not_run(format!("the fixture has no {}", session.credential_section()));
    }
    let mut readings = session.readings();
    // A probe succeeds with any credentials, and reports what it found.
    readings.retain(|(name, _)| session.carries_credentials(name) && !same_name(name, PROBE));
    // If the connector has the capability for it, only that one is called.
    if session.has(VALIDATE) {
        readings.retain(|(name, _)| session.own_name(VALIDATE) == Some(*name));
    }
    let Some((name, request)) = readings.into_iter().next() else {
        return not_run("the fixture has no request for a read-only capability");
    };
    let reports_invalid =
        |response: &Response| response.payload().is_ok_and(|payload| payload["valid"] == Value::Bool(false));
    let mut wrong = Grouped::default();
    let good = session.ask(name, request.clone())?;
    match good.payload() {
        Err(why) => wrong.add(name, format!("given good credentials, it {why}")),
        Ok(_) if reports_invalid(&good) => wrong.add(name, "reports good credentials as invalid"),
        Ok(_) => {}
    }
    let mut envelope = session.envelope(request);
    for (name, bad) in bad {
        envelope.insert(name.to_owned(), bad.clone());
    }
    let response = session.ask_with(name, &envelope)?;
    if !reports_invalid(&response) && !response.rejects_credentials() {
        let why = match response.error() {
            Some(error) => format!("returned the code {:?} instead of unauthorized", error.code),
            None if response.document().is_some() => "returned a success".to_owned(),
            None => format!("returned {}", response.output.describe()),
        };
        wrong.add(name, format!("given bad credentials, it {why}"));
    }
    wrong.end()
}

pub(super) fn not_leaked(session: &Session<'_>) -> Checked {
    let canary = Canary::new();
    let mut planted = 0;
    let fixture = session.fixture;
    // Credentials last: an error that quotes part of a request quotes its end.
    let sections =
        [("settings", &fixture.settings), ("auth", &fixture.auth), ("credentials", &fixture.credentials)];
    let sections = sections.map(|(name, section)| {
        let mut section = section.clone();
        section.iter_mut().for_each(|section| plant(name, section, canary.secret(), &mut planted));
        (name, section)
    });
    if planted == 0 {
        return not_run("nothing in the fixture's credentials or settings has the name of a secret");
    }
    let mut wrong = Grouped::default();
    let inspect = |wrong: &mut Grouped, name: &str, response: &Response| {
        for (place, bytes) in
            [("its response", &response.output.response), ("its other output", &response.output.other_output)]
        {
            if let Some(encoding) = canary.encoding_in(bytes) {
                wrong.add(name, format!("a planted secret leaks into {place}, {encoding}"));
            }
        }
    };
    for name in &session.info.capabilities {
        // Two requests that are rejected, and one that reaches the upstream.
        let mut requests = vec![Some(json!(7)), None];
        requests.extend(session.reading(name).map(Some));
        for request in requests {
            let mut envelope = session.envelope(request.clone().unwrap_or_default());
            if request.is_none() {
                envelope.shift_remove("request");
            }
            for (section, planted) in &sections {
                if let Some(planted) = planted {
                    envelope.shift_remove(*section);
                    envelope.insert((*section).to_owned(), planted.clone());
                }
            }
            inspect(&mut wrong, name, &session.ask_with(name, &envelope)?);
        }
    }
    wrong.end()
}

/// Replaces every string whose key is the name of a secret.
fn plant(name: &str, value: &mut Value, secret: &str, planted: &mut usize) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                if field.is_string() && is_secret(name, key) {
                    *field = secret.into();
                    *planted += 1;
                } else {
                    plant(key, field, secret, planted);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| plant(name, item, secret, planted)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
