//! Time limits that cost nothing where nothing is waited for.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::task::coop::{Unconstrained, unconstrained};
use tokio::time::{Instant, Sleep};

/// The time is over.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Over;

/// A future that is given up after a time. Its timer is set only when there is something to wait for: most calls end
/// without, and setting a timer takes a lock that all threads of a runtime share.
pub(crate) struct Within<F> {
    future: F,
    begun: Option<Instant>,
    limit: Duration,
    /// Whether to ask once more before the timer is set.
    asks_again: bool,
    timer: Option<Pin<Box<Unconstrained<Sleep>>>>,
}

impl<F: Future + Unpin> Within<F> {
    /// `future`, within `limit` from now.
    pub(crate) fn new(limit: Duration, future: F) -> Self {
        Self { future, begun: Some(Instant::now()), limit, asks_again: false, timer: None }
    }

    /// `future`, within `limit` from when it first has to wait. It is one that is ready as soon as its task comes around
    /// again, as a body is that lies in the connection's buffer already: only then is the timer set.
    #[cfg(feature = "server")]
    pub(crate) const fn of_waiting(limit: Duration, future: F) -> Self {
        Self { future, begun: None, limit, asks_again: true, timer: None }
    }
}

impl<F: Future + Unpin> Future for Within<F> {
    type Output = Result<F::Output, Over>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(output) = Pin::new(&mut self.future).poll(context) {
            return Poll::Ready(Ok(output));
        }
        if std::mem::take(&mut self.asks_again) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let limit = self.limit;
        // A limit beyond all times is none.
        let Some(deadline) = self.begun.get_or_insert_with(Instant::now).checked_add(limit) else {
            return Poll::Pending;
        };
        // A future that uses up its task's turns must not keep the timer from being looked at.
        let timer =
            self.timer.get_or_insert_with(|| Box::pin(unconstrained(tokio::time::sleep_until(deadline))));
        timer.as_mut().poll(context).map(|()| Err(Over))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_ready_is_taken_however_late_and_what_waits_too_long_is_given_up() {
        let at_once = Within::new(Duration::ZERO, std::future::ready(1));
        assert_eq!(at_once.await, Ok(1));
        let never = Within::new(Duration::from_millis(5), std::future::pending::<()>());
        assert_eq!(never.await, Err(Over));
    }

    #[cfg(feature = "server")]
    #[tokio::test]
    async fn what_is_asked_for_twice_is_given_up_too() {
        let never = Within::of_waiting(Duration::from_millis(5), std::future::pending::<()>());
        assert_eq!(never.await, Err(Over));
    }

    #[tokio::test]
    async fn a_future_that_never_rests_is_given_up_too() {
        let restless = Box::pin(async {
            loop {
                tokio::task::yield_now().await;
            }
        });
        let ended: Result<(), Over> = Within::new(Duration::from_millis(5), restless).await;
        assert_eq!(ended, Err(Over));
    }

    #[tokio::test]
    async fn a_limit_beyond_all_times_is_none() {
        let later = Box::pin(tokio::time::sleep(Duration::from_millis(5)));
        assert_eq!(Within::new(Duration::MAX, later).await, Ok(()));
    }
}
