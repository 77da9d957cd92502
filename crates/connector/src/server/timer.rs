//! The timer of a connection over HTTP/1.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use hyper::rt::Timer;

type Sleep = Pin<Box<tokio::time::Sleep>>;

/// A timer that goes on when its sleep is dropped, and is taken up by the next.
///
/// The head of each request has a time limit of its own. To set and take back a timer of the runtime for each would
/// take a lock that all connections share, twice a request; one that goes on is looked at when it is over, and then set
/// to where the limit is by now.
#[derive(Clone, Debug, Default)]
pub(super) struct ConnectionTimer {
    kept: Arc<Mutex<Option<Sleep>>>,
}

impl Timer for ConnectionTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn hyper::rt::Sleep>> {
        self.sleep_until(Instant::now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn hyper::rt::Sleep>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).take();
        let timer = match kept {
            Some(timer) if timer.deadline().into_std() <= deadline => timer,
            Some(mut timer) => {
                timer.as_mut().reset(deadline.into());
                timer
            }
            None => Box::pin(tokio::time::sleep_until(deadline.into())),
        };
        Box::pin(Until { timer: Some(timer), deadline, kept: Arc::clone(&self.kept) })
    }
}

struct Until {
    /// Set to the deadline or sooner. It is there until the end.
    timer: Option<Sleep>,
    deadline: Instant,
    kept: Arc<Mutex<Option<Sleep>>>,
}

impl Future for Until {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let deadline = self.deadline;
        let Some(timer) = self.timer.as_mut() else { return Poll::Ready(()) };
        loop {
            ready!(timer.as_mut().poll(context));
            if Instant::now() >= deadline {
                return Poll::Ready(());
            }
            timer.as_mut().reset(deadline.into());
        }
    }
}

impl hyper::rt::Sleep for Until {}

impl Drop for Until {
    fn drop(&mut self) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = self.timer.take();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sleep_ends_at_its_deadline_whatever_came_before() {
        let timer = ConnectionTimer::default();
        let begun = Instant::now();
        // One that is given up, one that is to end later, and one that is to end sooner.
        drop(timer.sleep(Duration::from_millis(1)));
        timer.sleep(Duration::from_millis(30)).await;
        assert!(begun.elapsed() >= Duration::from_millis(30));
        drop(timer.sleep(Duration::from_secs(3600)));
        timer.sleep(Duration::from_millis(1)).await;
        assert!(begun.elapsed() < Duration::from_secs(3600));
        timer.sleep(Duration::from_millis(1)).await;
    }
}
