//! The ways in which a secret may be encoded in a log or message.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

/// The maximum length, in bytes, of a secret that is searched for in all encodings. Longer secrets are keys, which
/// nobody puts into a URL; they are searched for unchanged and as JSON and `Debug` escape them.
const MAX_ENCODED: usize = 4096;

/// Returns the encodings of a secret, each with its name: unchanged, line by line, escaped as in JSON and `Debug`,
/// percent-encoded, and in base64 (as in a `Basic` header). Each is also returned escaped as JSON, because a JSON log
/// escapes what an author has formatted.
///
/// A text may occur more than once. Its first name is the most specific.
pub(crate) fn named_spellings(secret: Zeroizing<String>) -> Vec<(&'static str, Zeroizing<String>)> {
    let named = |name: &'static str| move |text: String| (name, Zeroizing::new(text));
    let mut all = vec![
        ("as JSON writes it", Zeroizing::new(json(&secret))),
        ("as Debug writes it", Zeroizing::new(unquoted(format!("{:?}", secret.as_str())))),
    ];
    if secret.len() <= MAX_ENCODED {
        all.push(("on one line", Zeroizing::new(secret.split_whitespace().collect::<Vec<_>>().join(" "))));
        all.extend(secret.lines().map(|line| line.trim().to_owned()).map(named("one line of it")));
        all.extend(percent_encoded(&secret).into_iter().map(named("percent-encoded")));
        all.extend(in_base64(&secret).into_iter().map(named("in base64")));
    }
    all.insert(0, ("as it is", secret));
    let twice: Vec<_> = all
        .iter()
        .map(|(name, spelling)| {
            let name = if *name == "as JSON writes it" { "as JSON in JSON writes it" } else { name };
            (name, Zeroizing::new(json(spelling)))
        })
        .collect();
    all.extend(twice);
    all
}

fn json(text: &str) -> String {
    unquoted(serde_json::to_string(text).unwrap_or_default())
}

fn unquoted(text: String) -> String {
    let text = Zeroizing::new(text);
    text.get(1..text.len().saturating_sub(1)).unwrap_or_default().to_owned()
}

/// The characters that RFC 3986, HTML forms (URL standard) and JavaScript's `encodeURIComponent` encode. They differ
/// slightly.
const ENCODED: [AsciiSet; 3] = {
    let all = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');
    let unreserved = all.remove(b'~');
    let component = unreserved.remove(b'!').remove(b'\'').remove(b'(').remove(b')').remove(b'*');
    [unreserved, all.remove(b'*'), component]
};

fn percent_encoded(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for encoded in &ENCODED {
        let parts = utf8_percent_encode(text, encoded);
        let lower: String = parts
            .clone()
            .map(|part| match part.starts_with('%') {
                true => Cow::Owned(part.to_ascii_lowercase()),
                false => Cow::Borrowed(part),
            })
            .collect();
        let upper = parts.to_string();
        let spaced = |text: &String| text.replace("%20", "+");
        all.extend([spaced(&upper), spaced(&lower), upper, lower]);
    }
    all
}

/// Returns the base64 characters that don't depend on the text before and after `text`, for both alphabets (RFC 4648)
/// and each of the three alignments.
fn in_base64(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for before in 0..3 {
        let bytes = Zeroizing::new([&[0; 2][..before], text.as_bytes()].concat());
        // Some bits of the first and last character may belong to neighboring bytes.
        let (begin, end) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
        for alphabet in [STANDARD, URL_SAFE] {
            let encoded = Zeroizing::new(alphabet.encode(&*bytes));
            all.push(encoded.get(begin..end).unwrap_or_default().to_owned());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::Scrubber;
    use super::*;

    fn assert_is_removed(secret: &str, text: &str) {
        let scrubbed = Scrubber::new(vec![Zeroizing::new(secret.to_owned())]).scrub(text);
        assert!(scrubbed.contains("***") && !scrubbed.contains("rd"), "{text} became {scrubbed}");
    }

    #[test]
    fn a_secret_is_removed_in_every_encoding() {
        for text in [
            "pa\"ss wörd",
            r#"{"p":"pa\"ss wörd"}"#,
            "?p=pa%22ss%20w%C3%B6rd",
            "?p=pa%22ss%20w%c3%b6rd",
            "p=pa%22ss+w%C3%B6rd",
        ] {
            assert_is_removed("pa\"ss wörd", text);
        }
    }

    #[test]
    fn a_secret_is_removed_from_base64_regardless_of_the_surrounding_text() {
        let secret = "correct~horse?battery";
        for user in ["", "a", "ab", "abc"] {
            for header in
                [STANDARD.encode(format!("{user}:{secret}")), URL_SAFE.encode(format!("{user}:{secret}:x"))]
            {
                let scrubbed = Scrubber::new(vec![Zeroizing::new(secret.to_owned())]).scrub(&header);
                assert!(scrubbed.contains("***") && scrubbed.len() < 16, "{header} became {scrubbed}");
            }
        }
    }

    #[test]
    fn a_multi_line_secret_is_removed_from_a_json_log() {
        let secret = "-----BEGIN KEY-----\nQ0FOQVJZ\"x\n-----END KEY-----";
        let logged = serde_json::to_string(&format!("key {secret:?} and Q0FOQVJZ\"x")).unwrap();
        let scrubbed = Scrubber::new(vec![Zeroizing::new(secret.to_owned())]).scrub(&logged);
        assert!(!scrubbed.contains("Q0FO"), "{scrubbed}");
    }

    #[test]
    fn a_huge_secret_is_searched_for_in_few_encodings() {
        let huge = "k%y \n".repeat(10_000);
        let scrubber = Scrubber::new(vec![Zeroizing::new(huge.clone())]);
        assert!(scrubber.secrets.iter().map(|text| text.len()).sum::<usize>() < 6 * huge.len());
        assert_eq!(scrubber.scrub(&huge), "***");
    }
}
