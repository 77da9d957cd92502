//! Which secrets the log must not show: those of the calls that are under way.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::task::{Context, Poll};

use zeroize::Zeroizing;

use super::mode::{Mode, mode};
use super::{Scrubber, WITHHELD, sort, take_out};

/// Whether anything is logged that has to be scrubbed. While nothing is, no call notes its secrets.
static ACTIVE: AtomicBool = AtomicBool::new(false);
static NEXT: AtomicU64 = AtomicU64::new(0);
/// The secrets of the calls that are under way. A call's tasks and threads are its author's to choose, and calls may share
/// what they log, so the log looks for the secrets of all. They are spread over several lists, so that calls do not wait
/// for each other.
static WATCHED: [Calls; 16] = [const { Mutex::new(Vec::new()) }; 16];

/// How large a request may be, in bytes, for its secrets to be looked for in the lines of other calls too: a caller must
/// not be able to make the lines of others expensive.
const SMALL: usize = 4 << 10;

/// Calls by their numbers.
type Calls = Mutex<Vec<(u64, Weak<Watched>)>>;

thread_local! {
    /// The call whose handler runs on this thread.
    static CURRENT: RefCell<Watch> = const { RefCell::new(Watch(None)) };
}

/// Keeps the secrets of a call out of the log while it, or a clone of it, lives.
#[derive(Clone)]
pub(crate) struct Watch(Option<Arc<Watched>>);

/// A call under way: its secrets are only looked for when a line is logged while it runs.
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
    /// Watches a call whose request has `size` bytes.
    ///
    /// `secrets` makes the function that finds its secrets; it is only called if there is a log, and what it makes
    /// only if a line is logged.
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

    /// No call's.
    #[cfg(feature = "cli")]
    pub(crate) const fn none() -> Self {
        Self(None)
    }

    /// The watch of the call whose handler runs on this thread, for work that may outlive it.
    pub(crate) fn current() -> Self {
        CURRENT.with(|current| current.try_borrow().map_or(Self(None), |current| current.clone()))
    }

    /// Runs `work` as the code of this call.
    pub(crate) fn scope<T>(&self, work: impl FnOnce() -> T) -> T {
        let _restored = Restored(CURRENT.with(|current| current.replace(self.clone())));
        work()
    }

    /// Runs `handler` as the code of this call.
    pub(crate) const fn over<F>(&self, handler: F) -> Over<'_, F> {
        Over { watch: self, handler }
    }

    /// The call's scrubber; `secrets` finds its secrets if that has not been done for the log.
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

/// A handler that is known to be one of its call's whenever it runs.
pub(crate) struct Over<'w, F> {
    watch: &'w Watch,
    handler: F,
}

impl<F: Future + Unpin> Future for Over<'_, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        if self.watch.0.is_none() {
            return Pin::new(&mut self.handler).poll(context);
        }
        let Self { watch, handler } = &mut *self;
        watch.scope(|| Pin::new(handler).poll(context))
    }
}

/// Gives the thread back to the call that it ran before, be it after a panic.
struct Restored(Watch);

impl Drop for Restored {
    fn drop(&mut self) {
        let before = std::mem::replace(&mut self.0, Watch(None));
        CURRENT.with(|current| current.replace(before));
    }
}

/// `text` without the secrets of the calls that are under way.
///
/// For a `tracing` subscriber of your own; the command line's log is scrubbed already. Pass it each value that goes
/// into a line, before the line is put together: a credential that looks like a part of the line, `"level":"ERROR"`
/// for example, would otherwise tear a hole into it. Call [`scrub_logs`] first, which makes calls note their secrets.
///
/// A call is under way until it is answered. So is the work that it gave to [`sync_to_async`](crate::sync_to_async) or
/// to a blocking handler until that work ends, even if the call was given up long before. Tasks and threads that a
/// handler starts itself and does not wait for are not watched. A line that a handler logs is not searched for the secrets
/// of other calls whose requests are larger than 4 KiB.
///
/// Nothing is left of a text that an author's types log while they are read again, to look for the secrets in a request.
#[must_use]
pub fn scrub(text: &str) -> String {
    if mode() == Mode::Dropped {
        return String::new();
    }
    with_log_scrubber(|scrub| scrub(text))
}

/// Calls `work` with a function that takes the secrets of the calls under way out of a text, for all values of a line.
pub(crate) fn with_log_scrubber<T>(work: impl FnOnce(&dyn Fn(&str) -> String) -> T) -> T {
    if mode() != Mode::Scrubbed {
        return work(&str::to_owned);
    }
    // The lock is not held while an author's types are read for the secrets in them.
    let calls_of = |list: &Calls| -> Vec<Arc<Watched>> {
        let list = list.lock().unwrap_or_else(PoisonError::into_inner);
        list.iter().filter_map(|(_, call)| call.upgrade()).collect()
    };
    let mut watched: Vec<Arc<Watched>> = WATCHED.iter().flat_map(calls_of).collect();
    let own = Watch::current().0.map(|own| own.id);
    watched.retain(|call| call.is_small || own.is_none_or(|own| own == call.id));
    // In a panic no author's code may run, since another panic would end the process.
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
    work(&|text| take_out(text, &secrets))
}

/// Turns on the noting of each call's secrets for [`scrub`]. Calls that are under way already are not scrubbed.
pub fn scrub_logs() {
    ACTIVE.store(true, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Held by each test: while one scrubs, it holds the calls of all.
    static ALONE: Mutex<()> = Mutex::new(());

    fn alone() -> MutexGuard<'static, ()> {
        ALONE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(secret: &'static str) -> Watch {
        scrub_logs();
        Watch::call(0, || move || vec![Zeroizing::new(secret.to_owned())])
    }

    #[test]
    fn secrets_of_one_call_do_not_save_those_of_another() {
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
    fn a_large_request_costs_only_the_lines_of_its_own_call() {
        let _alone = alone();
        scrub_logs();
        let many = || (0..300).map(|at| Zeroizing::new(format!("secret-{at:04}"))).collect();
        let large = Watch::call(1 << 20, || many);
        let small = watch("small-secret");
        assert_eq!(
            scrub("a small-secret"),
            WITHHELD,
            "a line that belongs to no call may have any secret in it"
        );
        small.scope(|| assert_eq!(scrub("a small-secret"), "a ***"));
        large.scope(|| assert_eq!(scrub("a secret-0001"), WITHHELD));
    }

    #[tokio::test]
    #[expect(clippy::await_holding_lock, reason = "nothing else runs in this test")]
    async fn work_that_outlives_its_call_is_watched_until_it_ends() {
        let _alone = alone();
        let (go_on, wait) = std::sync::mpsc::channel::<()>();
        let (told, logged) = std::sync::mpsc::channel();
        let watch = watch("outliving-secret");
        let work = crate::sync_to_async(move || {
            let _ = wait.recv();
            let _ = told.send(scrub("an outliving-secret"));
        });
        let given_up = tokio::time::timeout(std::time::Duration::from_millis(20), watch.over(Box::pin(work)));
        assert!(given_up.await.is_err());
        drop(watch);
        go_on.send(()).unwrap();
        assert_eq!(logged.recv().unwrap(), "an ***");
    }
}
