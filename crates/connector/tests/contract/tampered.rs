//! Connectors that do not keep the contract: a right one, whose answers are tampered with.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;

use connector::Integration;
use connector::testing::contract::{Came, Check, Contract, Fixture, Transport, Verdict};
use serde_json::Value;

use crate::hub;

/// A call, as one who tampers sees it.
pub(crate) struct Call {
    pub(crate) name: String,
    /// Null if it is no JSON.
    pub(crate) request: Value,
    /// How many calls of this capability came before.
    pub(crate) before: usize,
}

impl Call {
    pub(crate) fn is(&self, name: &str) -> bool {
        connector::capability::same_name(&self.name, name)
    }

    pub(crate) fn page(&self, key: &str) -> &Value {
        &self.request["page"][key]
    }
}

/// What tampers: an answer in place of an answer. A text is written as it is, not as JSON.
pub(crate) type Tamper = fn(&Call, Value) -> Value;

pub(crate) struct Tampered {
    inner: Integration,
    tamper: Tamper,
    /// How many calls of each capability there were so far.
    calls: RefCell<HashMap<String, usize>>,
}

impl Tampered {
    pub(crate) fn new(inner: Integration, tamper: Tamper) -> Self {
        Self { inner, tamper, calls: RefCell::default() }
    }
}

impl Transport for Tampered {
    fn call(&self, capability: &str, request: &[u8]) -> io::Result<Came> {
        let answer = self.inner.dispatch_blocking(capability, request);
        let mut calls = self.calls.borrow_mut();
        let count = calls.entry(capability.to_owned()).or_default();
        let before = *count;
        *count += 1;
        let request = serde_json::from_slice(request).unwrap_or_default();
        let call = Call { name: capability.to_owned(), request, before };
        Ok(match (self.tamper)(&call, serde_json::from_slice(&answer).unwrap()) {
            Value::String(text) => Came::new("").besides(text).ended("exit status 1"),
            answer => Came::new(answer.to_string()),
        })
    }
}

/// What becomes of a check of the tampered hub.
pub(crate) fn verdict(id: &str, tamper: Tamper) -> Verdict {
    verdict_of(&Tampered::new(hub::integration(), tamper), id, hub::fixture())
}

pub(crate) fn verdict_of(transport: &dyn Transport, id: &str, fixture: Value) -> Verdict {
    let fixture = Fixture::try_from(fixture).unwrap();
    let only = Contract::new(&fixture).only([Check::find(id).unwrap()]);
    only.run(transport, |_, _| ()).unwrap().verdict(id).unwrap().clone()
}

/// The texts of a check that fails.
#[track_caller]
pub(crate) fn failures(verdict: Verdict) -> String {
    match verdict {
        Verdict::Failed(texts) => texts.join("\n"),
        other => panic!("it was to fail: {other:?}"),
    }
}
