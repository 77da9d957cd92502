//! Scrubbing: the values of a call's secrets are taken out of logs and error messages.
//!
//! Only values of at least [`SHORTEST`] bytes are looked for: a shorter one would tear holes into innocent text, and is
//! protected by its type, [`Secret`](crate::Secret).

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// The shortest value that is scrubbed, in bytes.
const SHORTEST: usize = 8;

/// What stands in a text where a secret stood.
const REDACTED: &str = "***";

/// Whether anything is logged that has to be scrubbed. While nothing is, no call notes its secrets.
static ACTIVE: AtomicBool = AtomicBool::new(false);
static NEXT: AtomicU64 = AtomicU64::new(0);
/// The secrets of the calls that are under way. A call's tasks and threads are its author's to choose, so the log
/// cannot know which call a line belongs to, and looks for the secrets of all. They are spread over several lists, so
/// that calls do not wait for each other.
static WATCHED: [Calls; 16] = [const { Mutex::new(Vec::new()) }; 16];

/// Calls by their numbers.
type Calls = Mutex<Vec<(u64, Arc<Watched>)>>;

/// A call under way: its secrets are only looked for when a line is logged while it runs.
struct Watched {
    secrets: Box<dyn Fn() -> Vec<String> + Send + Sync>,
    found: OnceLock<Scrubber>,
}

impl Watched {
    fn secrets(&self) -> &[String] {
        &self.found.get_or_init(|| Scrubber::new((self.secrets)())).secrets
    }
}

/// Takes secrets out of texts.
#[derive(Debug)]
pub(crate) struct Scrubber {
    secrets: Vec<String>,
}

impl Scrubber {
    pub(crate) fn new(secrets: Vec<String>) -> Self {
        let mut secrets: Vec<String> = secrets.into_iter().flat_map(spellings).collect();
        secrets.retain(|secret| secret.len() >= SHORTEST);
        longest_first(&mut secrets);
        Self { secrets }
    }

    /// `text` without the secrets.
    pub(crate) fn scrub(&self, text: &str) -> String {
        take_out(text, self.secrets.iter()).into_owned()
    }

    /// Has the log scrubbed of the secrets of a call, until the guard is dropped.
    ///
    /// `secrets` makes the function that finds them; it is only called if there is a log, and what it makes only if
    /// a line is logged.
    pub(crate) fn watch<F>(secrets: impl FnOnce() -> F) -> Watch
    where
        F: Fn() -> Vec<String> + Send + Sync + 'static,
    {
        if !ACTIVE.load(Ordering::Relaxed) {
            return Watch(None);
        }
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let watched = Arc::new(Watched { secrets: Box::new(secrets()), found: OnceLock::new() });
        list_of(id).push((id, watched));
        Watch(Some(id))
    }
}

/// One secret may be a part of another, which must then be found first.
fn longest_first<T: AsRef<str> + Ord>(secrets: &mut Vec<T>) {
    secrets.sort_by(|one, other| other.as_ref().len().cmp(&one.as_ref().len()).then_with(|| one.cmp(other)));
    secrets.dedup();
}

fn take_out<'t, 's>(text: &'t str, secrets: impl Iterator<Item = &'s String>) -> Cow<'t, str> {
    secrets.fold(Cow::Borrowed(text), |text, secret| {
        if text.contains(secret.as_str()) { text.replace(secret.as_str(), REDACTED).into() } else { text }
    })
}

/// A secret as it is and line by line, and as JSON, `Debug` and URLs write it, once or one in the other; a log in JSON
/// writes what an author has formatted once more.
fn spellings(secret: String) -> Vec<String> {
    let unquoted = |text: String| text.get(1..text.len().saturating_sub(1)).unwrap_or_default().to_owned();
    let json = |text: &str| unquoted(serde_json::to_string(text).unwrap_or_default());
    let mut all = vec![
        json(&secret),
        unquoted(format!("{secret:?}")),
        percent_encoded(&secret),
        secret.split_whitespace().collect::<Vec<_>>().join(" "),
    ];
    all.extend(secret.lines().map(|line| line.trim().to_owned()));
    all.push(secret);
    let twice: Vec<String> = all.iter().map(|spelling| json(spelling)).collect();
    all.extend(twice);
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
            let mut list = list_of(id);
            let watched = list.iter().position(|(other, _)| *other == id).map(|at| list.swap_remove(at));
            // An author's code may run when it is dropped.
            drop(list);
            drop(watched);
        }
    }
}

fn list_of(id: u64) -> MutexGuard<'static, Vec<(u64, Arc<Watched>)>> {
    let at = usize::try_from(id % WATCHED.len() as u64).unwrap_or_default();
    WATCHED[at].lock().unwrap_or_else(PoisonError::into_inner)
}

/// A line of the log without the secrets of the calls that are under way.
///
/// For one's own `tracing` subscriber; the command line's is made this way already. The first use turns the scrubbing
/// on: see [`scrub_logs`].
#[must_use]
pub fn scrub(line: &str) -> String {
    // The lock is not held while an author's types are read for the secrets in them.
    let calls_of = |list: &Calls| -> Vec<Arc<Watched>> {
        let list = list.lock().unwrap_or_else(PoisonError::into_inner);
        list.iter().map(|(_, call)| Arc::clone(call)).collect()
    };
    let watched: Vec<Arc<Watched>> = WATCHED.iter().flat_map(calls_of).collect();
    // In a panic no author's code may run, since another panic would end the process.
    if std::thread::panicking() && watched.iter().any(|call| call.found.get().is_none()) {
        return "(a line logged during a panic is withheld)\n".to_owned();
    }
    let mut secrets: Vec<&String> = watched.iter().flat_map(|call| call.secrets()).collect();
    longest_first(&mut secrets);
    take_out(line, secrets.into_iter()).into_owned()
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
    fn a_secret_of_several_lines_is_taken_out_of_a_log_in_json() {
        let secret = "-----BEGIN KEY-----\nQ0FOQVJZ\"x\n-----END KEY-----";
        let scrubber = Scrubber::new(vec![secret.to_owned()]);
        let logged = serde_json::to_string(&format!("key {secret:?} and Q0FOQVJZ\"x")).unwrap();
        let scrubbed = scrubber.scrub(&logged);
        assert!(!scrubbed.contains("Q0FO"), "{scrubbed}");
    }

    #[test]
    fn secrets_of_one_call_do_not_save_those_of_another() {
        scrub_logs();
        let _one = Scrubber::watch(|| || vec!["xoxb-1234".to_owned()]);
        let _other = Scrubber::watch(|| || vec!["xoxb-1234-the-rest-of-it".to_owned()]);
        assert_eq!(scrub("token xoxb-1234-the-rest-of-it"), "token ***");
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
