//! The pages of listings.

use std::collections::HashMap;

use serde_json::Value;

use crate::testing::contract::grouped::Grouped;
use crate::testing::contract::listing::Pages;
use crate::testing::contract::session::{Checked, Session, not_run};

pub(super) fn end(session: &Session<'_>) -> Checked {
    let mut wrong = Grouped::default();
    for listing in session.listings_or_not_run()? {
        // With the connector's own page size, which may be one page in total, and then with small ones.
        let whole = match session.walk(&listing)? {
            Ok(whole) => whole,
            Err(why) => {
                wrong.add("default size", why);
                continue;
            }
        };
        for size in &session.fixture.page_sizes {
            let size = Session::sensible(*size, whole.items.len());
            if let Err(why) = session.walk_in(&listing, Some(size))? {
                wrong.add(&format!("size {size}"), why);
            }
        }
    }
    wrong.end()
}

pub(super) fn agree(session: &Session<'_>) -> Checked {
    let (mut wrong, mut unwalked) = (Grouped::default(), None);
    for listing in session.listings_or_not_run()? {
        let expected = session.items(&listing)?;
        for size in &session.fixture.page_sizes {
            let size = Session::sensible(*size, expected.len());
            match session.walk_in(&listing, Some(size))? {
                Ok(pages) => {
                    if let Some(why) = difference(&expected, &pages) {
                        wrong.add(&listing.label, format!("in pages of {size}, {why}"));
                    }
                }
                Err(_) => unwalked = Some(listing.label.clone()),
            }
        }
    }
    wrong.end()?;
    unwalked
        .map_or(Ok(()), |label| not_run(format!("{label} cannot be walked in small pages: see pages-end")))
}

/// The difference between the items of two walks, in any order.
fn difference(expected: &[Value], found: &Pages) -> Option<String> {
    let mut counts: HashMap<String, i64> = HashMap::new();
    expected.iter().for_each(|item| *counts.entry(item.to_string()).or_default() += 1);
    found.items.iter().for_each(|item| *counts.entry(item.to_string()).or_default() -= 1);
    let missing: i64 = counts.values().filter(|count| **count > 0).sum();
    let extra: i64 = counts.values().filter(|count| **count < 0).map(|count| -count).sum();
    (missing + extra > 0).then(|| {
        format!(
            "it has {} items instead of {}: {missing} are missing and {extra} are extra",
            found.items.len(),
            expected.len(),
        )
    })
}
