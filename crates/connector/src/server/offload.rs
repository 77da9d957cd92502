//! Runs work on large bodies outside of the threads that serve connections.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// The size, in bytes, above which reading a body would noticeably delay others.
pub(super) const LARGE: usize = 64 << 10;

/// Runs work on the blocking thread pool, with a concurrency of the number of cores. More would only use memory and
/// slow down everything else.
#[derive(Debug)]
pub(super) struct Offload(Arc<Semaphore>);

impl Offload {
    pub(super) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self(Arc::new(Semaphore::new(cores)))
    }

    /// Runs `work` when a core is available, unless nobody is waiting anymore. Returns `None` if it panicked.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let permit = self.permit().await;
        let (done, result) = oneshot::channel();
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            if !done.is_closed() {
                // Fails if nobody is waiting anymore.
                let _ = done.send(work());
            }
        });
        result.await.ok()
    }

    /// Runs a call whose start, up to its first await, is heavy, and whose rest may be. Returns `None` if it panicked.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        mut call: Pin<Box<dyn Future<Output = T> + Send>>,
    ) -> Option<T> {
        let begin = move || {
            // It is polled again right away, which registers a real waker.
            let first = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            (call, first)
        };
        let (mut call, first) = self.run(begin).await?;
        match first {
            Poll::Ready(output) => Some(output),
            Poll::Pending => Some(poll_fn(|context| in_place(|| call.as_mut().poll(context))).await),
        }
    }

    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed.
        Arc::clone(&self.0).acquire_owned().await.ok()
    }
}

/// Runs `work` on this thread while another thread takes over its other tasks.
fn in_place<T>(work: impl FnOnce() -> T) -> T {
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::MultiThread => tokio::task::block_in_place(work),
        // There is no other thread.
        _ => work(),
    }
}
