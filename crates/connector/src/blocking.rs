//! Blocking code in async handlers.

use crate::scrub::Watch;

/// Runs `work` on the pool for blocking calls and waits for it without blocking the runtime. What it logs belongs to
/// the `tracing` span that it is called in.
///
/// For a library that is synchronous only. A handler that blocks as a whole is registered with
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
/// If `work` panics, with its panic. Must be called inside a Tokio runtime, as every handler is.
pub async fn sync_to_async<T, F>(work: F) -> T
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    // The call may be given up long before the work ends, and what it logs is its call's to the end.
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
            // Blocking work cannot be cancelled but by the runtime's own end, and then nobody waits here.
            Err(_) => std::future::pending().await,
        },
    }
}
