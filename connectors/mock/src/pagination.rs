//! Pages of a listing: the items that a request asks for, and the token of the next page.

use std::ops::Range;

use connector::Result;
use connector::pagination::invalid_token;
use serde::{Deserialize, Serialize};

use crate::Request;

/// The content of a page token: a position in a listing.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Position {
    /// The listing.
    endpoint: String,
    /// The number of items before the position.
    offset: u64,
}

/// The range of items on a page.
#[derive(Debug)]
pub(crate) struct Window {
    endpoint: String,
    items: Range<u64>,
    total: u64,
}

impl Window {
    /// The items of the page that `request` asks for, out of the `total` items of `endpoint`. Empty after the end.
    ///
    /// # Errors
    /// [`invalid_token`] if the page token belongs to another listing.
    pub(crate) fn new<P>(request: &Request<P>, endpoint: impl Into<String>, total: u64) -> Result<Self> {
        let endpoint = endpoint.into();
        let start = match request.page_token::<Position>()? {
            None => 0,
            Some(position) if position.endpoint == endpoint => position.offset.min(total),
            Some(_) => return Err(invalid_token("page.token: a token of another listing"))?,
        };
        let size = u64::try_from(request.page_size()).unwrap_or(u64::MAX);
        Ok(Self { endpoint, items: start..start.saturating_add(size).min(total), total })
    }

    /// The positions of the items.
    pub(crate) fn items(&self) -> Range<u64> {
        self.items.clone()
    }

    /// The items of the page, from the complete listing.
    pub(crate) fn slice<'a, T>(&self, listing: &'a [T]) -> &'a [T] {
        let at = |position| usize::try_from(position).unwrap_or(usize::MAX).min(listing.len());
        &listing[at(self.items.start)..at(self.items.end)]
    }

    /// The position of the next page; `None` on the last page.
    pub(crate) fn next(self) -> Option<Position> {
        (self.items.end < self.total).then_some(Position { endpoint: self.endpoint, offset: self.items.end })
    }
}
