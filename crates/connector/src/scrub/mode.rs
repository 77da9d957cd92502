//! What happens to the lines that this thread logs.

use std::cell::Cell;

/// What happens to what is logged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Its values are scrubbed.
    Scrubbed,
    /// It is dropped.
    Dropped,
    /// It is written as it is.
    AsItIs,
}

thread_local! {
    static MODE: Cell<Mode> = const { Cell::new(Mode::Scrubbed) };
}

/// Runs `read`, which reads an author's types once more; what they log meanwhile on this thread is dropped where lines
/// are [scrubbed](crate::scrub).
///
/// A subscriber for the time being would do as well, but not during a call of [`scrub`](crate::scrub), which may come
/// from within a subscriber: `tracing` lets none be set there.
pub(crate) fn quietly<T>(read: impl FnOnce() -> T) -> T {
    run(Mode::Dropped, read)
}

/// Runs `log`, whose values are known to hold no secrets. To look for the secrets of every call under way costs each of
/// them another reading of its request.
pub(crate) fn as_it_is<T>(log: impl FnOnce() -> T) -> T {
    run(Mode::AsItIs, log)
}

fn run<T>(mode: Mode, work: impl FnOnce() -> T) -> T {
    /// As it was before, even after a panic.
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

/// Whether what is logged on this thread is dropped.
#[cfg(feature = "cli")]
pub(crate) fn is_quiet() -> bool {
    mode() == Mode::Dropped
}
