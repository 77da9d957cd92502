//! [`Each`]: a list that is spelled item by item while it is written.

use std::marker::PhantomData;

use serde::{Serialize, Serializer};

/// The items of a model's list, each turned into `W` when its turn comes: no second list is built.
pub(crate) struct Each<'a, M, W> {
    items: &'a [M],
    spelling: PhantomData<fn() -> W>,
}

impl<'a, M, W> From<&'a [M]> for Each<'a, M, W> {
    fn from(items: &'a [M]) -> Self {
        Self { items, spelling: PhantomData }
    }
}

impl<'a, M, W: Serialize + From<&'a M>> Serialize for Each<'a, M, W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.items.iter().map(W::from))
    }
}
