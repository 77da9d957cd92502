//! Pages of a listing whose files may change in between.
//!
//! A listing is sorted by ID. A token holds the last ID of a page, and the next page starts after it. Even if lines are
//! removed, added or moved in the meantime, an item that exists the whole time is listed exactly once. With a position
//! instead, removing a line would hide a later item, and an account that is missing from a listing counts as deleted.

use connector::Result;
use connector::pagination::invalid_token;
use serde::{Deserialize, Serialize};

use crate::Request;

/// A position in a listing, as a page token holds it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    /// The listing.
    endpoint: String,
    /// The parts of the ID of the last item before this position.
    after: Vec<String>,
}

/// A page of a listing.
#[derive(Debug)]
pub(crate) struct Page<T> {
    /// The items, sorted by ID.
    pub(crate) items: Vec<T>,
    /// Where the next page starts; `None` on the last page.
    pub(crate) next: Option<Place>,
}

impl<T> Page<T> {
    /// The page of `items` that `request` is for. `endpoint` names the listing, and `id` identifies an item.
    ///
    /// # Errors
    /// [`invalid_token`] if the page token is from another listing.
    pub(crate) fn of<P, const N: usize>(
        request: &Request<P>,
        endpoint: &str,
        mut items: Vec<T>,
        id: fn(&T) -> [&str; N],
    ) -> Result<Self> {
        // A cancelled call may have read only a part, which isn't worth sorting.
        request.cancellation().check()?;
        if let Some(place) = request.page_token::<Place>()? {
            if place.endpoint != endpoint || place.after.len() != N {
                return Err(invalid_token("page.token is from another listing"))?;
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
