//! IDs: whether they are unique, and whether they refer to something.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::testing::contract::grouped::Grouped;
use crate::testing::contract::listing::Listing;
use crate::testing::contract::session::{Checked, Session, not_run};
use crate::wire::Wire;

const ASSOCIATIONS: &str = "find-entitlement-associations";

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn id(item: &Value) -> &str {
    text(item, "integration_specific_id")
}

/// The account ID of an association. Classic nests the account.
fn account(association: &Value) -> &str {
    association["account_id"].as_str().unwrap_or_else(|| id(&association["account"]))
}

fn entitlement(association: &Value) -> &str {
    text(association, "integration_specific_entitlement_id")
}

fn resource(association: &Value) -> &str {
    text(association, "integration_specific_resource_id")
}

pub(super) fn unique(session: &Session<'_>) -> Checked {
    let mut wrong = Grouped::default();
    for listing in session.listings_or_not_run()? {
        let items = session.items(&listing)?;
        let (mut known, mut reported) = (HashSet::new(), HashSet::new());
        for item in &items {
            let key = match listing.capability {
                ASSOCIATIONS => vec![account(item), entitlement(item), resource(item)],
                // Entitlements on two resources may have the same ID.
                "list-entitlements" => vec![id(item), resource(item)],
                _ => vec![id(item)],
            };
            if key.iter().any(|part| part.is_empty()) {
                if reported.insert(Vec::new()) {
                    wrong.add(&listing.label, "an item has no ID");
                }
            } else if !known.insert(key.clone()) && reported.len() < 3 && reported.insert(key.clone()) {
                wrong.add(&listing.label, format!("{:?} occurs twice", key.join(" ")));
            }
        }
    }
    wrong.end()
}

pub(super) fn associations(session: &Session<'_>) -> Checked {
    session.require(ASSOCIATIONS)?;
    let listings = session.listings();
    let all_of = |capability: &'static str| -> Checked<Vec<Value>> {
        let mut all = Vec::new();
        for listing in listings.iter().filter(|listing| listing.capability == capability) {
            all.extend(session.items(listing)?);
        }
        Ok(all)
    };
    let associations = all_of(ASSOCIATIONS)?;
    let (accounts, resources) = (all_of("list-accounts")?, all_of("list-resources")?);
    let lists = |capability: &str| listings.iter().any(|listing| listing.capability == capability);
    if !lists("list-accounts") && !lists("list-resources") {
        return not_run("neither accounts nor resources can be listed: the fixture has no resource_types");
    }
    let mut wrong = Wrong { grouped: Grouped::default(), reported: HashMap::new() };
    if lists("list-accounts") {
        let known: HashSet<&str> = accounts.iter().map(id).collect();
        associations
            .iter()
            .filter(|one| !known.contains(account(one)))
            .for_each(|one| wrong.add("account", account(one)));
    }
    if !lists("list-resources") {
        return wrong.grouped.end();
    }
    let known: HashSet<&str> = resources.iter().map(id).collect();
    associations
        .iter()
        .filter(|one| !known.contains(resource(one)))
        .for_each(|one| wrong.add("resource", resource(one)));
    if session.has("list-entitlements") {
        let offered = offered(session, &resources, &associations)?;
        for one in &associations {
            if offered.get(resource(one)).is_some_and(|ids| !ids.contains(entitlement(one))) {
                wrong.add("entitlement", &format!("{} on {}", entitlement(one), resource(one)));
            }
        }
    }
    wrong.grouped.end()
}

struct Wrong {
    grouped: Grouped,
    reported: HashMap<&'static str, HashSet<String>>,
}

impl Wrong {
    /// Reports only the first few of each kind.
    fn add(&mut self, kind: &'static str, id: &str) {
        let reported = self.reported.entry(kind).or_default();
        if reported.len() < 5 && reported.insert(id.to_owned()) {
            self.grouped.add(ASSOCIATIONS, format!("the {kind} {id:?} is not listed"));
        }
    }
}

/// The IDs of the entitlements on each resource that associations refer to, up to the fixture's limit of resources.
fn offered(
    session: &Session<'_>,
    resources: &[Value],
    associations: &[Value],
) -> Checked<HashMap<String, HashSet<String>>> {
    let named: HashSet<&str> = associations.iter().map(resource).collect();
    let mut offered: HashMap<String, HashSet<String>> = HashMap::new();
    let wanted = resources.iter().filter(|resource| named.contains(id(resource)));
    for resource in wanted.take(session.fixture.most_resources) {
        let (kind, id_of) = (text(resource, "resource_type"), id(resource));
        let listing = Listing {
            capability: "list-entitlements",
            request: session.entitlements_of(kind, id_of),
            label: format!("list-entitlements of {kind} {id_of:?}"),
        };
        let items = session.items(&listing)?;
        let of_it = items.iter().filter(|item| {
            session.info.wire == Wire::Classic || text(item, "integration_specific_resource_id") == id_of
        });
        offered.entry(id_of.to_owned()).or_default().extend(of_it.map(|item| id(item).to_owned()));
    }
    Ok(offered)
}
