//! Scrubbing: the values of a call's secrets are taken out of logs and error messages.
//!
//! Only values of at least [`SHORTEST`] bytes are looked for: a shorter one would tear holes into innocent text, and is
//! protected by its type, [`Secret`](crate::Secret).

mod mode;
mod spellings;
mod watch;

use std::borrow::Cow;

#[cfg(feature = "cli")]
pub(crate) use mode::is_quiet;
pub(crate) use mode::{as_it_is, quietly};
pub(crate) use spellings::named_spellings;
pub(crate) use watch::Watch;
#[cfg(feature = "cli")]
pub(crate) use watch::with_log_scrubber;
pub use watch::{scrub, scrub_logs};
use zeroize::Zeroizing;

/// The shortest value that is scrubbed, in bytes.
const SHORTEST: usize = 8;

/// What stands in a text where a secret stood.
const REDACTED: &str = "***";

/// What stands at the end of a text that the SDK has cut short: of a secret only the beginning may be left there.
pub(crate) const CUT: char = '…';

/// The shortest beginning of a secret that is looked for where a text was cut, in bytes.
const SHORTEST_CUT: usize = 4;

/// How many secrets are looked for, and how many bytes of them. Each has some 40 spellings, all of which are compared
/// with every text; a request with more is rare, and what is said of it is withheld.
const MOST: usize = 256;
const MOST_BYTES: usize = 64 << 10;

/// What stands instead of a text that cannot be scrubbed.
const WITHHELD: &str = "(withheld: the request holds too many secrets to look for)";

/// Takes secrets out of texts.
pub(crate) struct Scrubber {
    /// In every spelling, the longest first.
    secrets: Vec<Zeroizing<String>>,
    /// Whether there are too many secrets to look for.
    withholds: bool,
}

impl Scrubber {
    pub(crate) fn new(mut secrets: Vec<Zeroizing<String>>) -> Self {
        // Percent-encoded, three bytes may become as many as are looked for.
        secrets.retain(|secret| secret.len() * 3 >= SHORTEST);
        if secrets.len() > MOST || secrets.iter().map(|secret| secret.len()).sum::<usize>() > MOST_BYTES {
            return Self { secrets: Vec::new(), withholds: true };
        }
        let spellings = secrets.into_iter().flat_map(named_spellings).map(|(_, spelling)| spelling);
        let mut secrets: Vec<_> = spellings.filter(|secret| secret.len() >= SHORTEST).collect();
        sort(&mut secrets);
        secrets.dedup();
        Self { secrets, withholds: false }
    }

    /// `text` without the secrets.
    pub(crate) fn scrub(&self, text: &str) -> String {
        if self.withholds { WITHHELD.to_owned() } else { take_out(text, &self.secrets) }
    }
}

/// Puts the longest first: one secret may be a part of another, which must then be found first.
pub(crate) fn sort(secrets: &mut [impl AsRef<str>]) {
    secrets.sort_unstable_by(|one, other| {
        let (one, other) = (one.as_ref(), other.as_ref());
        other.len().cmp(&one.len()).then_with(|| one.cmp(other))
    });
}

/// `secrets` come the longest first.
fn take_out(text: &str, secrets: &[impl AsRef<str>]) -> String {
    let secrets = || secrets.iter().map(AsRef::as_ref);
    let whole = secrets().fold(Cow::Borrowed(text), |text, secret| {
        if text.contains(secret) { text.replace(secret, REDACTED).into() } else { text }
    });
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

/// How much of the beginning of `secret` stands at the end of `text`, in bytes.
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
    fn short_values_are_left_alone() {
        assert_eq!(scrubber(&["root"]).scrub("root of the tree"), "root of the tree");
    }

    #[test]
    fn a_secret_within_another_does_not_save_the_rest() {
        assert_eq!(scrubber(&["secret-1", "secret-123"]).scrub("secret-123"), "***");
    }

    #[test]
    fn a_text_is_withheld_if_there_are_too_many_secrets_to_look_for() {
        let numbered: Vec<String> = (0..=MOST).map(|number| format!("secret-{number:08}")).collect();
        let all: Vec<&str> = numbered.iter().map(String::as_str).collect();
        assert_eq!(scrubber(&all[1..]).scrub("a secret-00000001, b"), "a ***, b");
        assert_eq!(scrubber(&all).scrub("a secret-00000001, b"), WITHHELD);
        let long = "x".repeat(MOST_BYTES + 1);
        assert_eq!(scrubber(&[&long]).scrub("anything"), WITHHELD);
    }

    #[test]
    fn the_beginning_of_a_secret_is_taken_out_where_a_text_was_cut() {
        let scrubber = scrubber(&["correct horse battery"]);
        assert_eq!(scrubber.scrub("sent correct horse b…: refused"), "sent ***…: refused");
        assert_eq!(scrubber.scrub("a correct answer…"), "a correct answer…");
        assert_eq!(scrubber.scrub("sent correct horse battery…"), "sent ***…");
    }
}
