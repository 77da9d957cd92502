//! What the SDK adds to the execution summary of a call.

use serde_json::{Map, Value};

use super::handler::{Definition, Registered};
use super::{Integration, guard};
use crate::capability::{Effect, Family};
use crate::fingerprint::fingerprint;
use crate::response::{ExecutionEffect, ExecutionSummary, Frame};
use crate::schema;

impl Integration {
    /// Completes the execution summary of a successful call, or writes one if its effect is certain. `request` is the
    /// payload of the request, `body` the beginning of the response, up to the end of its payload.
    pub(super) fn summarize(&self, registered: &Registered, request: &str, body: &[u8], frame: &mut Frame) {
        if !self.wire.has_summaries() {
            return;
        }
        if frame.execution_summary.is_none() {
            frame.execution_summary = certain_effect(registered.definition)
                .filter(|_| !reports_failure(body))
                .map(ExecutionSummary::new);
        }
        let Some(summary) = &mut frame.execution_summary else { return };
        summary.is_idempotent.get_or_insert(registered.definition.effect != Effect::UnsafeWrite);
        summary.request_fingerprint.get_or_insert_with(|| {
            let schema = registered.fingerprint_schema.get_or_init(|| self.request_schema(registered));
            fingerprint(request, schema)
        });
    }

    /// The schema of a capability's requests. If an author's type panics, any payload matches it.
    fn request_schema(&self, registered: &Registered) -> Value {
        let schema = guard::run_sync(|| {
            schema::document(|generator| {
                let schemas = registered.erased.schemas(self.wire, generator);
                schemas.map(|(request, _)| request.to_value()).unwrap_or_default()
            })
        });
        schema.unwrap_or_default()
    }
}

/// The effect of a successful call, if it follows from the capability. Tokens aren't part of the upstream's data.
fn certain_effect(definition: Definition) -> Option<ExecutionEffect> {
    match (definition.family?, definition.effect, definition.name) {
        (_, Effect::Read, _) | (Family::Authorization, ..) => None,
        (_, _, "create_account") => Some(ExecutionEffect::Created),
        (_, _, "delete_account") => Some(ExecutionEffect::Deleted),
        _ => Some(ExecutionEffect::Updated),
    }
}

/// The fields in which the payloads of writes report whether they succeeded.
const SUCCESS: &[&str] = &[
    "success",
    "created",
    "activated",
    "deactivated",
    "deleted",
    "assigned",
    "provisioned",
    "unassigned",
    "deprovisioned",
];

/// Whether a payload reports that nothing in the call succeeded.
fn reports_failure(body: &[u8]) -> bool {
    let payload = body.strip_prefix(br#"{"response":"#).unwrap_or_default();
    let payload: Map<String, Value> = serde_json::from_slice(payload).unwrap_or_default();
    let mut reported = SUCCESS.iter().filter_map(|field| payload.get(*field)?.as_bool()).peekable();
    reported.peek().is_some() && reported.all(|success| !success)
}
