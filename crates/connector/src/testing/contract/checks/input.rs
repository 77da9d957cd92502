//! Malformed and invalid requests.

use serde_json::{Value, json};

use crate::testing::contract::grouped::Grouped;
use crate::testing::contract::session::{Checked, Session, not_run};

pub(super) fn malformed_json(session: &Session<'_>) -> Checked {
    let mut wrong = Grouped::default();
    for name in &session.info.capabilities {
        for (what, request) in [("truncated JSON", r#"{"request": {"#), ("a list", "[]")] {
            if let Err(why) = session.send(name, request.as_bytes())?.rejects_request() {
                wrong.add(name, format!("given {what}, it {why}"));
            }
        }
    }
    wrong.end()
}

pub(super) fn wrong_types(session: &Session<'_>) -> Checked {
    let mut wrong = Grouped::default();
    for name in &session.info.capabilities {
        let mut cases = vec![
            ("a number as the payload", "request", Some(json!(7))),
            ("a request without a payload", "request", None),
        ];
        // With a valid payload: only for capabilities that change nothing if they carry it out.
        let reading = session.reading(name);
        if reading.is_some() {
            cases.push(("a number as the page", "page", Some(json!(7))));
        }
        for (what, section, value) in cases {
            let mut envelope = session.envelope(reading.clone().unwrap_or(Value::Null));
            match value {
                Some(value) => drop(envelope.insert(section.to_owned(), value)),
                None => drop(envelope.shift_remove(section)),
            }
            if let Err(why) = session.ask_with(name, &envelope)?.rejects_request() {
                wrong.add(name, format!("given {what}, it {why}"));
            }
        }
    }
    wrong.end()
}

pub(super) fn missing_auth(session: &Session<'_>) -> Checked {
    if !session.takes_credentials() {
        return not_run("the connector takes no credentials");
    }
    let mut readings = session.readings();
    readings.retain(|(name, _)| session.carries_credentials(name));
    if readings.is_empty() {
        return not_run("the fixture has no request for a read-only capability");
    }
    let mut wrong = Grouped::default();
    for (name, request) in readings {
        let mut envelope = session.envelope(request);
        envelope.shift_remove("auth");
        envelope.shift_remove("credentials");
        let response = session.ask_with(name, &envelope)?;
        if response.rejects_credentials() {
            continue;
        }
        if let Err(why) = response.rejects_request() {
            wrong.add(name, format!("given a request without credentials, it {why}"));
        }
    }
    wrong.end()
}
