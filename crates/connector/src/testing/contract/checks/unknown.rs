//! Ids that nobody has.

use serde_json::{Value, json};

use crate::testing::contract::grouped::Grouped;
use crate::testing::contract::session::{Checked, Session, not_run, unique};
use crate::wire::Wire;

pub(super) fn not_found(session: &Session<'_>) -> Checked {
    let questions: Vec<_> = questions(session).into_iter().filter(|(name, ..)| session.has(name)).collect();
    if questions.is_empty() {
        let writes = if session.fixture.allow_writes {
            "the connector has no write that can be asked"
        } else {
            "the fixture allows no writes"
        };
        let reads = match session.info.wire {
            Wire::Classic => "there are no entitlements to list of a resource whose type it names",
            Wire::OpenApi => "in openapi only writes name ids",
        };
        return not_run(format!("{writes}, and {reads}"));
    }
    let mut wrong = Grouped::default();
    for (name, what, request) in questions {
        if let Err(why) = session.ask(name, request)?.unmissed() {
            wrong.add(name, format!("asked of {what} that is not there, it {why}"));
        }
    }
    wrong.end()
}

/// Payloads with an id in them that nobody has.
fn questions(session: &Session<'_>) -> Vec<(&'static str, &'static str, Value)> {
    let fixture = session.fixture;
    let mut all = Vec::new();
    let kinds =
        fixture.resource_types.iter().chain(fixture.assignment.as_ref().map(|one| &one.resource_type));
    if session.info.wire == Wire::Classic
        && let Some(kind) = kinds.into_iter().next()
    {
        all.push(("list-entitlements", "a resource", session.entitlements_of(kind, &unique())));
    }
    // If it is taken for somebody's, something is changed.
    if !fixture.allow_writes {
        return all;
    }
    for name in ["activate_account", "deactivate_account", "delete_account"] {
        all.push((name, "an account", json!({ "account_id": unique() })));
    }
    if let Some(assignment) = &fixture.assignment {
        for name in ["assign-entitlement", "unassign-entitlement"] {
            all.push((name, "an account", assignment.payload(&unique())));
            for (what, field) in [
                ("a resource", "resource_integration_specific_id"),
                ("an entitlement", "entitlement_integration_specific_id"),
            ] {
                let mut request = assignment.payload(&assignment.account_id);
                request[field] = unique().into();
                all.push((name, what, request));
            }
        }
    }
    all
}
