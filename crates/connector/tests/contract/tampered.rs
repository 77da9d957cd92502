//! Connectors that violate the contract: an honest one whose responses are tampered with.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;

use connector::Integration;
use connector::testing::contract::{CallOutput, Check, Contract, Fixture, Transport, Verdict};
use serde_json::Value;

use crate::hub;

/// A call that can be tampered with.
pub(crate) struct Call {
    pub(crate) name: String,
    /// Null if it is not JSON.
    pub(crate) request: Value,
    /// The number of earlier calls of this capability.
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

/// Replaces a response. A string becomes other output instead of a response.
pub(crate) type Tamper = fn(&Call, Value) -> Value;

pub(crate) struct Tampered {
    inner: Integration,
    tamper: Tamper,
    /// The number of calls of each capability so far.
    calls: RefCell<HashMap<String, usize>>,
}

impl Tampered {
    pub(crate) fn new(inner: Integration, tamper: Tamper) -> Self {
        Self { inner, tamper, calls: RefCell::default() }
    }
}

impl Transport for Tampered {
    fn call(&self, capability: &str, request: &[u8]) -> io::Result<CallOutput> {
        let response = self.inner.dispatch_blocking(capability, request);
        let mut calls = self.calls.borrow_mut();
        let count = calls.entry(capability.to_owned()).or_default();
        let before = *count;
        *count += 1;
        let request = serde_json::from_slice(request).unwrap_or_default();
        let call = Call { name: capability.to_owned(), request, before };
        Ok(match (self.tamper)(&call, serde_json::from_slice(&response).unwrap()) {
            Value::String(text) => CallOutput::new("").other_output(text).ended("exit status 1"),
            response => CallOutput::new(response.to_string()),
        })
    }
}

/// The verdict of a check on the tampered hub.
pub(crate) fn verdict(id: &str, tamper: Tamper) -> Verdict {
    verdict_of(&Tampered::new(hub::integration(), tamper), id, hub::fixture())
}

pub(crate) fn verdict_of(transport: &dyn Transport, id: &str, fixture: Value) -> Verdict {
    let fixture = Fixture::try_from(fixture).unwrap();
    let only = Contract::new(&fixture).only([Check::find(id).unwrap()]);
    only.run(transport, |_, _| ()).unwrap().verdict(id).unwrap().clone()
}

/// The failures of a check.
#[track_caller]
pub(crate) fn failures(verdict: Verdict) -> String {
    match verdict {
        Verdict::Failed(texts) => texts.join("\n"),
        other => panic!("expected a failure, found {other:?}"),
    }
}
