//! Limits the total memory of request and response bodies.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Bytes;

/// A number of bytes that all bodies in progress share.
#[derive(Debug)]
pub(super) struct Budget {
    limit: usize,
    used: AtomicUsize,
}

/// The budget has no room for the requested bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Exhausted;

/// A part of a [`Budget`], returned when dropped.
#[derive(Debug)]
pub(super) struct Reservation {
    budget: Arc<Budget>,
    bytes: usize,
}

impl Budget {
    pub(super) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { limit, used: AtomicUsize::new(0) })
    }

    /// The number of bytes reserved now.
    pub(super) fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// Creates an empty reservation.
    pub(super) fn open(self: &Arc<Self>) -> Reservation {
        Reservation { budget: Arc::clone(self), bytes: 0 }
    }
}

impl Reservation {
    /// Reserves `more` bytes in addition.
    pub(super) fn grow(&mut self, more: usize) -> Result<(), Exhausted> {
        let within_limit = |used: usize| used.checked_add(more).filter(|used| *used <= self.budget.limit);
        let grown = self.budget.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, within_limit);
        grown.map_err(|_| Exhausted)?;
        self.bytes += more;
        Ok(())
    }

    /// Reserves `more` bytes even if they exceed the budget. Others can't reserve anything until enough is returned.
    pub(super) fn grow_anyway(&mut self, more: usize) {
        self.budget.used.fetch_add(more, Ordering::Relaxed);
        self.bytes += more;
    }

    /// Ties the reservation to `body`, so that it is returned when the last part has been sent.
    pub(super) fn hold(self, body: Vec<u8>) -> Bytes {
        Bytes::from_owner(Held { body, _reservation: self })
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.used.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

struct Held {
    body: Vec<u8>,
    _reservation: Reservation,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropped_reservations_are_returned() {
        let budget = Budget::new(10);
        let mut first = budget.open();
        first.grow(6).unwrap();
        let mut second = budget.open();
        assert_eq!(second.grow(5), Err(Exhausted));
        assert_eq!(second.grow(usize::MAX), Err(Exhausted));
        let body = first.hold(b"answer".to_vec());
        let piece = body.slice(..1);
        drop(body);
        assert_eq!(second.grow(5), Err(Exhausted), "a piece still has to be sent");
        drop(piece);
        second.grow(10).unwrap();
    }

    #[test]
    fn grow_anyway_exceeds_the_budget() {
        let budget = Budget::new(10);
        let mut answer = budget.open();
        answer.grow_anyway(20);
        assert_eq!(budget.open().grow(1), Err(Exhausted));
        drop(answer);
        assert_eq!(budget.used(), 0);
    }
}
