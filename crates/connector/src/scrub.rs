//! Scrubbing: removes the values of a call's secrets from logs and error messages.
//!
//! Only values of at least [`SHORTEST`] bytes are searched for. Replacing shorter ones would damage unrelated text;
//! they are protected only by their type, [`Secret`](crate::Secret).

mod mode;
mod spellings;
mod watch;

use std::borrow::Cow;

#[cfg(feature = "cli")]
pub(crate) use mode::is_logging_dropped;
pub(crate) use mode::{unscrubbed, without_logging};
pub(crate) use spellings::named_spellings;
pub(crate) use watch::Watch;
#[cfg(feature = "cli")]
pub(crate) use watch::with_log_scrubber;
pub use watch::{scrub, scrub_logs};
use zeroize::Zeroizing;

/// The shortest value that is scrubbed, in bytes.
const SHORTEST: usize = 8;

/// The replacement for a secret.
const REDACTED: &str = "***";

/// Marks the end of a text that the SDK truncated. The truncation may leave only the beginning of a secret.
pub(crate) const CUT: char = '…';

/// The minimum length, in bytes, of a secret's beginning that is searched for at a truncation.
const SHORTEST_CUT: usize = 4;

/// The maximum number of secrets to search for. Each has about 40 encodings, and each is compared with every text. Text
/// about a request with more secrets is withheld.
const MAX_SECRETS: usize = 256;
const MAX_SECRET_BYTES: usize = 64 << 10;

/// The replacement for a text that can't be scrubbed.
const WITHHELD: &str = "(withheld: the request contains too many secrets to search for)";

/// Removes secrets from text.
pub(crate) struct Scrubber {
    /// The secrets in every encoding, longest first.
    secrets: Vec<Zeroizing<String>>,
    /// Whether there are too many secrets to search for.
    withholds: bool,
}

impl Scrubber {
    pub(crate) fn new(mut secrets: Vec<Zeroizing<String>>) -> Self {
        // Percent-encoding triples the length at most.
        secrets.retain(|secret| secret.len() * 3 >= SHORTEST);
        if secrets.len() > MAX_SECRETS
            || secrets.iter().map(|secret| secret.len()).sum::<usize>() > MAX_SECRET_BYTES
        {
            return Self { secrets: Vec::new(), withholds: true };
        }
        let spellings = secrets.into_iter().flat_map(named_spellings).map(|(_, spelling)| spelling);
        let mut secrets: Vec<_> = spellings.filter(|secret| secret.len() >= SHORTEST).collect();
        sort(&mut secrets);
        secrets.dedup();
        Self { secrets, withholds: false }
    }

    /// Returns `text` without the secrets.
    pub(crate) fn scrub(&self, text: &str) -> String {
        if self.withholds { WITHHELD.to_owned() } else { redact(text, &self.secrets) }
    }

    /// Returns `text` without the secrets, but with their beginnings: for text that its reader can influence. Someone who
    /// guesses a beginning must not learn from the result whether the guess is right.
    #[cfg(any(feature = "client", test))]
    pub(crate) fn scrub_whole(&self, text: &str) -> String {
        if self.withholds { WITHHELD.to_owned() } else { redact_whole(text, &self.secrets).into_owned() }
    }
}

/// Sorts the longest first. That way, a secret that contains another is found before the other one.
pub(crate) fn sort(secrets: &mut [impl AsRef<str>]) {
    secrets.sort_unstable_by(|one, other| {
        let (one, other) = (one.as_ref(), other.as_ref());
        other.len().cmp(&one.len()).then_with(|| one.cmp(other))
    });
}

/// Removes `secrets` from `text`. They must be sorted, longest first.
fn redact(text: &str, secrets: &[impl AsRef<str>]) -> String {
    let whole = redact_whole(text, secrets);
    let secrets = || secrets.iter().map(AsRef::as_ref);
    if !whole.contains(CUT) {
        return whole.into_owned();
    }
    let mut parts: Vec<&str> = whole.split(CUT).collect();
    let last = parts.pop().unwrap_or_default();
    let mut scrubbed = String::with_capacity(whole.len());
    for part in parts {
        match secrets().filter_map(|secret| beginning_at_the_end(part, secret)).max() {
            Some(length) => scrubbed.extend([&part[..part.len() - length], REDACTED]),
            None => scrubbed.push_str(part),
        }
        scrubbed.push(CUT);
    }
    scrubbed + last
}

/// Removes `secrets` from `text`, but not their beginnings.
fn redact_whole<'t>(text: &'t str, secrets: &[impl AsRef<str>]) -> Cow<'t, str> {
    secrets.iter().map(AsRef::as_ref).fold(Cow::Borrowed(text), |text, secret| {
        if text.contains(secret) { text.replace(secret, REDACTED).into() } else { text }
    })
}

/// Returns how many bytes of the beginning of `secret` are at the end of `text`.
fn beginning_at_the_end(text: &str, secret: &str) -> Option<usize> {
    let mut lengths = (SHORTEST_CUT..=secret.len().min(text.len())).rev();
    lengths.find(|length| secret.is_char_boundary(*length) && text.ends_with(&secret[..*length]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrubber(secrets: &[&str]) -> Scrubber {
        Scrubber::new(secrets.iter().map(|secret| Zeroizing::new((*secret).to_owned())).collect())
    }

    #[test]
    fn short_values_are_not_scrubbed() {
        assert_eq!(scrubber(&["root"]).scrub("root of the tree"), "root of the tree");
    }

    #[test]
    fn a_secret_that_contains_another_is_removed_completely() {
        assert_eq!(scrubber(&["secret-1", "secret-123"]).scrub("secret-123"), "***");
    }

    #[test]
    fn text_is_withheld_if_there_are_too_many_secrets() {
        let numbered: Vec<String> = (0..=MAX_SECRETS).map(|number| format!("secret-{number:08}")).collect();
        let all: Vec<&str> = numbered.iter().map(String::as_str).collect();
        assert_eq!(scrubber(&all[1..]).scrub("a secret-00000001, b"), "a ***, b");
        assert_eq!(scrubber(&all).scrub("a secret-00000001, b"), WITHHELD);
        let long = "x".repeat(MAX_SECRET_BYTES + 1);
        assert_eq!(scrubber(&[&long]).scrub("anything"), WITHHELD);
    }

    #[test]
    fn the_beginning_of_a_secret_is_removed_before_a_truncation() {
        let scrubber = scrubber(&["correct horse battery"]);
        assert_eq!(scrubber.scrub("sent correct horse b…: refused"), "sent ***…: refused");
        assert_eq!(scrubber.scrub("a correct answer…"), "a correct answer…");
        assert_eq!(scrubber.scrub("sent correct horse battery…"), "sent ***…");
        assert_eq!(
            scrubber.scrub_whole("correct horse b…, correct horse battery…"),
            "correct horse b…, ***…"
        );
    }
}
