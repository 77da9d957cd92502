//! Keeps the secrets of the calls in progress out of the log.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::task::{Context, Poll};

use zeroize::Zeroizing;

use super::mode::{Mode, mode};
use super::{Scrubber, WITHHELD, redact, sort};

/// Whether scrubbing of logs is on. Otherwise, calls don't record their secrets.
static ACTIVE: AtomicBool = AtomicBool::new(false);
static NEXT: AtomicU64 = AtomicU64::new(0);
/// The calls in progress. A call's tasks and threads are up to its author, and calls may share what they log, so each
/// log line is searched for the secrets of all calls. There are several lists so that calls don't wait for each other.
static WATCHED: [Calls; 16] = [const { Mutex::new(Vec::new()) }; 16];

/// The maximum size, in bytes, of a request whose secrets are also searched for in the lines of other calls. It keeps
/// one caller from making the log lines of others expensive.
const SMALL: usize = 4 << 10;

/// Calls by id.
type Calls = Mutex<Vec<(u64, Weak<Watched>)>>;

thread_local! {
    /// The call whose handler runs on this thread.
    static CURRENT: RefCell<Watch> = const { RefCell::new(Watch(None)) };
}

/// Keeps the secrets of a call out of the log as long as it, or a clone of it, exists.
#[derive(Clone)]
pub(crate) struct Watch(Option<Arc<Watched>>);

/// A call in progress. Its secrets are determined only if a line is logged while it runs.
struct Watched<S: ?Sized = dyn Fn() -> Vec<Zeroizing<String>> + Send + Sync> {
    id: u64,
    is_small: bool,
    found: OnceLock<Scrubber>,
    secrets: S,
}

impl Watched {
    fn scrubber(&self) -> &Scrubber {
        self.found.get_or_init(|| Scrubber::new((self.secrets)()))
    }
}

impl<S: ?Sized> Drop for Watched<S> {
    fn drop(&mut self) {
        let mut list = list_of(self.id);
        if let Some(at) = list.iter().position(|(other, _)| *other == self.id) {
            list.swap_remove(at);
        }
    }
}

fn list_of(id: u64) -> MutexGuard<'static, Vec<(u64, Weak<Watched>)>> {
    let at = usize::try_from(id % WATCHED.len() as u64).unwrap_or_default();
    WATCHED[at].lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watch {
    /// Watches a call whose request is `size` bytes long.
    ///
    /// `secrets` creates the function that finds the secrets. It is called only if logs are scrubbed, and the created
    /// function only if a line is logged.
    pub(crate) fn call<F>(size: usize, secrets: impl FnOnce() -> F) -> Self
    where
        F: Fn() -> Vec<Zeroizing<String>> + Send + Sync + 'static,
    {
        if !ACTIVE.load(Ordering::Relaxed) {
            return Self(None);
        }
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let (is_small, found) = (size <= SMALL, OnceLock::new());
        let call: Arc<Watched> = Arc::new(Watched { id, is_small, found, secrets: secrets() });
        list_of(id).push((id, Arc::downgrade(&call)));
        Self(Some(call))
    }

    /// Watches no call.
    #[cfg(feature = "cli")]
    pub(crate) const fn none() -> Self {
        Self(None)
    }

    /// Returns the watch of the call whose handler runs on this thread, for work that may outlive the call.
    pub(crate) fn current() -> Self {
        CURRENT.with(|current| current.try_borrow().map_or(Self(None), |current| current.clone()))
    }

    /// Runs `work` as part of this call.
    pub(crate) fn scope<T>(&self, work: impl FnOnce() -> T) -> T {
        let _restored = Restored(CURRENT.with(|current| current.replace(self.clone())));
        work()
    }

    /// Runs `handler` as part of this call.
    pub(crate) const fn watch_future<F>(&self, handler: F) -> WatchedFuture<'_, F> {
        WatchedFuture { watch: self, handler }
    }

    /// Passes the call's scrubber to `scrub`. `secrets` finds the secrets if the log hasn't done so already.
    pub(crate) fn scrub<T>(
        &self,
        secrets: impl FnOnce() -> Vec<Zeroizing<String>>,
        scrub: impl FnOnce(&Scrubber) -> T,
    ) -> T {
        match &self.0 {
            Some(call) => scrub(call.scrubber()),
            None => scrub(&Scrubber::new(secrets())),
        }
    }
}

/// A handler whose polls run as part of its call.
pub(crate) struct WatchedFuture<'w, F> {
    watch: &'w Watch,
    handler: F,
}

impl<F: Future + Unpin> Future for WatchedFuture<'_, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        if self.watch.0.is_none() {
            return Pin::new(&mut self.handler).poll(context);
        }
        let Self { watch, handler } = &mut *self;
        watch.scope(|| Pin::new(handler).poll(context))
    }
}

/// Restores the call that the thread ran before, even after a panic.
struct Restored(Watch);

impl Drop for Restored {
    fn drop(&mut self) {
        let before = std::mem::replace(&mut self.0, Watch(None));
        CURRENT.with(|current| current.replace(before));
    }
}

/// Returns `text` without the secrets of the calls in progress.
///
/// Use it in a custom `tracing` subscriber; the command line's own log is already scrubbed. Pass each value of a line
/// separately, before you format the line. Otherwise, a credential that looks like a part of the line, such as
/// `"level":"ERROR"`, would be removed from the line's structure. Call [`scrub_logs`] first, so that calls record their
/// secrets.
///
/// A call is in progress until its response is complete. Work that it passed to [`sync_to_async`](crate::sync_to_async)
/// or a blocking handler counts until it ends, even if the call was abandoned long before. Tasks and threads that a
/// handler starts without waiting for them don't count. A line that a handler logs isn't searched for the secrets of
/// other calls whose requests are larger than 4 KiB.
///
/// The result is empty for text that an author's types log while a request is read again to find its secrets.
#[must_use]
pub fn scrub(text: &str) -> String {
    if mode() == Mode::Dropped {
        return String::new();
    }
    with_log_scrubber(|scrub| scrub(text))
}

/// Calls `work` with a function that removes the secrets of the calls in progress from a text. Use it for all values of
/// a line.
pub(crate) fn with_log_scrubber<T>(work: impl FnOnce(&dyn Fn(&str) -> String) -> T) -> T {
    if mode() != Mode::Scrubbed {
        return work(&str::to_owned);
    }
    // The lock isn't held while requests are read to find their secrets.
    let calls_of = |list: &Calls| -> Vec<Arc<Watched>> {
        let list = list.lock().unwrap_or_else(PoisonError::into_inner);
        list.iter().filter_map(|(_, call)| call.upgrade()).collect()
    };
    let mut watched: Vec<Arc<Watched>> = WATCHED.iter().flat_map(calls_of).collect();
    let own = Watch::current().0.map(|own| own.id);
    watched.retain(|call| call.is_small || own.is_none_or(|own| own == call.id));
    // During a panic no author's code may run, because another panic would abort the process.
    if std::thread::panicking() && watched.iter().any(|call| call.found.get().is_none()) {
        return work(&|_| "(withheld: logged during a panic)".to_owned());
    }
    if watched.iter().any(|call| call.scrubber().withholds && own.is_none_or(|own| own == call.id)) {
        return work(&|_| WITHHELD.to_owned());
    }
    let mut secrets: Vec<&str> =
        watched.iter().flat_map(|call| &call.scrubber().secrets).map(|secret| secret.as_str()).collect();
    if watched.len() > 1 {
        sort(&mut secrets);
    }
    work(&|text| redact(text, &secrets))
}

/// Makes calls record their secrets for [`scrub`]. Calls already in progress aren't scrubbed.
pub fn scrub_logs() {
    ACTIVE.store(true, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Serializes the tests: scrubbing affects the calls of all of them.
    static ALONE: Mutex<()> = Mutex::new(());

    fn alone() -> MutexGuard<'static, ()> {
        ALONE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(secret: &'static str) -> Watch {
        scrub_logs();
        Watch::call(0, || move || vec![Zeroizing::new(secret.to_owned())])
    }

    #[test]
    fn a_secret_that_contains_one_of_another_call_is_removed_completely() {
        let _alone = alone();
        let _one = watch("xoxb-1234");
        let _other = watch("xoxb-1234-the-rest-of-it");
        assert_eq!(scrub("token xoxb-1234-the-rest-of-it"), "token ***");
    }

    #[test]
    fn a_watched_secret_is_scrubbed_until_its_call_ends() {
        let _alone = alone();
        let watch = watch("watched-secret");
        assert_eq!(scrub("a watched-secret b"), "a *** b");
        drop(watch);
        assert_eq!(scrub("a watched-secret b"), "a watched-secret b");
    }

    #[test]
    fn a_large_request_affects_only_the_log_lines_of_its_own_call() {
        let _alone = alone();
        scrub_logs();
        let many = || (0..300).map(|at| Zeroizing::new(format!("secret-{at:04}"))).collect();
        let large = Watch::call(1 << 20, || many);
        let small = watch("small-secret");
        assert_eq!(scrub("a small-secret"), WITHHELD, "a line outside of any call may contain any secret");
        small.scope(|| assert_eq!(scrub("a small-secret"), "a ***"));
        large.scope(|| assert_eq!(scrub("a secret-0001"), WITHHELD));
    }

    #[tokio::test]
    #[expect(clippy::await_holding_lock, reason = "nothing else runs in this test")]
    async fn work_that_outlives_its_call_is_watched_until_it_ends() {
        let _alone = alone();
        let (go_on, wait) = std::sync::mpsc::channel::<()>();
        let (sender, logged) = std::sync::mpsc::channel();
        let watch = watch("outliving-secret");
        let work = crate::sync_to_async(move || {
            let _ = wait.recv();
            let _ = sender.send(scrub("an outliving-secret"));
        });
        let outcome =
            tokio::time::timeout(std::time::Duration::from_millis(20), watch.watch_future(Box::pin(work)));
        assert!(outcome.await.is_err());
        drop(watch);
        go_on.send(()).unwrap();
        assert_eq!(logged.recv().unwrap(), "an ***");
    }
}
