//! What keeps a call from taking the process with it: panics are caught, deadlines are kept.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tracing::Span;

use super::trace::Caller;

/// Why a call was given up.
#[derive(Debug)]
pub(super) enum GivenUp {
    /// It panicked, with this text.
    Panic(String),
    /// It did not end in time.
    Deadline(Duration),
}

/// How a handler ended, as a log says it of one.
impl fmt::Display for GivenUp {
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
    /// The integration's deadline, which messages name.
    pub(super) deadline: Duration,
    /// What is left of it: a call may have had to wait before.
    pub(super) remaining: Duration,
}

impl Limit {
    /// `deadline`, or what is left of it if a door stops waiting sooner.
    pub(super) fn new(deadline: Duration, caller: &Caller) -> Self {
        Self { deadline, remaining: caller.remaining().map_or(deadline, |left| left.min(deadline)) }
    }
}

/// Runs `call` until it ends, panics, or reaches its limit. What it logs belongs to `span`.
pub(super) async fn run<F: Future + Unpin>(
    call: F,
    limit: Option<Limit>,
    span: &Span,
) -> Result<F::Output, GivenUp> {
    let caught = Caught { call: Some(call), span };
    match limit {
        None => caught.await,
        // A handler without any time would only begin what it cannot finish.
        Some(Limit { deadline, remaining }) if remaining.is_zero() => Err(GivenUp::Deadline(deadline)),
        Some(Limit { deadline, remaining }) => {
            let ended = tokio::time::timeout(remaining, caught).await;
            ended.unwrap_or(Err(GivenUp::Deadline(deadline)))
        }
    }
}

/// Runs `work` and turns a panic into an error.
pub(super) fn run_sync<T>(work: impl FnOnce() -> T) -> Result<T, GivenUp> {
    // Nothing that a handler shares with the SDK outlives its call, so no broken state can be seen afterwards. The
    // integration's state is the author's: a panic poisons a lock in it, as anywhere.
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| GivenUp::Panic(text_of(panic)))
}

struct Caught<'s, F> {
    call: Option<F>,
    span: &'s Span,
}

/// What is left of a call that is given up may panic when it is dropped.
impl<F> Drop for Caught<'_, F> {
    fn drop(&mut self) {
        if let Some(call) = self.call.take() {
            let _entered = self.span.enter();
            let _ = run_sync(|| drop(call));
        }
    }
}

impl<F: Future + Unpin> Future for Caught<'_, F> {
    type Output = Result<F::Output, GivenUp>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let _entered = self.span.enter();
        let Some(call) = self.call.as_mut() else { return Poll::Pending };
        let ended = match run_sync(|| Pin::new(call).poll(context)) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(output)) => Ok(output),
            Err(given_up) => Err(given_up),
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
                // A payload of an author's own type may panic in its turn when it is dropped.
                std::mem::forget(panic);
                "no text".to_owned()
            }
        },
    }
}
