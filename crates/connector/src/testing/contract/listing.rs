//! [`Listing`]: a listing, and the way through its pages.

use std::collections::HashSet;
use std::io;

use serde_json::{Value, json};

use super::super::caller::items_of;
use super::session::{Checked, Session, not_run};

/// A listing of more pages has no end.
const MOST_PAGES: usize = 10_000;
/// How many pages a listing is cut into at the most where the size is ours to choose.
const ENOUGH_PAGES: usize = 200;

/// A listing that was walked, or why it could not be.
pub(super) type Walked = Result<Pages, String>;

/// A listing, walked to its end.
#[derive(Clone)]
pub(super) struct Pages {
    pub(super) items: Vec<Value>,
    pub(super) sizes: Vec<usize>,
}

/// A listing to walk.
pub(super) struct Listing {
    pub(super) capability: &'static str,
    pub(super) request: Value,
    /// What it is called in reports.
    pub(super) label: String,
}

impl Session<'_> {
    /// The listings that can be walked, but for those that need others first.
    pub(super) fn listings(&self) -> Vec<Listing> {
        let mut all = Vec::new();
        let mut add = |capability: &'static str, label: String, request: Value| {
            if self.has(capability) {
                all.push(Listing { capability, request, label });
            }
        };
        add("list-accounts", "list-accounts".to_owned(), json!({}));
        for (label, request) in self.resource_requests() {
            add("list-resources", label, request);
        }
        if let Some((label, request)) = self.entitlement_request() {
            add("list-entitlements", label, request);
        }
        let associations = "find-entitlement-associations";
        add(associations, associations.to_owned(), json!({}));
        all
    }

    /// All listings that can be walked.
    pub(super) fn listings_or_not_run(&self) -> Checked<Vec<Listing>> {
        if self.fixture.auth.is_none() && self.takes_credentials() {
            return not_run("the fixture has no auth");
        }
        let all = self.listings();
        if all.is_empty() {
            return not_run(
                "the connector has no listing, or the fixture does not say of what types its resources are",
            );
        }
        Ok(all)
    }

    /// Walks a listing in pages of its own size; only once, however often it is wanted.
    pub(super) fn walk(&self, listing: &Listing) -> Checked<Walked> {
        let key = format!("{} {}", listing.capability, listing.request);
        if let Some(known) = self.walked.borrow().get(&key) {
            return Ok(known.clone());
        }
        let walked = self.walk_in(listing, None)?;
        self.walked.borrow_mut().insert(key, walked.clone());
        Ok(walked)
    }

    /// The items of a listing.
    ///
    /// # Errors
    /// If there are none to check: another check says why.
    pub(super) fn items(&self, listing: &Listing) -> Checked<Vec<Value>> {
        match self.walk(listing)? {
            Ok(pages) => Ok(pages.items),
            Err(_) => not_run(format!("{} cannot be walked: see pages-end", listing.label)),
        }
    }

    /// A size of pages that cuts `total` items into not too many.
    pub(super) fn sensible(size: usize, total: usize) -> usize {
        size.max(total.div_ceil(ENOUGH_PAGES))
    }

    /// Walks a listing, in pages of this size.
    pub(super) fn walk_in(&self, listing: &Listing, size: Option<usize>) -> io::Result<Walked> {
        let mut envelope = self.envelope(listing.request.clone());
        let mut pages = Pages { items: Vec::new(), sizes: Vec::new() };
        let mut tokens = HashSet::new();
        let mut page = json!({});
        if let Some(size) = size {
            page["size"] = size.into();
        }
        loop {
            if page.as_object().is_some_and(|page| !page.is_empty()) {
                envelope.insert("page".to_owned(), page.clone());
            }
            let number = pages.sizes.len() + 1;
            let wrong = |why: String| Ok(Err(format!("{}: page {number} {why}", listing.label)));
            let answer = self.ask_with(listing.capability, &envelope)?;
            let payload = match answer.payload() {
                Ok(payload) => payload,
                Err(why) => return wrong(why),
            };
            let Some(items) = items_of(payload.clone()) else {
                return wrong("has no list of items, or several".to_owned());
            };
            if let Some(size) = size.filter(|size| items.len() > *size) {
                return wrong(format!("has {} items, and was to have {size} at the most", items.len()));
            }
            pages.sizes.push(items.len());
            pages.items.extend(items);
            let Some(token) = answer.next_token() else { return Ok(Ok(pages)) };
            page["token"] = token.into();
            if !tokens.insert(token.to_owned()) {
                return wrong(
                    "leads to a page that has been listed: its token comes a second time".to_owned(),
                );
            }
            if number == MOST_PAGES {
                return wrong("is not the last one: the listing has no end".to_owned());
            }
        }
    }
}
