//! [`Session`]: a connector that is being checked, and what is known about it so far.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;

use serde_json::{Value, json};

use super::super::envelope::Envelope;
use super::super::failures::Failures;
use super::super::test_client::bytes;
use super::fixture::Fixture;
use super::listing::Walked;
use super::response::Response;
use super::transport::{CallOutput, Transport};
use crate::capability::same_name;
use crate::wire::{Wire, standard_capabilities};

/// Why a check does not pass.
pub(super) enum Halt {
    Failed(Failures),
    /// It lacks something, as this text describes.
    NotRun(String),
    /// The connector can't be reached, which ends the run.
    Unreachable(io::Error),
}

impl From<io::Error> for Halt {
    fn from(error: io::Error) -> Self {
        Self::Unreachable(error)
    }
}

pub(super) type Checked<T = ()> = Result<T, Halt>;

pub(super) fn not_run<T>(why: impl Into<String>) -> Checked<T> {
    Err(Halt::NotRun(why.into()))
}

/// A connector that is being checked, and what is known about it so far.
pub(super) struct Session<'a> {
    transport: &'a dyn Transport,
    pub(super) fixture: &'a Fixture,
    pub(super) info: Info,
    pub(super) walked: RefCell<HashMap<String, Walked>>,
}

/// A connector's description of itself.
pub(super) struct Info {
    /// The response to `info`, without the format's envelope; null if there is none.
    pub(super) document: Value,
    pub(super) output: CallOutput,
    pub(super) wire: Wire,
    pub(super) app_id: String,
    pub(super) capabilities: Vec<String>,
}

impl Info {
    fn of(output: CallOutput) -> Self {
        let mut document: Value = serde_json::from_slice(&output.response).unwrap_or_default();
        let wire = if document["response"]["app_id"].is_string() {
            document = document["response"].take();
            Wire::OpenApi
        } else {
            Wire::Classic
        };
        let names = document["capabilities"].as_array().into_iter().flatten();
        Self {
            app_id: document["app_id"].as_str().unwrap_or_default().to_owned(),
            capabilities: names.filter_map(Value::as_str).map(ToOwned::to_owned).collect(),
            document,
            output,
            wire,
        }
    }
}

impl<'a> Session<'a> {
    pub(super) fn start(transport: &'a dyn Transport, fixture: &'a Fixture) -> io::Result<Self> {
        let info = Info::of(transport.call("info", b"")?);
        Ok(Self { transport, fixture, info, walked: RefCell::default() })
    }

    /// The connector's own name for a capability, if it has the capability.
    pub(super) fn own_name(&self, name: &str) -> Option<&str> {
        self.info.capabilities.iter().map(String::as_str).find(|known| same_name(known, name))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.own_name(name).is_some()
    }

    /// Whether the connector takes credentials. In openapi, there is a list of schemas if it takes several kinds.
    pub(super) fn takes_credentials(&self) -> bool {
        let document = &self.info.document;
        document["authentication_schema"].as_object().is_some_and(|schema| !schema.is_empty())
            || document["credentials_schema"].as_array().is_some_and(|schemas| !schemas.is_empty())
    }

    /// The section of a request that has the credentials: in openapi, those with IDs are in a list.
    pub(super) fn credential_section(&self) -> &'static str {
        if self.info.document["credentials_schema"][0]["id"].is_string() { "credentials" } else { "auth" }
    }

    /// Whether requests for a capability carry the connector's credentials. Those for custom capabilities do.
    pub(super) fn carries_credentials(&self, name: &str) -> bool {
        let standard = standard_capabilities().into_iter().find(|standard| same_name(standard.name, name));
        self.info.wire.carries_credentials(standard.is_none_or(|standard| standard.carries_credentials))
    }

    /// The sections of a request with this payload.
    pub(super) fn envelope(&self, request: Value) -> Envelope {
        let sections = [
            ("request", Some(request)),
            ("auth", self.fixture.auth.clone()),
            ("credentials", self.fixture.credentials.clone()),
            ("settings", self.fixture.settings.clone()),
        ];
        sections.into_iter().filter_map(|(name, section)| Some((name.to_owned(), section?))).collect()
    }

    /// Sends these bytes.
    pub(super) fn send(&self, name: &str, request: &[u8]) -> io::Result<Response> {
        let output = self.transport.call(self.own_name(name).unwrap_or(name), request)?;
        Ok(Response::new(output, &self.info.app_id, self.info.wire))
    }

    pub(super) fn ask_with(&self, name: &str, envelope: &Envelope) -> io::Result<Response> {
        self.send(name, &bytes(envelope))
    }

    pub(super) fn ask(&self, name: &str, request: Value) -> io::Result<Response> {
        self.ask_with(name, &self.envelope(request))
    }

    pub(super) fn account_id(&self) -> Option<&str> {
        let fixture = self.fixture;
        fixture.account_id.as_deref().or_else(|| Some(fixture.assignment.as_ref()?.account_id.as_str()))
    }

    /// The payloads that list all resources, with a label for each. Openapi lists all types at once.
    pub(super) fn resource_requests(&self) -> Vec<(String, Value)> {
        if self.info.wire == Wire::OpenApi {
            return vec![("list-resources".to_owned(), json!({}))];
        }
        let types = self.fixture.resource_types.iter();
        types
            .map(|kind| (format!("list-resources of type {kind:?}"), json!({ "resource_type": kind })))
            .collect()
    }

    /// The payload that lists entitlements, with a label. Classic lists those of one resource.
    pub(super) fn entitlement_request(&self) -> Option<(String, Value)> {
        if self.info.wire == Wire::OpenApi {
            return Some(("list-entitlements".to_owned(), json!({})));
        }
        let assignment = self.fixture.assignment.as_ref()?;
        let (kind, id) = (&assignment.resource_type, &assignment.resource_id);
        Some((format!("list-entitlements of {kind} {id:?}"), self.entitlements_of(kind, id)))
    }

    /// The payload that lists the entitlements on a resource. Openapi lists all.
    pub(super) fn entitlements_of(&self, resource_type: &str, resource: &str) -> Value {
        match self.info.wire {
            Wire::Classic => {
                json!({ "resource_type": resource_type, "resource_integration_specific_id": resource })
            }
            Wire::OpenApi => json!({}),
        }
    }

    /// # Errors
    /// Not run, if the fixture doesn't allow writes.
    pub(super) fn require_writes(&self) -> Checked {
        if self.fixture.allow_writes { Ok(()) } else { not_run("the fixture does not allow writes") }
    }

    /// # Errors
    /// Not run, if the connector takes credentials and the fixture has none.
    pub(super) fn require_credentials(&self) -> Checked {
        if self.fixture.has_credentials() || !self.takes_credentials() {
            return Ok(());
        }
        not_run(format!("the fixture has no {}", self.credential_section()))
    }

    /// # Errors
    /// Not run, if the connector doesn't have this capability.
    pub(super) fn require(&self, name: &str) -> Checked {
        if self.has(name) { Ok(()) } else { not_run(format!("the connector has no {name}")) }
    }
}

/// A new name that nothing in the tenant has.
pub(super) fn unique() -> String {
    use std::hash::{BuildHasher as _, RandomState};
    format!("contract{:012x}", RandomState::new().hash_one(std::process::id()) >> 16)
}
