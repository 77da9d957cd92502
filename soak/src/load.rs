//! The load: clients of every kind at once, each checking every answer that it gets.

mod cases;
pub(crate) mod listing;
mod raw;

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::client::{Answer, Client, Protocol};
use crate::tally::Tally;

/// The capability of the slow calls, which no other client calls: how many of them are under way can be seen.
pub(crate) const SLOW_CALL: &str = "find_entitlement_associations";

/// How the server is started: limits that bad clients meet within seconds.
pub(crate) const SERVE: [&str; 6] = ["--timeout", "5s", "--body-limit", "65536", "--grace", "10s"];
/// See `--body-limit` above.
const BODY_LIMIT: usize = 65536;

/// The capability of those who go away before they are answered, and of nobody else.
pub(crate) const UNANSWERED: &str = "get_last_activity";

/// The capability of those who send half a body, and of nobody else.
pub(crate) const HALF_BODY: &str = "list_entitlements";

/// So many clients of each kind.
const LISTING: usize = 6;
const LISTING_HTTP2: usize = 2;
const CASES: usize = 4;
const SLOW: usize = 4;
pub(crate) const STALLED: usize = 2;
const GONE: usize = 2;

/// Clients at work.
pub(crate) struct Load {
    worker: Worker,
    tasks: JoinSet<Result<()>>,
}

/// What a client needs to know.
#[derive(Clone)]
pub(crate) struct Worker {
    address: String,
    tally: Arc<Mutex<Tally>>,
    phase: watch::Sender<Phase>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Running,
    /// The server has been told to stop: a connection may end, an answer may still not be wrong.
    Ending,
    Stopping,
    /// A client was answered wrongly.
    Failed,
}

impl Load {
    pub(crate) fn start(address: &str) -> Self {
        Self::with(address, Arc::default())
    }

    /// The same load once more, counted together with the first.
    pub(crate) fn again(&self) -> Self {
        Self::with(&self.worker.address, Arc::clone(&self.worker.tally))
    }

    fn with(address: &str, tally: Arc<Mutex<Tally>>) -> Self {
        let phase = watch::Sender::new(Phase::Running);
        let mut load =
            Self { worker: Worker { address: address.to_owned(), tally, phase }, tasks: JoinSet::new() };
        for at in 0..LISTING {
            load.spawn(move |worker| listing::run(worker, Protocol::Http1, at));
        }
        for at in 0..LISTING_HTTP2 {
            load.spawn(move |worker| listing::run(worker, Protocol::Http2, at));
        }
        for at in 0..CASES {
            load.spawn(move |worker| cases::run(worker, at));
        }
        for _ in 0..SLOW {
            load.spawn(raw::slow);
        }
        for _ in 0..STALLED {
            load.spawn(raw::stalled_head);
            load.spawn(raw::stalled_body);
        }
        for _ in 0..GONE {
            load.spawn(raw::gone);
        }
        load
    }

    fn spawn<F: Future<Output = Result<()>> + Send + 'static>(&mut self, kind: impl FnOnce(Worker) -> F) {
        let worker = self.worker.clone();
        let work = kind(worker.clone());
        self.tasks.spawn(async move {
            let result = work.await;
            match result {
                Err(error) if worker.is(Phase::Ending) && is_of_connection(&error) => Ok(()),
                Err(error) => {
                    worker.phase.send_replace(Phase::Failed);
                    Err(error)
                }
                Ok(()) => Ok(()),
            }
        });
    }

    /// Calls of [`SLOW_CALL`] that take a while, on connections of their own.
    pub(crate) fn slow_calls(&self, calls: usize) -> Vec<JoinHandle<Result<()>>> {
        let call = |worker: Worker| async move {
            let body = request("{}", r#","settings":{"delay_ms":3000}"#);
            let path = format!("/{SLOW_CALL}");
            let answer = Client::new(&worker.address, Protocol::Http1).post(&path, body).await?;
            worker.expect(SLOW_CALL, answer, 200).map(drop)
        };
        (0..calls).map(|_| tokio::spawn(call(self.worker.clone()))).collect()
    }

    /// From now on a connection may end without an answer.
    pub(crate) fn lets_connections_end(&mut self) {
        self.worker.phase.send_replace(Phase::Ending);
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.worker.is(Phase::Failed)
    }

    /// Lets every client finish what it is at.
    ///
    /// # Errors
    /// If one of them was answered wrongly, or not at all.
    pub(crate) async fn stop(&mut self) -> Result<()> {
        let stops = |phase: &mut Phase| {
            let stops = *phase == Phase::Running;
            if stops {
                *phase = Phase::Stopping;
            }
            stops
        };
        self.worker.phase.send_if_modified(stops);
        while let Some(ended) = self.tasks.join_next().await {
            ended.context("a client panicked")??;
        }
        Ok(())
    }

    /// The answers received up to now.
    pub(crate) fn tally(&self) -> Tally {
        self.worker.tally.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Worker {
    fn is(&self, phase: Phase) -> bool {
        *self.phase.borrow() == phase
    }

    fn goes_on(&self) -> bool {
        matches!(*self.phase.borrow(), Phase::Running | Phase::Ending)
    }

    /// Ready when the client is to stop.
    async fn stopped(&self) {
        let mut phase = self.phase.subscribe();
        // The sender lives as long as this worker does.
        let _ = phase.wait_for(|phase| matches!(phase, Phase::Stopping | Phase::Failed)).await;
    }

    /// Counts an answer, and takes its body if the status is the right one.
    fn expect(&self, capability: &str, answer: Answer, status: u16) -> Result<Value> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).add(capability, answer.status, 1);
        ensure!(
            answer.status == status,
            "{capability}: {} and not {status}: {}",
            answer.status,
            begin(&answer.body)
        );
        Ok(answer.body)
    }
}

/// A request with valid credentials. `more` goes behind them: `,"page":{"size":1}`.
pub(crate) fn request(payload: &str, more: &str) -> String {
    format!(r#"{{"auth":{{"model":"basic","username":"u","password":"p"}},"request":{payload}{more}}}"#)
}

/// Clients take their time: a soak is long, not loud.
pub(crate) async fn pause(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

/// The beginning of an answer, for messages.
pub(crate) fn begin(body: &Value) -> String {
    body.to_string().chars().take(300).collect()
}

/// Whether a connection failed, and not an answer was wrong.
fn is_of_connection(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.is::<hyper::Error>() || cause.is::<std::io::Error>())
}
