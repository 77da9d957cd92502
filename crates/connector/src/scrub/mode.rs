//! How the log lines of the current thread are handled.

use std::cell::Cell;

/// How log values are handled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Secrets are removed.
    Scrubbed,
    /// The values are dropped.
    Dropped,
    /// The values are written unchanged.
    Unscrubbed,
}

thread_local! {
    static MODE: Cell<Mode> = const { Cell::new(Mode::Scrubbed) };
}

/// Runs `read`, which deserializes an author's types again to find secrets. Anything they log on this thread in the
/// meantime is dropped, where logs are [scrubbed](crate::scrub).
///
/// A temporary subscriber wouldn't work: [`scrub`](crate::scrub) may be called from within a subscriber, and `tracing`
/// doesn't allow setting one there.
pub(crate) fn without_logging<T>(read: impl FnOnce() -> T) -> T {
    run(Mode::Dropped, read)
}

/// Runs `log`, whose values are known to contain no secrets. Scrubbing them would require reading the requests of all
/// calls in progress again.
pub(crate) fn unscrubbed<T>(log: impl FnOnce() -> T) -> T {
    run(Mode::Unscrubbed, log)
}

fn run<T>(mode: Mode, work: impl FnOnce() -> T) -> T {
    /// Restores the previous mode, even after a panic.
    struct Restored(Mode);
    impl Drop for Restored {
        fn drop(&mut self) {
            MODE.set(self.0);
        }
    }
    let _restored = Restored(MODE.replace(mode));
    work()
}

pub(super) fn mode() -> Mode {
    MODE.get()
}

/// Whether log output of this thread is dropped.
#[cfg(feature = "cli")]
pub(crate) fn is_logging_dropped() -> bool {
    mode() == Mode::Dropped
}
