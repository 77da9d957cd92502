//! [`Cancellation`]: tells a handler that nobody is waiting for its response.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a call was cancelled because it missed its deadline, the client disconnected, or the program was asked to stop.
///
/// An async handler rarely needs it, because its future is dropped. A blocking handler runs until it returns, so if it
/// runs for long, it should check this in its loops. Clones share their state.
///
/// ```
/// use connector::{Cancellation, Cancelled};
///
/// fn sum(numbers: &[u64], cancellation: &Cancellation) -> Result<u64, Cancelled> {
///     let mut sum = 0;
///     for block in numbers.chunks(1024) {
///         cancellation.check()?;
///         sum += block.iter().sum::<u64>();
///     }
///     Ok(sum)
/// }
///
/// let cancellation = Cancellation::new();
/// assert_eq!(sum(&[1, 2], &cancellation), Ok(3));
/// cancellation.cancel();
/// assert_eq!(sum(&[1, 2], &cancellation), Err(Cancelled));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Cancellation {
    cancelled: Arc<AtomicBool>,
}

impl Cancellation {
    /// Creates a new cancellation that isn't cancelled yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancels this one and all its clones. The SDK calls it when a call ends or is abandoned.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether it was cancelled. This is cheap enough for an inner loop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Returns an error if it was cancelled. Use it with `?` in loops.
    ///
    /// # Errors
    /// [`Cancelled`] if it was cancelled.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }

    /// Returns a guard that cancels when it is dropped.
    pub(crate) fn guard(&self) -> CancelOnDrop {
        CancelOnDrop(self.clone())
    }
}

/// Cancels when dropped.
#[derive(Debug)]
pub(crate) struct CancelOnDrop(Cancellation);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// The error of work that stopped because nobody is waiting for its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

impl std::fmt::Display for Cancelled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the call was cancelled")
    }
}

impl std::error::Error for Cancelled {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_one_state() {
        let (cancellation, other) = (Cancellation::new(), Cancellation::new());
        let clone = cancellation.clone();
        cancellation.cancel();
        assert_eq!(clone.check(), Err(Cancelled));
        assert_eq!(other.check(), Ok(()));
    }

    #[test]
    fn a_dropped_guard_cancels() {
        let cancellation = Cancellation::new();
        let guard = cancellation.guard();
        assert!(!cancellation.is_cancelled());
        drop(guard);
        assert!(cancellation.is_cancelled());
    }
}
