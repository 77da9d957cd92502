//! Work on large bodies, kept off the threads that serve connections.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// Reading a body of more bytes than this takes long enough for others to notice.
pub(super) const LARGE: usize = 64 << 10;

/// Runs work on the blocking pool, as much at once as there are cores: more would only take memory and slow down
/// everything else.
#[derive(Debug)]
pub(super) struct Offload(Arc<Semaphore>);

impl Offload {
    pub(super) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self(Arc::new(Semaphore::new(cores)))
    }

    /// Runs `work` when there is a core for it, unless nobody waits any more. `None` if it panicked.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let permit = self.permit().await;
        let (done, result) = oneshot::channel();
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            if !done.is_closed() {
                // Nobody waits any more if this fails.
                let _ = done.send(work());
            }
        });
        result.await.ok()
    }

    /// Runs a call, of which everything up to its first await is heavy, and the rest may be. `None` if it panicked.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        mut call: Pin<Box<dyn Future<Output = T> + Send>>,
    ) -> Option<T> {
        let begin = move || {
            // It is polled again at once, and is woken from then on.
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

/// Runs `work` on this thread, while another thread takes over what else this one serves.
fn in_place<T>(work: impl FnOnce() -> T) -> T {
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::MultiThread => tokio::task::block_in_place(work),
        // There is no other thread.
        _ => work(),
    }
}
