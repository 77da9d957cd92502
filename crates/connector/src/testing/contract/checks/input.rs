//! Broken input.

use serde_json::{Value, json};

use crate::testing::contract::grouped::Grouped;
use crate::testing::contract::session::{Checked, Session, not_run};

pub(super) fn broken_json(session: &Session<'_>) -> Checked {
    let mut wrong = Grouped::default();
    for name in &session.info.capabilities {
        for (what, request) in [("JSON that is cut off", r#"{"request": {"#), ("a list", "[]")] {
            if let Err(why) = session.send(name, request.as_bytes())?.unrefused() {
                wrong.add(name, format!("to {what} it {why}"));
            }
        }
    }
    wrong.end()
}

pub(super) fn wrong_types(session: &Session<'_>) -> Checked {
    let mut wrong = Grouped::default();
    for name in &session.info.capabilities {
        let mut cases = vec![
            ("a payload that is a number", "request", Some(json!(7))),
            ("a request without a payload", "request", None),
        ];
        // With a payload that is good: only for what does no harm if it is carried out.
        let reading = session.reading(name);
        if reading.is_some() {
            cases.push(("a page that is a number", "page", Some(json!(7))));
        }
        for (what, section, value) in cases {
            let mut envelope = session.envelope(reading.clone().unwrap_or(Value::Null));
            match value {
                Some(value) => drop(envelope.insert(section.to_owned(), value)),
                None => drop(envelope.shift_remove(section)),
            }
            if let Err(why) = session.ask_with(name, &envelope)?.unrefused() {
                wrong.add(name, format!("to {what} it {why}"));
            }
        }
    }
    wrong.end()
}

pub(super) fn missing_auth(session: &Session<'_>) -> Checked {
    if !session.takes_credentials() {
        return not_run("the connector takes no credentials");
    }
    let readings = session.readings();
    if readings.is_empty() {
        return not_run("the fixture has no request to a capability that only reads");
    }
    let mut wrong = Grouped::default();
    for (name, request) in readings {
        let mut envelope = session.envelope(request);
        envelope.shift_remove("auth");
        let answer = session.ask_with(name, &envelope)?;
        if answer.rejects_credentials() {
            continue;
        }
        if let Err(why) = answer.unrefused() {
            wrong.add(name, format!("to a request without credentials it {why}"));
        }
    }
    wrong.end()
}
