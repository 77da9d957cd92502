//! The ways in which a secret may be written in a log or a message.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

/// A longer secret is looked for as it is, and as JSON and `Debug` write it, in bytes: it is a key, which nobody
/// writes into an address, and each spelling of it would cost as much again.
const SPELLED_OUT: usize = 4096;

/// A secret as it is and line by line, and as JSON, `Debug`, addresses, forms and base64 (a `Basic` header, say) write
/// it; and once more as JSON writes each of those, since a log in JSON writes what an author has formatted. Each with how
/// it is told of. A text may come more than once: its first name says most.
pub(crate) fn named_spellings(secret: Zeroizing<String>) -> Vec<(&'static str, Zeroizing<String>)> {
    let named = |name: &'static str| move |text: String| (name, Zeroizing::new(text));
    let mut all = vec![
        ("as JSON writes it", Zeroizing::new(json(&secret))),
        ("as Debug writes it", Zeroizing::new(unquoted(format!("{:?}", secret.as_str())))),
    ];
    if secret.len() <= SPELLED_OUT {
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

/// What RFC 3986, forms (URL standard) and JavaScript's `encodeURIComponent` encode: each leaves other characters as they
/// are.
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

/// The characters that every base64 text (RFC 4648, both alphabets) of something with `text` in it has in common,
/// whichever of the three ways the groups of three bytes fall.
fn in_base64(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for before in 0..3 {
        let bytes = Zeroizing::new([&[0; 2][..before], text.as_bytes()].concat());
        // Of the first and the last character some bits may belong to a neighbour.
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

    fn assert_is_taken_out(secret: &str, text: &str) {
        let scrubbed = Scrubber::new(vec![Zeroizing::new(secret.to_owned())]).scrub(text);
        assert!(scrubbed.contains("***") && !scrubbed.contains("rd"), "{text} became {scrubbed}");
    }

    #[test]
    fn a_secret_is_taken_out_in_every_spelling() {
        for text in [
            "pa\"ss wörd",
            r#"{"p":"pa\"ss wörd"}"#,
            "?p=pa%22ss%20w%C3%B6rd",
            "?p=pa%22ss%20w%c3%b6rd",
            "p=pa%22ss+w%C3%B6rd",
        ] {
            assert_is_taken_out("pa\"ss wörd", text);
        }
    }

    #[test]
    fn a_secret_is_taken_out_of_base64_whatever_stands_around_it() {
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
    fn a_secret_of_several_lines_is_taken_out_of_a_log_in_json() {
        let secret = "-----BEGIN KEY-----\nQ0FOQVJZ\"x\n-----END KEY-----";
        let logged = serde_json::to_string(&format!("key {secret:?} and Q0FOQVJZ\"x")).unwrap();
        let scrubbed = Scrubber::new(vec![Zeroizing::new(secret.to_owned())]).scrub(&logged);
        assert!(!scrubbed.contains("Q0FO"), "{scrubbed}");
    }

    #[test]
    fn a_huge_secret_is_looked_for_in_few_spellings() {
        let huge = "k%y \n".repeat(10_000);
        let scrubber = Scrubber::new(vec![Zeroizing::new(huge.clone())]);
        assert!(scrubber.secrets.iter().map(|text| text.len()).sum::<usize>() < 6 * huge.len());
        assert_eq!(scrubber.scrub(&huge), "***");
    }
}
