//! Scrubbing: the values of a call's secrets are taken out of logs and error messages.
//!
//! Only values of at least [`SHORTEST`] bytes are looked for: a shorter one would tear holes into innocent text, and is
//! protected by its type, [`Secret`](crate::Secret).

mod quiet;
mod spellings;
mod watch;

use std::borrow::Cow;

pub(crate) use quiet::quietly;
pub(crate) use spellings::named_spellings;
pub(crate) use watch::Watch;
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

/// Takes secrets out of texts.
pub(crate) struct Scrubber {
    /// In every spelling, the longest first.
    secrets: Vec<Zeroizing<String>>,
}

impl Scrubber {
    pub(crate) fn new(secrets: Vec<Zeroizing<String>>) -> Self {
        let spellings = secrets.into_iter().flat_map(named_spellings).map(|(_, spelling)| spelling);
        let mut secrets: Vec<_> = spellings.filter(|secret| secret.len() >= SHORTEST).collect();
        secrets.sort_unstable_by(|one, other| longer_first(one, other));
        secrets.dedup();
        Self { secrets }
    }

    /// `text` without the secrets.
    pub(crate) fn scrub(&self, text: &str) -> String {
        take_out(text, &self.secrets)
    }
}

/// Puts the longest first: one secret may be a part of another, which must then be found first.
///
/// For all texts that are sorted so: each type and order that is sorted is 4 KB of code in every connector.
pub(crate) fn sort(secrets: &mut [&str]) {
    secrets.sort_unstable_by(|one, other| longer_first(one, other));
}

fn longer_first(one: &str, other: &str) -> std::cmp::Ordering {
    other.len().cmp(&one.len()).then_with(|| one.cmp(other))
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
    fn the_beginning_of_a_secret_is_taken_out_where_a_text_was_cut() {
        let scrubber = scrubber(&["correct horse battery"]);
        assert_eq!(scrubber.scrub("sent correct horse b…: refused"), "sent ***…: refused");
        assert_eq!(scrubber.scrub("a correct answer…"), "a correct answer…");
        assert_eq!(scrubber.scrub("sent correct horse battery…"), "sent ***…");
    }
}
