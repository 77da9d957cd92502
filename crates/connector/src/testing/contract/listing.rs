//! [`Listing`]: a listing, and how its pages are walked through.

use std::collections::HashSet;
use std::io;

use serde_json::{Value, json};

use super::super::test_client::items_of;
use super::session::{Checked, Session, not_run};

/// A listing with more pages than this is considered endless.
const MAX_PAGES: usize = 10_000;
/// The maximum number of pages if the check chooses the page size.
const ENOUGH_PAGES: usize = 200;

/// The pages of a listing, or why it can't be walked.
pub(super) type Walked = Result<Pages, String>;

/// All pages of a listing.
#[derive(Clone)]
pub(super) struct Pages {
    pub(super) items: Vec<Value>,
    pub(super) sizes: Vec<usize>,
}

/// A listing to walk through.
pub(super) struct Listing {
    pub(super) capability: &'static str,
    pub(super) request: Value,
    /// The name in reports.
    pub(super) label: String,
}

impl Listing {
    /// A listing that needs no arguments, and is called like its capability.
    pub(super) fn of(capability: &'static str) -> Self {
        Self { capability, request: json!({}), label: capability.to_owned() }
    }
}

impl Session<'_> {
    /// The listings that can be walked without the results of another one.
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

    /// [`listings`](Self::listings), if there are any.
    pub(super) fn listings_or_not_run(&self) -> Checked<Vec<Listing>> {
        self.require_credentials()?;
        let all = self.listings();
        if all.is_empty() {
            return not_run("the connector has no listing, or the fixture has no resource_types");
        }
        Ok(all)
    }

    /// Walks through a listing with the connector's own page size. The result is cached.
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
    /// Not run, if the listing can't be walked: another check reports why.
    pub(super) fn items(&self, listing: &Listing) -> Checked<Vec<Value>> {
        match self.walk(listing)? {
            Ok(pages) => Ok(pages.items),
            Err(_) => not_run(format!("{} cannot be walked: see pages-end", listing.label)),
        }
    }

    /// The page size, raised if `total` items would have too many pages.
    pub(super) fn sensible(size: usize, total: usize) -> usize {
        size.max(total.div_ceil(ENOUGH_PAGES))
    }

    /// Walks through a listing with this page size.
    pub(super) fn walk_in(&self, listing: &Listing, size: Option<usize>) -> io::Result<Walked> {
        let mut pages = Pages { items: Vec::new(), sizes: Vec::new() };
        let walked = self.each_page(listing, size, |payload| {
            let Some(items) = items_of(payload.clone()) else {
                return Err("has no list of items, or several lists".to_owned());
            };
            if let Some(size) = size.filter(|size| items.len() > *size) {
                return Err(format!("has {} items, more than the requested {size}", items.len()));
            }
            pages.sizes.push(items.len());
            pages.items.extend(items);
            Ok(())
        })?;
        Ok(walked.map(|()| pages))
    }

    /// Walks through a listing with this page size, and reads the payload of each page. Returns why that isn't possible.
    pub(super) fn each_page(
        &self,
        listing: &Listing,
        size: Option<usize>,
        mut read: impl FnMut(&Value) -> Result<(), String>,
    ) -> io::Result<Result<(), String>> {
        let mut envelope = self.envelope(listing.request.clone());
        let mut tokens = HashSet::new();
        let mut number = 0;
        let mut page = json!({});
        if let Some(size) = size {
            page["size"] = size.into();
        }
        loop {
            if page.as_object().is_some_and(|page| !page.is_empty()) {
                envelope.insert("page".to_owned(), page.clone());
            }
            number += 1;
            let wrong = |why: String| Ok(Err(format!("{}: page {number} {why}", listing.label)));
            let response = self.ask_with(listing.capability, &envelope)?;
            if let Err(why) = response.payload().and_then(&mut read) {
                return wrong(why);
            }
            let Some(token) = response.next_token() else { return Ok(Ok(())) };
            page["token"] = token.into();
            if !tokens.insert(token.to_owned()) {
                return wrong("has a page token that an earlier page had".to_owned());
            }
            if number == MAX_PAGES {
                return wrong("is not the last one: the listing never ends".to_owned());
            }
        }
    }
}
