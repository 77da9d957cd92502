//! Work on large bodies, kept off the threads that serve connections.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// Reading a body of more bytes than this takes long enough for others to notice.
pub(super) const LARGE: usize = 64 << 10;

/// Runs work on the blocking pool, as much at once as there are cores: more would only take memory and slow down
/// everything else.
#[derive(Debug)]
pub(super) struct Heavy(Arc<Semaphore>);

impl Heavy {
    pub(super) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self(Arc::new(Semaphore::new(cores)))
    }

    /// Runs `work` when there is a core for it. `None` if it panicked.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let permit = self.permit().await;
        let work = move || {
            let _permit = permit;
            work()
        };
        tokio::task::spawn_blocking(work).await.ok()
    }

    /// Runs a call, of which everything up to its first await is heavy. If this future is dropped, so is the call at
    /// its next await. `None` if it panicked.
    pub(super) async fn call<F>(&self, call: F) -> Option<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let permit = self.permit().await;
        let runtime = Handle::current();
        let (_wanted, unwanted) = oneshot::channel::<()>();
        let run = move || {
            runtime.block_on(async {
                let mut call = pin!(call);
                let first = poll_fn(|context| Poll::Ready(call.as_mut().poll(context))).await;
                drop(permit);
                match first {
                    Poll::Ready(output) => Some(output),
                    Poll::Pending => tokio::select! {
                        output = call => Some(output),
                        _ = unwanted => None,
                    },
                }
            })
        };
        tokio::task::spawn_blocking(run).await.ok().flatten()
    }

    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed.
        Arc::clone(&self.0).acquire_owned().await.ok()
    }
}
