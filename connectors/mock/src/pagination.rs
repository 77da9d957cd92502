//! Pages of a listing: which of its items a request asks for, and where the next one goes on.

use std::ops::Range;

use connector::Result;
use serde::{Deserialize, Serialize};

use crate::Request;
use crate::error::bad_request;

/// A place in a listing: what a page token carries.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    /// The listing.
    endpoint: String,
    /// How many items lie before.
    offset: u64,
}

/// The items of a listing that one page has.
#[derive(Debug)]
pub(crate) struct Window {
    endpoint: String,
    items: Range<u64>,
    total: u64,
}

impl Window {
    /// The items that `request` asks for, of the `total` that `endpoint` has. Behind the end there are none.
    ///
    /// # Errors
    /// `bad_request` if the page token is not one of this listing.
    pub(crate) fn of<P>(request: &Request<P>, endpoint: impl Into<String>, total: u64) -> Result<Self> {
        let endpoint = endpoint.into();
        let start = match request.page_token::<Place>()? {
            None => 0,
            Some(place) if place.endpoint == endpoint => place.offset.min(total),
            Some(_) => return Err(bad_request("page.token: a token of another listing"))?,
        };
        let size = u64::try_from(request.page_size()).unwrap_or(u64::MAX);
        Ok(Self { endpoint, items: start..start.saturating_add(size).min(total), total })
    }

    /// The positions of the items.
    pub(crate) fn items(&self) -> Range<u64> {
        self.items.clone()
    }

    /// The items, of a listing that is at hand as a whole.
    pub(crate) fn cut<'a, T>(&self, listing: &'a [T]) -> &'a [T] {
        let at = |position| usize::try_from(position).unwrap_or(usize::MAX).min(listing.len());
        &listing[at(self.items.start)..at(self.items.end)]
    }

    /// Where the next page begins; `None` on the last.
    pub(crate) fn next(self) -> Option<Place> {
        (self.items.end < self.total).then_some(Place { endpoint: self.endpoint, offset: self.items.end })
    }
}
