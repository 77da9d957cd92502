//! The graphs of access: whether what they refer to exists.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::testing::contract::grouped::Grouped;
use crate::testing::contract::listing::Listing;
use crate::testing::contract::session::{Checked, Session, not_run};

const ENTITLEMENTS: &str = "find_entitlement_graph";
const RESOURCES: &str = "find_resource_graph";

/// The listings that a resource can refer to.
const ACCOUNTS: &str = "list-accounts";
const CREDENTIALS: &str = "list_credentials";

/// The maximum number of IDs that are reported for the same mistake.
const REPORTED: usize = 5;

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> + use<'v> {
    value[key].as_array().into_iter().flatten()
}

pub(super) fn resolve(session: &Session<'_>) -> Checked {
    if !session.has(ENTITLEMENTS) && !session.has(RESOURCES) {
        return not_run("the connector has no access graph");
    }
    session.require_credentials()?;
    let mut wrong = Grouped::default();
    let resources = graph(session, RESOURCES, &mut wrong)?;
    let entitlements = graph(session, ENTITLEMENTS, &mut wrong)?;
    if let Some(graph) = &resources {
        related(graph, &mut wrong);
        referenced(session, graph, &mut wrong)?;
    }
    if let Some(graph) = &entitlements {
        implied(session, graph, &mut wrong);
        if let Some(resources) = &resources {
            let known = ids(list(resources, "resources"), "id");
            let named = list(graph, "nodes").map(|node| text(node, "resource_id"));
            report(&mut wrong, ENTITLEMENTS, "a resource that find_resource_graph lacks", named, &known);
        }
    }
    wrong.end()
}

/// The graph, which consists of the lists of all pages. `None` if there is none, or a page is wrong.
fn graph(session: &Session<'_>, capability: &'static str, wrong: &mut Grouped) -> Checked<Option<Value>> {
    if !session.has(capability) {
        return Ok(None);
    }
    let mut graph: Map<String, Value> = Map::new();
    let walked = session.each_page(&Listing::of(capability), None, |page| {
        for (key, part) in page.as_object().ok_or("has no graph")? {
            match (graph.get_mut(key), part) {
                (Some(Value::Array(known)), Value::Array(more)) => known.extend(more.iter().cloned()),
                _ => drop(graph.insert(key.clone(), part.clone())),
            }
        }
        Ok(())
    })?;
    match walked {
        Ok(()) => Ok(Some(graph.into())),
        Err(why) => {
            wrong.add(capability, why);
            Ok(None)
        }
    }
}

fn ids<'v>(items: impl Iterator<Item = &'v Value>, key: &str) -> HashSet<&'v str> {
    items.map(|item| text(item, key)).collect()
}

/// Reports the first few names that aren't known.
fn report<'v>(
    wrong: &mut Grouped,
    whose: &str,
    what: &str,
    named: impl Iterator<Item = &'v str>,
    known: &HashSet<&str>,
) {
    let mut reported = HashSet::new();
    for id in named.filter(|id| !known.contains(id)) {
        if reported.len() < REPORTED && reported.insert(id) {
            wrong.add(whose, format!("it names {what}: {id:?}"));
        }
    }
}

/// Both ends of a relationship must be resources.
fn related(graph: &Value, wrong: &mut Grouped) {
    let known = ids(list(graph, "resources"), "id");
    let ends = list(graph, "resource_relationships").flat_map(|edge| {
        let to = list(edge, "to_ids").filter_map(Value::as_str);
        std::iter::once(text(edge, "from_id")).chain(to)
    });
    report(wrong, RESOURCES, "a resource that it lacks", ends, &known);
}

/// The account that a resource stands for must be listed, and so must the credentials that it holds.
fn referenced(session: &Session<'_>, graph: &Value, wrong: &mut Grouped) -> Checked {
    let accounts: Vec<&str> = list(graph, "resources")
        .map(|resource| &resource["reference"])
        .filter(|reference| reference["type"] == "account")
        .map(|reference| text(reference, "id"))
        .collect();
    let credentials: Vec<&str> = list(graph, "resources")
        .flat_map(|resource| list(resource, "linked_credential_ids"))
        .filter_map(Value::as_str)
        .collect();
    for (named, capability, key, what) in [
        (accounts, ACCOUNTS, "integration_specific_id", "an account that is not listed"),
        (credentials, CREDENTIALS, "external_id", "a credential that is not listed"),
    ] {
        if !named.is_empty() && session.has(capability) {
            let items = session.items(&Listing::of(capability))?;
            report(wrong, RESOURCES, what, named.into_iter(), &ids(items.iter(), key));
        }
    }
    Ok(())
}

/// Both ends of an implication must be nodes, or entitlements that a rule adds to resources.
fn implied(session: &Session<'_>, graph: &Value, wrong: &mut Grouped) {
    let rules = list(graph, "access_graph_entitlement_rules")
        .chain(list(&session.info.document, "access_graph_entitlement_rules"));
    let by_rule = ids(rules, "entitlement_id");
    let nodes: HashSet<_> =
        list(graph, "nodes").map(|node| (text(node, "id"), text(node, "resource_id"))).collect();
    let ends = list(graph, "entitlement_implications")
        .flat_map(|edge| std::iter::once(&edge["from_entitlement"]).chain(list(edge, "to_entitlements")));
    let mut reported = HashSet::new();
    for end in ends.map(|end| (text(end, "entitlement_id"), text(end, "resource_id"))) {
        let is_known = nodes.contains(&end) || by_rule.contains(end.0);
        if !is_known && reported.len() < REPORTED && reported.insert(end) {
            let (id, resource) = end;
            wrong.add(ENTITLEMENTS, format!("it names an entitlement that it lacks: {id:?} on {resource:?}"));
        }
    }
}
