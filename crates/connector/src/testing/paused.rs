//! [`paused`]: tests of waits that take no time.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError, Weak, mpsc};
use std::task::Waker;
use std::time::Duration;

use tokio::runtime::{Builder, Handle};

use super::upstream::Book;

/// The number of times that nothing may be found on its way before the clock moves. The first time, a response may have
/// left the mock upstream that the test hasn't read yet; the others are for a slow machine.
const QUIET_ROUNDS: u32 = 3;

/// Long enough for the thread of a mock upstream to wait for its sockets, and so to look at all of them.
const LOOK: Duration = Duration::from_millis(1);

/// Runs a test on a paused clock, so that waits take no time.
///
/// While a call to a [`MockUpstream`](super::MockUpstream) is in flight, the clock stands still. When everything in the
/// test waits for a timer, the clock jumps to the next one. Timeouts therefore expire only if they would expire with a
/// real upstream that responds at once, or after the reply's [delay](super::Reply::delayed), which is measured on the
/// same clock.
///
/// Call the integration with [`dispatch`](crate::Integration::dispatch): a [`TestClient`](super::TestClient) and
/// [`Cases`](super::Cases) have a clock of their own, which isn't paused. Measure time with [`tokio::time::Instant`].
///
/// ```
/// use std::time::Duration;
///
/// use connector::testing::paused;
/// use tokio::time::{Instant, sleep};
///
/// let waited = paused(async {
///     let begin = Instant::now();
///     sleep(Duration::from_secs(3600)).await;
///     begin.elapsed()
/// });
/// assert_eq!(waited, Duration::from_secs(3600));
/// ```
///
/// # Panics
/// If it is called in an async function.
#[track_caller]
pub fn paused<F: Future>(test: F) -> F::Output {
    let watch = Arc::new(Watch::default());
    let before_park = {
        let watch = Arc::clone(&watch);
        move || watch.before_park()
    };
    let runtime =
        Builder::new_current_thread().enable_all().start_paused(true).on_thread_park(before_park).build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => panic!("the runtime can't be started: {error}"),
    };
    let _clock = Clock::set(runtime.handle());
    let mut test = pin!(test);
    runtime.block_on(poll_fn(|context| {
        watch.set_waker(context.waker());
        test.as_mut().poll(context)
    }))
}

/// Decides when the clock of a test may move.
#[derive(Default)]
struct Watch(Mutex<Watching>);

#[derive(Default)]
struct Watching {
    /// Wakes the test.
    waker: Option<Waker>,
    /// All that the mock upstreams have sent and received.
    traffic: u64,
    quiet_rounds: u32,
}

impl Watch {
    fn set_waker(&self, waker: &Waker) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).waker = Some(waker.clone());
    }

    /// Called when no task of the test can run. If it returns without waking the test, the runtime moves the clock to
    /// the next timer. Otherwise the runtime only looks at its sockets.
    fn before_park(&self) {
        let (traffic, is_busy) = traffic();
        let mut watching = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_quiet = !is_busy && traffic == watching.traffic;
        watching.traffic = traffic;
        watching.quiet_rounds = if is_quiet { watching.quiet_rounds + 1 } else { 0 };
        if watching.quiet_rounds >= QUIET_ROUNDS {
            watching.quiet_rounds = 0;
        } else if let Some(waker) = &watching.waker {
            waker.wake_by_ref();
        }
    }
}

thread_local! {
    static THREAD: RefCell<Thread> = const { RefCell::new(Thread { clock: None, upstreams: Vec::new() }) };
}

/// What a thread's tests use.
struct Thread {
    clock: Option<Handle>,
    upstreams: Vec<(Handle, Weak<Book>)>,
}

/// Makes the clock of `paused` watch a new mock upstream, which runs on `runtime`.
pub(super) fn watch(runtime: &Handle, book: &Arc<Book>) {
    THREAD.with_borrow_mut(|thread| {
        book.set_clock(thread.clock.clone());
        thread.upstreams.retain(|(_, book)| book.strong_count() > 0);
        thread.upstreams.push((runtime.clone(), Arc::downgrade(book)));
    });
}

/// The mock upstreams of this thread.
fn upstreams() -> Vec<(Handle, Arc<Book>)> {
    THREAD.with_borrow(|thread| {
        let all = thread.upstreams.iter();
        all.filter_map(|(runtime, book)| Some((runtime.clone(), book.upgrade()?))).collect()
    })
}

/// All that the mock upstreams of this thread have sent and received, and whether one of them has a call in flight.
fn traffic() -> (u64, bool) {
    let all = upstreams();
    let (looked, looks) = mpsc::channel();
    for (runtime, _) in &all {
        let looked = looked.clone();
        runtime.spawn(async move {
            tokio::time::sleep(LOOK).await;
            let _ = looked.send(());
        });
    }
    drop(looked);
    looks.into_iter().for_each(drop);
    let traffic = all.iter().map(|(_, book)| book.traffic());
    traffic.fold((0, false), |(sum, any), (traffic, is_busy)| (sum + traffic, any || is_busy))
}

/// The clock of this thread's mock upstreams, until it is dropped.
struct Clock;

impl Clock {
    fn set(runtime: &Handle) -> Self {
        Self::replace(Some(runtime));
        Self
    }

    fn replace(runtime: Option<&Handle>) {
        THREAD.with_borrow_mut(|thread| thread.clock = runtime.cloned());
        upstreams().iter().for_each(|(_, book)| book.set_clock(runtime.cloned()));
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        Self::replace(None);
    }
}
