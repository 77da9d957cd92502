//! Writes: whether they can be repeated, and whether listings show them.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::testing::contract::grouped::Grouped;
use crate::testing::contract::listing::Listing;
use crate::testing::contract::session::{Checked, Session, not_run, unique};

const ACCOUNTS: &str = "list-accounts";
const ASSOCIATIONS: &str = "find-entitlement-associations";

pub(super) fn activate_twice(session: &Session<'_>) -> Checked {
    status_twice(session, "activate_account")
}

pub(super) fn deactivate_twice(session: &Session<'_>) -> Checked {
    status_twice(session, "deactivate_account")
}

pub(super) fn assign_twice(session: &Session<'_>) -> Checked {
    assignment_twice(session, "assign-entitlement")
}

pub(super) fn unassign_twice(session: &Session<'_>) -> Checked {
    assignment_twice(session, "unassign-entitlement")
}

fn status_twice(session: &Session<'_>, name: &str) -> Checked {
    session.require(name)?;
    session.require_writes()?;
    let Some(id) = session.account_id() else { return not_run("the fixture has no account_id") };
    twice(session, name, &json!({ "account_id": id }), ACCOUNTS, |item| item["integration_specific_id"] == id)
}

fn assignment_twice(session: &Session<'_>, name: &str) -> Checked {
    session.require(name)?;
    session.require_writes()?;
    let Some(assignment) = &session.fixture.assignment else {
        return not_run("the fixture has no assignment");
    };
    let request = assignment.payload(&assignment.account_id);
    twice(session, name, &request, ASSOCIATIONS, |item| {
        let account = [&item["account_id"], &item["account"]["integration_specific_id"]];
        item["integration_specific_entitlement_id"] == assignment.entitlement_id.as_str()
            && item["integration_specific_resource_id"] == assignment.resource_id.as_str()
            && account.iter().any(|id| **id == assignment.account_id.as_str())
    })
}

/// Calls a capability twice. Both responses must be equal, and so must the listing after each call.
fn twice(
    session: &Session<'_>,
    name: &str,
    request: &Value,
    listing: &'static str,
    is_it: impl Fn(&Value) -> bool,
) -> Checked {
    let mut wrong = Grouped::default();
    let (mut responses, mut states, mut unlisted) = (Vec::new(), Vec::new(), false);
    for time in ["first", "second"] {
        let response = session.ask(name, request.clone())?;
        match response.payload() {
            Ok(payload) => responses.push(payload.clone()),
            Err(why) => {
                wrong.add(name, format!("the {time} time it {why}"));
                return wrong.end();
            }
        }
        match relist(session, listing)? {
            Some(items) => states.push(items.into_iter().filter(|item| is_it(item)).collect::<Vec<_>>()),
            None => unlisted = session.has(listing),
        }
    }
    if responses.first() != responses.last() {
        wrong.add(name, "returns another response the second time");
    }
    if states.first() != states.last() {
        wrong.add(name, format!("the second time changes {listing}"));
    }
    wrong.end()?;
    if unlisted { not_run(format!("{listing} cannot be walked: see pages-end")) } else { Ok(()) }
}

/// The current items of a listing; `None` if it can't be walked.
fn relist(session: &Session<'_>, capability: &'static str) -> Checked<Option<Vec<Value>>> {
    if !session.has(capability) {
        return Ok(None);
    }
    Ok(session.walk_in(&Listing::of(capability), None)?.ok().map(|pages| pages.items))
}

/// The current accounts, by ID.
fn accounts(session: &Session<'_>) -> Checked<HashMap<String, Value>> {
    let Some(items) = relist(session, ACCOUNTS)? else {
        return not_run("list-accounts cannot be walked: see pages-end");
    };
    let id = |item: &Value| item["integration_specific_id"].as_str().unwrap_or_default().to_owned();
    Ok(items.into_iter().map(|item| (id(&item), item)).collect())
}

pub(super) fn create_list_delete(session: &Session<'_>) -> Checked {
    for name in ["create_account", ACCOUNTS, "delete_account"] {
        session.require(name)?;
    }
    session.require_writes()?;
    let unique = unique();
    let Some(creation) = session.fixture.creation(&unique) else {
        return not_run("the fixture has no create");
    };
    let before = accounts(session)?;
    let mut wrong = Grouped::default();
    let response = session.ask("create_account", creation)?;
    let returned_id = match response.payload() {
        Ok(payload) => payload["id"].as_str().map(ToOwned::to_owned),
        Err(why) => {
            wrong.add("create_account", why);
            return wrong.end();
        }
    };
    let mut new = accounts(session)?;
    new.retain(|id, _| !before.contains_key(id));
    // Others may work in the same tenant.
    if new.len() > 1 {
        new.retain(|id, item| returned_id.as_ref() == Some(id) || item.to_string().contains(&unique));
    }
    let mut ids: Vec<String> = new.into_keys().collect();
    let id = match (ids.pop(), ids.len()) {
        (Some(id), 0) => id,
        (listed, more) => {
            let count = more + usize::from(listed.is_some());
            let what = format!(
                "after a creation, {count} new accounts are listed instead of 1; the account {unique:?} may be left"
            );
            wrong.add(ACCOUNTS, what);
            return wrong.end();
        }
    };
    if returned_id.as_ref().is_some_and(|returned| *returned != id) {
        wrong.add(
            "create_account",
            format!("returns the ID {returned_id:?}, but the account is listed as {id:?}"),
        );
    }
    if let Err(why) = session.ask("delete_account", json!({ "account_id": id }))?.payload() {
        wrong.add("delete_account", format!("{why}; the account {id:?} is left"));
        return wrong.end();
    }
    let status = accounts(session)?.remove(&id).map(|mut account| account["user_status"].take());
    if let Some(status) = status.filter(|status| *status != "DEPROVISIONED" && *status != "DELETED") {
        wrong.add(ACCOUNTS, format!("the account {id:?} is still listed after its deletion, as {status}"));
    }
    wrong.end()
}
