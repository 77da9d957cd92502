//! [`Refusal`]: why nothing was made.

use crate::stop::Stop;

/// Why nothing was made.
pub(super) enum Refusal {
    /// All that is wrong with the input or the folder, and the exit status.
    Problems(Vec<String>, u8),
    Stop(Stop),
}

impl From<Stop> for Refusal {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}
