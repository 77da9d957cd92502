//! The probe: whether it agrees with the listings.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::testing::contract::grouped::Grouped;
use crate::testing::contract::session::{Checked, Session};

pub(super) const PROBE: &str = "probe_integration";

/// The checks of a probe, with the listing that each one samples, and the fields that identify an item there.
const SAMPLED: [(&str, &str, &[&str]); 3] = [
    ("accounts", "list-accounts", &["integration_specific_id"]),
    (
        "entitlements",
        "list-entitlements",
        &["integration_specific_id", "integration_specific_resource_id", "entitlement_type"],
    ),
    (
        "entitlement_associations",
        "find-entitlement-associations",
        &["account_id", "integration_specific_entitlement_id", "integration_specific_resource_id"],
    ),
];

fn key<'v>(item: &'v Value, fields: &[&str]) -> Vec<&'v str> {
    fields.iter().map(|field| item[*field].as_str().unwrap_or_default()).collect()
}

pub(super) fn agrees(session: &Session<'_>) -> Checked {
    session.require(PROBE)?;
    let listings = session.listings_or_not_run()?;
    let mut wrong = Grouped::default();
    let response = session.ask(PROBE, json!({}))?;
    let report = match response.payload() {
        Ok(report) => report,
        Err(why) => {
            wrong.add(PROBE, why);
            return wrong.end();
        }
    };
    let checks = report["checks"].as_array().map(Vec::as_slice).unwrap_or_default();
    if report["status"] == "passed" && checks.iter().any(|check| check["status"] == "failed") {
        wrong.add(PROBE, "its status is passed, but a check has failed");
    }
    for check in checks {
        let sampled = SAMPLED.iter().find(|(name, ..)| check["check"] == *name);
        let Some((name, capability, fields)) = sampled else { continue };
        let samples = check["samples"].as_array().map(Vec::as_slice).unwrap_or_default();
        let has_passed = check["status"] == "passed";
        if has_passed && samples.is_empty() {
            wrong.add(PROBE, format!("{name} has passed without a sample"));
        }
        let Some(listing) = listings.iter().find(|listing| listing.capability == *capability) else {
            continue;
        };
        let items = match session.walk(listing)? {
            Ok(pages) => pages.items,
            Err(why) => {
                if has_passed {
                    wrong.add(PROBE, format!("{name} has passed, but {why}"));
                }
                continue;
            }
        };
        let listed: HashSet<Vec<&str>> = items.iter().map(|item| key(item, fields)).collect();
        let unknown = samples.iter().find(|sample| !listed.contains(&key(sample, fields)));
        if let Some(sample) = unknown {
            let id = key(sample, fields).join(" ");
            wrong.add(PROBE, format!("{name} has a sample that {capability} doesn't list: {id:?}"));
        }
        // Without an error, the listing may be partial.
        if check["status"] == "failed" && !items.is_empty() && !check["error"].is_null() {
            wrong.add(PROBE, format!("{name} has failed, but {capability} lists {} items", items.len()));
        }
    }
    wrong.end()
}
