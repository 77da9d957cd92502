//! Credentials: that bad ones are told from good, and that secrets are kept.

use serde_json::{Value, json};

use crate::testing::Canary;
use crate::testing::contract::answer::Answer;
use crate::testing::contract::grouped::Grouped;
use crate::testing::contract::session::{Checked, Session, not_run};
use crate::testing::mask::is_secret;

const VALIDATE: &str = "validate-credentials";

pub(super) fn told_apart(session: &Session<'_>) -> Checked {
    let Some(bad) = &session.fixture.bad_auth else { return not_run("the fixture has no bad_auth") };
    if session.fixture.auth.is_none() {
        return not_run("the fixture has no auth");
    }
    let mut readings = session.readings();
    // Where there is one capability for it, it is the one to ask; else any will do.
    if session.has(VALIDATE) {
        readings.retain(|(name, _)| session.spelled(VALIDATE) == Some(*name));
    }
    let Some((name, request)) = readings.into_iter().next() else {
        return not_run("the fixture has no request to a capability that only reads");
    };
    let says_invalid =
        |answer: &Answer| answer.payload().is_ok_and(|payload| payload["valid"] == Value::Bool(false));
    let mut wrong = Grouped::default();
    let good = session.ask(name, request.clone())?;
    match good.payload() {
        Err(why) => wrong.add(name, format!("to good credentials it {why}")),
        Ok(_) if says_invalid(&good) => wrong.add(name, "calls good credentials invalid"),
        Ok(_) => {}
    }
    let mut envelope = session.envelope(request);
    envelope.insert("auth".to_owned(), bad.clone());
    let answer = session.ask_with(name, &envelope)?;
    if !says_invalid(&answer) && !answer.rejects_credentials() {
        let why = match answer.error() {
            Some(error) => format!("answered with the code {:?}, where unauthorized was to come", error.code),
            None if answer.document().is_some() => "answered as if they were good".to_owned(),
            None => format!("answered {}", answer.came.told()),
        };
        wrong.add(name, format!("to bad credentials it {why}"));
    }
    wrong.end()
}

pub(super) fn secrets_silent(session: &Session<'_>) -> Checked {
    let canary = Canary::new();
    let mut planted = 0;
    let fixture = session.fixture;
    let [auth, settings] =
        [("auth", &fixture.auth), ("settings", &fixture.settings)].map(|(name, section)| {
            let mut section = section.clone();
            section.iter_mut().for_each(|section| plant(name, section, canary.secret(), &mut planted));
            section
        });
    if planted == 0 {
        return not_run("the fixture has nothing in auth or settings that is secret by its name");
    }
    let mut wrong = Grouped::default();
    let listen = |wrong: &mut Grouped, name: &str, answer: &Answer| {
        for (place, bytes) in
            [("its answer", &answer.came.answer), ("what it writes besides its answer", &answer.came.besides)]
        {
            if let Some(spelling) = canary.spelling_in(bytes) {
                wrong.add(name, format!("a planted secret comes back in {place}, {spelling}"));
            }
        }
    };
    for name in &session.info.capabilities {
        // Two that are refused, and one that reaches the upstream.
        let mut requests = vec![Some(json!(7)), None];
        requests.extend(session.reading(name).map(Some));
        for request in requests {
            let mut envelope = session.envelope(request.clone().unwrap_or_default());
            if request.is_none() {
                envelope.shift_remove("request");
            }
            // Credentials last: who quotes a part of a request quotes its end.
            for (section, planted) in [("settings", &settings), ("auth", &auth)] {
                if let Some(planted) = planted {
                    envelope.shift_remove(section);
                    envelope.insert(section.to_owned(), planted.clone());
                }
            }
            listen(&mut wrong, name, &session.ask_with(name, &envelope)?);
        }
    }
    wrong.end()
}

/// Puts `secret` wherever a text has a name that is a secret's.
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
