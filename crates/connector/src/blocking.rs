//! Blocking code in async handlers.

use crate::scrub::Watch;

/// Runs `work` on the blocking thread pool and waits for it without blocking the runtime. Its log lines belong to the
/// current `tracing` span.
///
/// Use it with synchronous libraries. If a whole handler blocks, register it with
/// [`register_blocking`](crate::IntegrationBuilder::register_blocking) instead.
///
/// ```
/// # async fn example() -> connector::Result<()> {
/// let text = connector::sync_to_async(|| std::fs::read_to_string("/etc/hostname")).await?;
/// # drop(text);
/// # Ok(())
/// # }
/// ```
///
/// # Panics
/// If `work` panics, the panic is propagated. It also panics outside of a Tokio runtime, but handlers always run inside
/// one.
pub async fn sync_to_async<T, F>(work: F) -> T
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    // The call may be abandoned long before the work ends, but the work's log lines still belong to it.
    let (watch, span) = (Watch::current(), tracing::Span::current());
    let work = move || {
        let value = span.in_scope(work);
        drop(watch);
        value
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(value) => value,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Blocking work is cancelled only when the runtime shuts down, and nobody is waiting then.
            Err(_) => std::future::pending().await,
        },
    }
}
