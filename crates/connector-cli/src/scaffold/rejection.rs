//! [`Rejection`]: why nothing was generated.

use crate::stop::Stop;

/// Why nothing was generated.
pub(super) enum Rejection {
    /// All problems of the input or the folder, and the exit status.
    Problems(Vec<String>, u8),
    Stop(Stop),
}

impl From<Stop> for Rejection {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}
