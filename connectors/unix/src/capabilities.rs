//! The handlers, one module per family.

#![expect(clippy::needless_pass_by_value, reason = "a handler owns its request")]

pub(crate) mod accounts;
pub(crate) mod activity;
pub(crate) mod associations;
pub(crate) mod credentials;
pub(crate) mod entitlements;
pub(crate) mod resources;

use serde::Serialize;

use crate::write::Change;

/// The raw data of a change: whether anything was changed.
#[derive(Serialize)]
struct Changed {
    changed: bool,
}

impl From<Change> for Changed {
    fn from(change: Change) -> Self {
        Self { changed: change == Change::Changed }
    }
}
