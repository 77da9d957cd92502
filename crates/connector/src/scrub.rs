//! Scrubbing: the values of a call's secrets are taken out of logs and error messages.
//!
//! Only values of at least [`SHORTEST`] bytes are looked for: a shorter one would tear holes into innocent text, and is
//! protected by its type, [`Secret`](crate::Secret).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

/// The shortest value that is scrubbed, in bytes.
const SHORTEST: usize = 8;

/// What stands in a text where a secret stood.
const REDACTED: &str = "***";

/// Whether anything is logged that has to be scrubbed. While nothing is, no call notes its secrets.
static ACTIVE: AtomicBool = AtomicBool::new(false);
static NEXT: AtomicU64 = AtomicU64::new(0);
/// The secrets of the calls that are under way. A call's tasks and threads are its author's to choose, so the log
/// cannot know which call a line belongs to, and looks for the secrets of all.
static WATCHED: LazyLock<Mutex<BTreeMap<u64, Watched>>> = LazyLock::new(Mutex::default);

/// A call under way: its secrets are only looked for when a line is logged while it runs.
struct Watched {
    secrets: Box<dyn Fn() -> Vec<String> + Send>,
    scrubber: OnceLock<Scrubber>,
}

impl Watched {
    fn take_out<'t>(&self, line: Cow<'t, str>) -> Cow<'t, str> {
        self.scrubber.get_or_init(|| Scrubber::new((self.secrets)())).take_out(line)
    }
}

/// Takes secrets out of texts.
#[derive(Debug, Default)]
pub(crate) struct Scrubber {
    secrets: Vec<String>,
}

impl Scrubber {
    pub(crate) fn new(secrets: Vec<String>) -> Self {
        let mut secrets: Vec<String> = secrets.into_iter().flat_map(spellings).collect();
        secrets.retain(|secret| secret.len() >= SHORTEST);
        // The longest first: one secret may be a part of another.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.dedup();
        Self { secrets }
    }

    /// `text` without the secrets.
    pub(crate) fn scrub(&self, text: &str) -> String {
        self.take_out(Cow::Borrowed(text)).into_owned()
    }

    fn take_out<'t>(&self, text: Cow<'t, str>) -> Cow<'t, str> {
        self.secrets.iter().fold(text, |text, secret| {
            if text.contains(secret.as_str()) { text.replace(secret.as_str(), REDACTED).into() } else { text }
        })
    }

    /// Has the log scrubbed of the secrets of a call, until the guard is dropped.
    ///
    /// `secrets` makes the function that finds them; it is only called if there is a log, and what it makes only if
    /// a line is logged.
    pub(crate) fn watch<F>(secrets: impl FnOnce() -> F) -> Watch
    where
        F: Fn() -> Vec<String> + Send + 'static,
    {
        if !ACTIVE.load(Ordering::Relaxed) {
            return Watch(None);
        }
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let watched = Watched { secrets: Box::new(secrets()), scrubber: OnceLock::new() };
        WATCHED.lock().unwrap_or_else(PoisonError::into_inner).insert(id, watched);
        Watch(Some(id))
    }
}

/// A secret as it is, and as JSON and URLs write it.
fn spellings(secret: String) -> Vec<String> {
    let json = serde_json::to_string(&secret).unwrap_or_default();
    let json = json.get(1..json.len().saturating_sub(1)).unwrap_or_default().to_owned();
    let debug = format!("{secret:?}");
    let debug = debug.get(1..debug.len().saturating_sub(1)).unwrap_or_default().to_owned();
    let url = percent_encoded(&secret);
    let mut all = vec![json, debug, url, secret];
    all.sort();
    all.dedup();
    all
}

/// RFC 3986, section 2.1: everything but unreserved characters.
fn percent_encoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

/// Keeps the secrets of a call out of the log while it lives.
#[derive(Debug)]
pub(crate) struct Watch(Option<u64>);

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(id) = self.0 {
            WATCHED.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        }
    }
}

/// A line of the log without the secrets of the calls that are under way.
///
/// For one's own `tracing` subscriber; the command line's is made this way already. The first use turns the scrubbing
/// on: see [`scrub_logs`].
#[must_use]
pub fn scrub(line: &str) -> String {
    let watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
    watched.values().fold(Cow::Borrowed(line), |line, call| call.take_out(line)).into_owned()
}

/// Turns on the noting of each call's secrets for [`scrub`]. Calls that are under way already are not scrubbed.
pub fn scrub_logs() {
    ACTIVE.store(true, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_taken_out_in_every_spelling() {
        let scrubber = Scrubber::new(vec!["pa\"ss wörd".to_owned()]);
        for text in ["pa\"ss wörd", r#"{"p":"pa\"ss wörd"}"#, "?p=pa%22ss%20w%C3%B6rd"] {
            let scrubbed = scrubber.scrub(text);
            assert!(scrubbed.contains("***") && !scrubbed.contains("rd"), "{scrubbed}");
        }
    }

    #[test]
    fn short_values_are_left_alone() {
        assert_eq!(Scrubber::new(vec!["root".to_owned()]).scrub("root of the tree"), "root of the tree");
    }

    #[test]
    fn a_secret_within_another_does_not_save_the_rest() {
        let scrubber = Scrubber::new(vec!["secret-1".to_owned(), "secret-123".to_owned()]);
        assert_eq!(scrubber.scrub("secret-123"), "***");
    }

    #[test]
    fn a_watched_secret_is_scrubbed_until_its_call_ends() {
        scrub_logs();
        let watch = Scrubber::watch(|| || vec!["watched-secret".to_owned()]);
        assert_eq!(scrub("a watched-secret b"), "a *** b");
        drop(watch);
        assert_eq!(scrub("a watched-secret b"), "a watched-secret b");
    }
}
