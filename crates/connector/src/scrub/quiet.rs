//! Reading an author's types once more, without what they log.

use std::cell::Cell;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs `read`; what it logs on this thread is dropped where lines are [scrubbed](crate::scrub).
///
/// A subscriber of its own for the time would do as well, but not for a call of [`scrub`](crate::scrub), which may come
/// from within a subscriber: `tracing` lets none be set there.
pub(crate) fn quietly<T>(read: impl FnOnce() -> T) -> T {
    /// As it was before, be it after a panic.
    struct Restored(bool);
    impl Drop for Restored {
        fn drop(&mut self) {
            QUIET.set(self.0);
        }
    }
    let _restored = Restored(QUIET.replace(true));
    read()
}

/// Whether what is logged on this thread is dropped.
pub(crate) fn is_quiet() -> bool {
    QUIET.get()
}
