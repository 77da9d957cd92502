//! What is expected, what has come, and what of it was wrong.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::json;
use tokio::runtime::Handle;

use super::super::failures::{Failures, indented};
use super::exchange::Exchange;
use super::received::Received;
use super::reply::Reply;

#[derive(Debug)]
pub(in crate::testing) struct Book {
    in_order: bool,
    pages: Mutex<Pages>,
}

#[derive(Debug, Default)]
struct Pages {
    expected: Vec<Entry>,
    received: Vec<Received>,
    wrong: Vec<String>,
    in_flight: usize,
    most_in_flight: usize,
    /// How many of the calls in flight wait for their reply's delay.
    delayed: usize,
    /// How often bytes were sent or received.
    traffic: u64,
    /// The clock that measures delays, if a test has paused its own.
    clock: Option<Handle>,
}

/// A call whose answer has not been written yet.
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
    const fn is_owed(&self) -> bool {
        self.calls < self.exchange.least
    }

    const fn is_open(&self) -> bool {
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

    /// Counts a call as long as the value lives.
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
            // Ends at once if the test has ended.
            Some(clock) => drop(clock.spawn(async move { tokio::time::sleep(delay).await }).await),
            None => tokio::time::sleep(delay).await,
        }
    }

    /// Measures delays with the clock of this runtime.
    pub(in crate::testing) fn set_clock(&self, clock: Option<Handle>) {
        self.pages().clock = clock;
    }

    /// Notes that bytes were sent or received.
    pub(super) fn note_traffic(&self) {
        self.pages().traffic += 1;
    }

    /// How often bytes were sent or received, and whether a call is in flight that isn't delayed.
    pub(in crate::testing) fn traffic(&self) -> (u64, bool) {
        let pages = self.pages();
        (pages.traffic, pages.in_flight > pages.delayed)
    }

    pub(super) fn fail(&self, text: String) {
        self.pages().wrong.push(text);
    }

    /// Notes a call, and says what it is answered.
    pub(super) fn receive(&self, received: Received) -> Reply {
        let pages = &mut *self.pages();
        let window = pages.window(self.in_order);
        let found = pages.expected[window.clone()]
            .iter_mut()
            .enumerate()
            .find(|(_, entry)| entry.is_open() && entry.exchange.differences(&received).is_empty());
        let reply = match found {
            Some((at, entry)) => {
                entry.calls += 1;
                let reply = entry.exchange.reply().clone();
                if self.in_order {
                    // What is before it may not come any more.
                    pages.expected[..window.start + at]
                        .iter_mut()
                        .for_each(|passed| passed.exchange.most = 0);
                }
                reply
            }
            None => {
                let told = pages.unexpected(&received);
                let reply = Reply::json(json!({ "mock_upstream": told })).with_status(501);
                pages.wrong.push(told);
                reply
            }
        };
        pages.received.push(received);
        reply
    }

    /// What has gone wrong so far, and what has not come.
    pub(super) fn check(&self) -> Failures {
        let pages = self.pages();
        let mut failures = Failures::none();
        pages.wrong.iter().for_each(|wrong| failures.push(wrong));
        for entry in pages.expected.iter().filter(|entry| entry.is_owed()) {
            let line = entry.exchange.line();
            failures.push(match (entry.exchange.least, entry.calls) {
                (1, _) => format!("call not received: {line}"),
                (least, calls) => format!("call not received: {line} (expected {least} times, came {calls})"),
            });
        }
        failures
    }
}

impl Pages {
    /// The expected calls that may come now.
    fn window(&self, in_order: bool) -> std::ops::Range<usize> {
        if !in_order {
            return 0..self.expected.len();
        }
        let last = self.expected.iter().position(Entry::is_owed).map_or(self.expected.len(), |at| at + 1);
        0..last
    }

    /// What is said of a call that nothing expects.
    fn unexpected(&self, received: &Received) -> String {
        let mut told = format!("unexpected call: {received}");
        let nearest = self.expected.iter().min_by_key(|entry| {
            let differences = entry.exchange.distance(received);
            (differences, !entry.is_open())
        });
        let Some(Entry { exchange, calls }) = nearest else {
            return told + "\n  no call is expected";
        };
        let differences = exchange.differences(received);
        if differences.is_empty() {
            let why = if *calls < exchange.most {
                "it is expected later: other calls come first".to_owned()
            } else if *calls == 0 {
                "it was expected earlier".to_owned()
            } else {
                format!("it was expected {calls} time{}, and came again", if *calls == 1 { "" } else { "s" })
            };
            return told + "\n  " + &why;
        }
        told += &format!("\n  nearest expected call: {}", exchange.line());
        for difference in differences {
            told += "\n";
            told += &indented(&indented(&difference.to_string()));
        }
        told
    }
}
