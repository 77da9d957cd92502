//! The changes in progress in this process, so that its end can wait for them.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The changes of this process.
static CHANGES: Changes = Changes::new();

/// How long the end of the process waits: a tool is killed after 30 seconds, and so is one that undoes its change.
const PATIENCE: Duration = Duration::from_secs(60);

/// A change in progress, until it is dropped.
#[derive(Debug)]
pub(super) struct InProgress<'a>(&'a Changes);

#[derive(Debug)]
struct Changes {
    state: Mutex<State>,
    ended: Condvar,
}

#[derive(Debug)]
struct State {
    in_progress: usize,
    is_closed: bool,
}

/// Begins a change. `None` if the process is about to end.
pub(super) fn begin() -> Option<InProgress<'static>> {
    CHANGES.begin()
}

/// Waits until the changes in progress are finished, at most a minute, and lets no other one begin. A program calls it
/// before it exits: a call that missed its deadline has already returned, but its change is still being made.
pub fn finish() {
    CHANGES.finish(PATIENCE);
}

impl Changes {
    const fn new() -> Self {
        Self { state: Mutex::new(State { in_progress: 0, is_closed: false }), ended: Condvar::new() }
    }

    fn begin(&self) -> Option<InProgress<'_>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.is_closed {
            return None;
        }
        state.in_progress += 1;
        Some(InProgress(self))
    }

    fn finish(&self, patience: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_closed = true;
        drop(self.ended.wait_timeout_while(state, patience, |state| state.in_progress > 0));
    }
}

impl Drop for InProgress<'_> {
    fn drop(&mut self) {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner).in_progress -= 1;
        self.0.ended.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{self, TryRecvError};
    use std::thread;

    #[test]
    fn the_end_waits_for_a_change_and_lets_no_other_begin() {
        let changes = Changes::new();
        let change = changes.begin().unwrap();
        let (sender, ended) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                changes.finish(Duration::from_secs(60));
                sender.send(()).unwrap();
            });
            while changes.begin().is_some() {
                thread::yield_now();
            }
            assert_eq!(ended.try_recv(), Err(TryRecvError::Empty));
            drop(change);
            ended.recv().unwrap();
        });
    }

    #[test]
    fn the_end_does_not_wait_forever() {
        let changes = Changes::new();
        let _change = changes.begin().unwrap();
        changes.finish(Duration::ZERO);
        assert!(changes.begin().is_none());
    }
}
