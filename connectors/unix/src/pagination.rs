//! Pages of a listing whose files may change between them.
//!
//! A listing is in the order of its ids, and a token carries the last one that was given: the next page has what
//! comes behind it. So whatever is removed, added or moved within a file in the meantime, an item that was there all
//! along is given exactly once. (With a position instead, a line removed before it would hide the item behind it, and
//! an account that is missing from a listing is taken for gone.)

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
    /// The id of the last item before, in parts.
    after: Vec<String>,
}

/// A part of a listing.
#[derive(Debug)]
pub(crate) struct Page<T> {
    /// Its items, in the order of their ids.
    pub(crate) items: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub(crate) next: Option<Place>,
}

impl<T> Page<T> {
    /// The page that `request` asks for, of all `items` that `endpoint` has; `id` tells them apart.
    ///
    /// # Errors
    /// `bad_request` if the page token is not one of this listing.
    pub(crate) fn of<P, const N: usize>(
        request: &Request<P>,
        endpoint: &str,
        mut items: Vec<T>,
        id: fn(&T) -> [&str; N],
    ) -> Result<Self> {
        // What was read until a cancelled call noticed it is not worth sorting.
        request.cancellation().check()?;
        if let Some(place) = request.page_token::<Place>()? {
            if place.endpoint != endpoint || place.after.len() != N {
                return Err(bad_request("page.token: a token of another listing"))?;
            }
            let after = || place.after.iter().map(String::as_str);
            items.retain(|item| id(item).into_iter().gt(after()));
        }
        items.sort_unstable_by(|one, other| id(one).cmp(&id(other)));
        let more = items.len() > request.page_size();
        items.truncate(request.page_size());
        let next = items.last().filter(|_| more).map(|last| Place {
            endpoint: endpoint.to_owned(),
            after: id(last).into_iter().map(str::to_owned).collect(),
        });
        Ok(Self { items, next })
    }
}
