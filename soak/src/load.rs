//! The load: all kinds of clients at once, each of which checks every response.

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

use crate::client::{Client, Protocol, Response};
use crate::tally::Tally;

/// The capability of the slow calls. No other client calls it, so the metrics show how many of them are in progress.
pub(crate) const SLOW_CALL: &str = "find_entitlement_associations";

/// Options of the server, with limits that bad clients reach within seconds.
pub(crate) const SERVE: [&str; 6] = ["--timeout", "5s", "--body-limit", "65536", "--grace", "10s"];
/// The `--body-limit` above.
const BODY_LIMIT: usize = 65536;

/// The capability of the clients that disconnect before the response. No other client calls it.
pub(crate) const UNANSWERED: &str = "get_last_activity";

/// The capability of the clients that send an incomplete body. No other client calls it.
pub(crate) const HALF_BODY: &str = "list_entitlements";

/// Number of clients of each kind.
const LISTING: usize = 6;
const LISTING_HTTP2: usize = 2;
const CASES: usize = 4;
const SLOW: usize = 4;
pub(crate) const STALLED: usize = 2;
const DISCONNECTING: usize = 2;

/// Running clients.
pub(crate) struct Load {
    worker: Worker,
    tasks: JoinSet<Result<()>>,
}

/// The state that clients share.
#[derive(Clone)]
pub(crate) struct Worker {
    address: String,
    tally: Arc<Mutex<Tally>>,
    phase: watch::Sender<Phase>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Running,
    /// The server has been stopped: connections may end, but responses must still be correct.
    Ending,
    Stopping,
    /// A response was wrong.
    Failed,
}

impl Load {
    pub(crate) fn start(address: &str) -> Self {
        Self::with(address, Arc::default())
    }

    /// Starts the same load again, counted together with the first.
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
        for _ in 0..DISCONNECTING {
            load.spawn(raw::disconnecting);
        }
        load
    }

    fn spawn<F: Future<Output = Result<()>> + Send + 'static>(&mut self, kind: impl FnOnce(Worker) -> F) {
        let worker = self.worker.clone();
        let work = kind(worker.clone());
        self.tasks.spawn(async move {
            let result = work.await;
            match result {
                Err(error) if worker.is(Phase::Ending) && is_connection_error(&error) => Ok(()),
                Err(error) => {
                    worker.phase.send_replace(Phase::Failed);
                    Err(error)
                }
                Ok(()) => Ok(()),
            }
        });
    }

    /// Starts calls of [`SLOW_CALL`] that take some time, on separate connections.
    pub(crate) fn slow_calls(&self, calls: usize) -> Vec<JoinHandle<Result<()>>> {
        let call = |worker: Worker| async move {
            let body = request("{}", r#","settings":{"delay_ms":3000}"#);
            let path = format!("/{SLOW_CALL}");
            let response = Client::new(&worker.address, Protocol::Http1).post(&path, body).await?;
            worker.expect(SLOW_CALL, response, 200).map(drop)
        };
        (0..calls).map(|_| tokio::spawn(call(self.worker.clone()))).collect()
    }

    /// From now on, a connection may end without a response.
    pub(crate) fn allow_connections_to_end(&mut self) {
        self.worker.phase.send_replace(Phase::Ending);
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.worker.is(Phase::Failed)
    }

    /// Lets every client finish its current work.
    ///
    /// # Errors
    /// If a response was wrong or missing.
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

    /// The responses received so far.
    pub(crate) fn tally(&self) -> Tally {
        self.worker.tally.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Worker {
    fn is(&self, phase: Phase) -> bool {
        *self.phase.borrow() == phase
    }

    fn continues(&self) -> bool {
        matches!(*self.phase.borrow(), Phase::Running | Phase::Ending)
    }

    /// Completes when the client must stop.
    async fn stopped(&self) {
        let mut phase = self.phase.subscribe();
        // The sender lives as long as this worker.
        let _ = phase.wait_for(|phase| matches!(phase, Phase::Stopping | Phase::Failed)).await;
    }

    /// Counts a response, and returns its body if the status is the expected one.
    fn expect(&self, capability: &str, response: Response, status: u16) -> Result<Value> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).add(capability, response.status, 1);
        ensure!(
            response.status == status,
            "{capability}: {} instead of {status}: {}",
            response.status,
            excerpt(&response.body)
        );
        Ok(response.body)
    }
}

/// A request with valid credentials. `more` is appended: `,"page":{"size":1}`.
pub(crate) fn request(payload: &str, more: &str) -> String {
    format!(r#"{{"auth":{{"model":"basic","username":"u","password":"p"}},"request":{payload}{more}}}"#)
}

/// Clients pause between requests: a soak test is long, not intensive.
pub(crate) async fn pause(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

/// The start of a response, for messages.
pub(crate) fn excerpt(body: &Value) -> String {
    body.to_string().chars().take(300).collect()
}

/// Whether the connection failed, as opposed to a wrong response.
fn is_connection_error(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.is::<hyper::Error>() || cause.is::<std::io::Error>())
}
