//! Calls of async and blocking handlers.

use std::future::Future;
use std::sync::Arc;

use crate::cancellation::Cancellation;
use crate::error::Result;
use crate::response::Response;

/// Calls an async or blocking handler.
pub(super) trait Invoke<Q, R>: Send + Sync + 'static {
    fn invoke(
        &self,
        request: Q,
        cancellation: Cancellation,
    ) -> impl Future<Output = Result<Response<R>>> + Send + 'static;
}

/// An async handler.
pub(super) struct Async<F>(pub(super) F);

impl<Q, R, F, Fut> Invoke<Q, R> for Async<F>
where
    F: Fn(Q) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Response<R>>> + Send + 'static,
{
    fn invoke(
        &self,
        request: Q,
        _: Cancellation,
    ) -> impl Future<Output = Result<Response<R>>> + Send + 'static {
        (self.0)(request)
    }
}

/// A blocking handler, which runs on the blocking thread pool.
pub(super) struct Blocking<F>(pub(super) Arc<F>);

impl<Q, R, F> Invoke<Q, R> for Blocking<F>
where
    Q: Send + 'static,
    R: Send + 'static,
    F: Fn(Q) -> Result<Response<R>> + Send + Sync + 'static,
{
    fn invoke(
        &self,
        request: Q,
        cancellation: Cancellation,
    ) -> impl Future<Output = Result<Response<R>>> + Send + 'static {
        let handler = Arc::clone(&self.0);
        crate::blocking::sync_to_async(move || {
            // The caller may have stopped waiting before a thread became available.
            cancellation.check()?;
            handler(request)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_blocking_handler_of_a_cancelled_call_is_not_started() {
        let started = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&started);
        let handler = Blocking(Arc::new(move |()| {
            seen.store(true, Ordering::Relaxed);
            Ok(Response::new(()))
        }));
        let cancellation = Cancellation::new();
        cancellation.cancel();
        assert!(handler.invoke((), cancellation).await.is_err());
        assert!(!started.load(Ordering::Relaxed));
        assert!(handler.invoke((), Cancellation::new()).await.is_ok());
        assert!(started.load(Ordering::Relaxed));
    }
}
