//! Dates as `shadow` counts them.

use std::time::{SystemTime, UNIX_EPOCH};

const SECONDS_A_DAY: u64 = 86_400;

/// A UTC date as the number of days since 1970-01-01, the unit of `shadow`'s dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

impl Day {
    /// The date at this moment. A clock before 1970 counts as 1970-01-01.
    #[must_use]
    pub fn today() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_secs() / SECONDS_A_DAY).unwrap_or(i64::MAX))
    }
}
