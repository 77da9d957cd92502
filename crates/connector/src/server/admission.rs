//! Limits the number of concurrent and waiting calls.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Semaphore, SemaphorePermit};

/// A limit on concurrent calls, with a bounded queue.
#[derive(Debug)]
pub(super) struct Admission {
    running: Semaphore,
    waiting: AtomicUsize,
    queue: usize,
}

/// The queue is full.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Admission {
    pub(super) fn new(at_once: usize, queue: usize) -> Self {
        let at_once = at_once.clamp(1, Semaphore::MAX_PERMITS);
        Self { running: Semaphore::new(at_once), waiting: AtomicUsize::new(0), queue }
    }

    /// Waits until the call may run.
    pub(super) async fn enter(&self) -> Result<SemaphorePermit<'_>, Full> {
        if let Ok(permit) = self.running.try_acquire() {
            return Ok(permit);
        }
        // Leaves the queue when dropped, for example if the client disconnects.
        let _place = Place::take(&self.waiting, self.queue).ok_or(Full)?;
        self.running.acquire().await.map_err(|_| Full)
    }
}

struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, most: usize) -> Option<Self> {
        let one_more = |count: usize| (count < most).then_some(count + 1);
        waiting.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more).ok().map(|_| Self(waiting))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn calls_beyond_the_queue_are_rejected() {
        let admission = Admission::new(1, 1);
        let running = admission.enter().await.unwrap();
        let waiting = admission.enter();
        tokio::pin!(waiting);
        assert!(tokio::time::timeout(std::time::Duration::from_millis(20), &mut waiting).await.is_err());
        assert_eq!(admission.enter().await.err(), Some(Full));
        drop(running);
        assert!(waiting.await.is_ok());
    }

    #[tokio::test]
    async fn a_cancelled_call_leaves_the_queue() {
        let admission = Admission::new(1, 1);
        let running = admission.enter().await.unwrap();
        for _ in 0..3 {
            let waited = tokio::time::timeout(std::time::Duration::from_millis(5), admission.enter()).await;
            assert!(waited.is_err(), "it waits and is not rejected");
        }
        drop(running);
    }
}
