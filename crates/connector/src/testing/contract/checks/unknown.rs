//! Unknown IDs.

use serde_json::{Value, json};

use crate::testing::contract::grouped::Grouped;
use crate::testing::contract::session::{Checked, Session, not_run, unique};
use crate::wire::Wire;

pub(super) fn not_found(session: &Session<'_>) -> Checked {
    let requests: Vec<_> = requests(session).into_iter().filter(|(name, ..)| session.has(name)).collect();
    if requests.is_empty() {
        let writes = if session.fixture.allow_writes {
            "the connector has no write that takes an ID"
        } else {
            "the fixture does not allow writes"
        };
        let reads = match session.info.wire {
            Wire::Classic => "there is no resource type to list entitlements with",
            Wire::OpenApi => "the connector has no get_account",
        };
        return not_run(format!("{writes}, and {reads}"));
    }
    let mut wrong = Grouped::default();
    for (name, what, request) in requests {
        if let Err(why) = session.ask(name, request)?.reports_not_found() {
            wrong.add(name, format!("given {what} that does not exist, it {why}"));
        }
    }
    wrong.end()
}

/// Requests with an unknown ID: the capability, what doesn't exist, and the payload.
fn requests(session: &Session<'_>) -> Vec<(&'static str, &'static str, Value)> {
    let fixture = session.fixture;
    let mut all = vec![("get_account", "an account", json!({ "account_id": unique() }))];
    let kinds =
        fixture.resource_types.iter().chain(fixture.assignment.as_ref().map(|one| &one.resource_type));
    if session.info.wire == Wire::Classic
        && let Some(kind) = kinds.into_iter().next()
    {
        all.push(("list-entitlements", "a resource", session.entitlements_of(kind, &unique())));
    }
    // If the connector mistakes the ID for a known one, it changes something.
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
