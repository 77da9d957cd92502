//! The expected calls, the calls that arrived, and the failures.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::json;
use tokio::runtime::Handle;

use super::super::failures::{Failures, indented};
use super::exchange::Exchange;
use super::received::Received;
use super::reply::Reply;

/// How much longer a delay takes if the paused clock can't move because a blocking client waits for the reply.
const STOPPED_CLOCK: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(in crate::testing) struct Book {
    in_order: bool,
    pages: Mutex<Pages>,
}

#[derive(Debug, Default)]
struct Pages {
    expected: Vec<Entry>,
    received: Vec<Received>,
    failures: Vec<String>,
    in_flight: usize,
    most_in_flight: usize,
    /// How many of the calls in flight wait for their reply's delay.
    delayed: usize,
    /// How often bytes were sent or received.
    traffic: u64,
    /// The clock that measures delays, if a test has paused its own.
    clock: Option<Handle>,
}

/// A call that hasn't been answered yet.
#[derive(Debug)]
pub(super) struct InFlight(Arc<Book>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.pages().in_flight -= 1;
    }
}

/// A call whose reply is delayed.
struct Delayed<'b>(&'b Book);

impl<'b> Delayed<'b> {
    fn begin(book: &'b Book) -> Self {
        book.pages().delayed += 1;
        Self(book)
    }
}

impl Drop for Delayed<'_> {
    fn drop(&mut self) {
        self.0.pages().delayed -= 1;
    }
}

#[derive(Debug)]
struct Entry {
    exchange: Exchange,
    calls: usize,
}

impl Entry {
    const fn is_missing(&self) -> bool {
        self.calls < self.exchange.least
    }

    const fn may_repeat(&self) -> bool {
        self.calls < self.exchange.most
    }
}

impl Book {
    pub(super) fn new(in_order: bool) -> Self {
        Self { in_order, pages: Mutex::default() }
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn expect(&self, exchange: Exchange) {
        self.pages().expected.push(Entry { exchange, calls: 0 });
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.pages().received.clone()
    }

    /// Counts a call as in flight until the value is dropped.
    pub(super) fn begin(self: &Arc<Self>) -> InFlight {
        let mut pages = self.pages();
        pages.in_flight += 1;
        pages.most_in_flight = pages.most_in_flight.max(pages.in_flight);
        InFlight(Arc::clone(self))
    }

    pub(super) fn most_in_flight(&self) -> usize {
        self.pages().most_in_flight
    }

    /// Waits as long as a reply is delayed.
    pub(super) async fn delay(&self, delay: Duration) {
        let _delayed = Delayed::begin(self);
        let clock = self.pages().clock.clone();
        match clock {
            Some(clock) => {
                // Ends at once if the test has ended.
                let on_clock = clock.spawn(async move { tokio::time::sleep(delay).await });
                let _ = tokio::time::timeout(delay + STOPPED_CLOCK, on_clock).await;
            }
            None => tokio::time::sleep(delay).await,
        }
    }

    /// Measures delays with the clock of this runtime.
    #[cfg(feature = "paused")]
    pub(in crate::testing) fn set_clock(&self, clock: Option<Handle>) {
        self.pages().clock = clock;
    }

    /// Notes that bytes were sent or received.
    pub(super) fn note_traffic(&self) {
        self.pages().traffic += 1;
    }

    /// How often bytes were sent or received, and whether a call is in flight that isn't delayed.
    #[cfg(feature = "paused")]
    pub(in crate::testing) fn traffic(&self) -> (u64, bool) {
        let pages = self.pages();
        (pages.traffic, pages.in_flight > pages.delayed)
    }

    pub(super) fn fail(&self, text: String) {
        self.pages().failures.push(text);
    }

    /// Records a call and returns the reply.
    pub(super) fn receive(&self, received: Received) -> Reply {
        let pages = &mut *self.pages();
        let window = pages.window(self.in_order);
        let found = pages.expected[window.clone()]
            .iter_mut()
            .enumerate()
            .find(|(_, entry)| entry.may_repeat() && entry.exchange.differences(&received).is_empty());
        let reply = match found {
            Some((at, entry)) => {
                entry.calls += 1;
                let reply = entry.exchange.reply().clone();
                if self.in_order {
                    // Earlier calls may not arrive any more.
                    pages.expected[..window.start + at]
                        .iter_mut()
                        .for_each(|earlier| earlier.exchange.most = 0);
                }
                reply
            }
            None => {
                let failure = pages.unexpected(&received);
                let reply = Reply::json(json!({ "mock_upstream": failure })).with_status(501);
                pages.failures.push(failure);
                reply
            }
        };
        pages.received.push(received);
        reply
    }

    /// The failures so far, and the calls that haven't arrived.
    pub(super) fn check(&self) -> Failures {
        let pages = self.pages();
        let mut failures = Failures::none();
        pages.failures.iter().for_each(|failure| failures.push(failure));
        for entry in pages.expected.iter().filter(|entry| entry.is_missing()) {
            let line = entry.exchange.line();
            failures.push(match (entry.exchange.least, entry.calls) {
                (1, _) => format!("call not received: {line}"),
                (least, calls) => {
                    format!("call not received: {line} (expected {least} times, received {calls})")
                }
            });
        }
        failures
    }
}

impl Pages {
    /// The expected calls that may arrive next.
    fn window(&self, in_order: bool) -> std::ops::Range<usize> {
        if !in_order {
            return 0..self.expected.len();
        }
        let last = self.expected.iter().position(Entry::is_missing).map_or(self.expected.len(), |at| at + 1);
        0..last
    }

    /// The failure for an unexpected call.
    fn unexpected(&self, received: &Received) -> String {
        let mut failure = format!("unexpected call: {received}");
        let nearest = self.expected.iter().min_by_key(|entry| {
            let differences = entry.exchange.distance(received);
            (differences, !entry.may_repeat())
        });
        let Some(Entry { exchange, calls }) = nearest else {
            return failure + "\n  no call was expected";
        };
        let differences = exchange.differences(received);
        if differences.is_empty() {
            let why = if *calls < exchange.most {
                "it is expected later, after other calls".to_owned()
            } else if *calls == 0 {
                "it was expected earlier".to_owned()
            } else {
                format!("it was expected {calls} time{} only", if *calls == 1 { "" } else { "s" })
            };
            return failure + "\n  " + &why;
        }
        failure += &format!("\n  nearest expected call: {}", exchange.line());
        for difference in differences {
            failure += "\n";
            failure += &indented(&indented(&difference.to_string()));
        }
        failure
    }
}
