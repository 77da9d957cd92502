//! Isolates calls: catches panics and enforces deadlines.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tracing::Span;

use super::trace::CallOrigin;

/// Why a call was aborted.
#[derive(Debug)]
pub(super) enum Aborted {
    /// It panicked with this message.
    Panic(String),
    /// It did not finish in time.
    Deadline(Duration),
}

/// Describes how a handler ended, for the log.
impl fmt::Display for Aborted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panic(text) => write!(f, "panicked: {text}"),
            Self::Deadline(limit) => write!(f, "missed its deadline of {limit:?}"),
        }
    }
}

/// How long a call may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    /// The whole time that the call had, as shown in messages.
    pub(super) deadline: Duration,
    /// The remaining time, which is shorter if the call had to wait.
    pub(super) remaining: Duration,
}

impl Limit {
    /// Creates a limit from `deadline`, or from the remaining time if the caller stops waiting sooner.
    pub(super) fn new(deadline: Option<Duration>, origin: &CallOrigin) -> Option<Self> {
        let remaining = [deadline, origin.remaining()].into_iter().flatten().min()?;
        Some(Self { deadline: deadline.unwrap_or(remaining), remaining })
    }

    /// Shortens the remaining time.
    pub(super) fn at_most(self, remaining: Duration) -> Self {
        Self { remaining: self.remaining.min(remaining), ..self }
    }
}

/// The time that a handler gets of its caller's `limit`. The rest is for writing the response and for handling errors:
/// 10 seconds, or a tenth of a limit that is shorter than 100 seconds.
pub(super) fn handler_time(limit: Duration) -> Duration {
    limit - (limit / 10).min(Duration::from_secs(10))
}

/// Runs `call` until it ends, panics, or reaches its limit. Its log lines belong to `span`.
pub(super) async fn run<F: Future + Unpin>(
    call: F,
    limit: Option<Limit>,
    span: &Span,
) -> Result<F::Output, Aborted> {
    let caught = Caught { call: Some(call), span };
    match limit {
        None => caught.await,
        // With no time left, don't start work that can't be finished.
        Some(Limit { deadline, remaining }) if remaining.is_zero() => Err(Aborted::Deadline(deadline)),
        Some(Limit { deadline, remaining }) => {
            let ended = tokio::time::timeout(remaining, caught).await;
            ended.unwrap_or(Err(Aborted::Deadline(deadline)))
        }
    }
}

/// Runs `work` and converts a panic into an error.
pub(super) fn run_sync<T>(work: impl FnOnce() -> T) -> Result<T, Aborted> {
    // Unwind-safe: everything that a handler shares with the SDK ends with its call. As for the integration's state,
    // which is the author's, a panic poisons its locks as usual.
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| Aborted::Panic(text_of(panic)))
}

struct Caught<'s, F> {
    call: Option<F>,
    span: &'s Span,
}

/// An aborted call may panic when it is dropped.
impl<F> Drop for Caught<'_, F> {
    fn drop(&mut self) {
        if let Some(call) = self.call.take() {
            let _entered = self.span.enter();
            let _ = run_sync(|| drop(call));
        }
    }
}

impl<F: Future + Unpin> Future for Caught<'_, F> {
    type Output = Result<F::Output, Aborted>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let _entered = self.span.enter();
        let Some(call) = self.call.as_mut() else { return Poll::Pending };
        let ended = match run_sync(|| Pin::new(call).poll(context)) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(output)) => Ok(output),
            Err(aborted) => Err(aborted),
        };
        let call = self.call.take();
        let _ = run_sync(|| drop(call));
        Poll::Ready(ended)
    }
}

fn text_of(panic: Box<dyn Any + Send>) -> String {
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => match panic.downcast::<&'static str>() {
            Ok(text) => (*text).to_owned(),
            Err(panic) => {
                // Dropping a payload of an author's type may panic again.
                std::mem::forget(panic);
                "no message".to_owned()
            }
        },
    }
}
