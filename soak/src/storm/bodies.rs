//! Requests that cost a server more than they cost the sender.

use std::io::Write as _;

use anyhow::Result;

use crate::load;

/// A request and its encoding.
#[derive(Clone, Debug)]
pub(super) struct Body {
    pub(super) path: &'static str,
    /// Additional header lines.
    pub(super) head: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// All bodies, created once.
#[derive(Debug)]
pub(super) struct Bodies {
    /// Credentials with 200 000 more fields, 5 MB, and with as many as the limit allows, in calls that fail. To redact
    /// the error message, the server searches for each value.
    pub(super) credentials: [Body; 4],
    /// As many unknown fields as the limit allows.
    pub(super) keys: [Body; 2],
    /// Nested arrays, deeper than a parser may recurse, and a large number of shallower ones.
    pub(super) nested: [Body; 2],
    /// One-letter strings. Parsed, they take 15 times as much memory for the duration of the call.
    pub(super) strings: [Body; 1],
    /// Spaces up to the limit and far beyond it, compressed to a few bytes.
    pub(super) bombs: [Body; 4],
    /// A small call that takes some time.
    pub(super) slow: [Body; 1],
    /// A listing with a response of more than [`LISTING`] bytes.
    pub(super) listing: Body,
}

/// Minimum size of a large response.
pub(super) const LISTING: u64 = 3 << 20;

const GZIP: &str = "Content-Encoding: gzip\r\n";
const BROTLI: &str = "Content-Encoding: br\r\n";
/// Decompressed size of a bomb that must be rejected.
const BOMB_SIZE: usize = 64 << 20;

impl Bodies {
    /// Creates the bodies for a server that accepts bodies of `limit` bytes.
    pub(super) fn new(limit: usize) -> Result<Self> {
        let field = |at: usize| format!(r#","f{at:06}":"v{:010}""#, at * 7919);
        let auth = |fields: String| {
            let password = r#""password":"p""#;
            load::request("{}", r#","settings":{"fail_with_status":500}"#)
                .replace(password, &format!("{password}{fields}"))
        };
        let many = auth((0..200_000).map(field).collect());
        let most = auth(fill(limit, field));
        let keys = load::request(
            &format!("{{{}}}", fill(limit, |at| format!(r#","{at:x}":1"#)).trim_start_matches(',')),
            "",
        );
        let too_deep = load::request(&format!(r#"{{"x":{}}}"#, nested(limit / 2 - 200)), "");
        let deep = nested(100);
        let deep = load::request(&format!(r#"{{"x":[0{}]}}"#, fill(limit, |_| format!(",{deep}"))), "");
        let attributes = format!(r#"{{"custom_attributes":["a"{}]}}"#, fill(limit, |_| r#","a""#.to_owned()));
        let strings = load::request(&attributes, r#","settings":{"delay_ms":1500}"#);
        let slow = |size| load::request("{}", r#","settings":{"delay_ms":500}"#) + &" ".repeat(size);
        let (near, far) = (slow(limit - 200), slow(BOMB_SIZE));
        let listing = r#","settings":{"accounts":10000000},"page":{"size":10000},"include_raw_data":true"#;
        let listing = load::request(r#"{"custom_attributes":["department","manager"]}"#, listing);
        Ok(Self {
            credentials: [plain(many.clone()), gzip(&many)?, plain(most.clone()), gzip(&most)?],
            keys: [plain(keys.clone()), gzip(&keys)?],
            nested: [plain(too_deep), plain(deep)],
            strings: [plain(strings)],
            bombs: [gzip(&near)?, gzip(&far)?, brotli(&near)?, brotli(&far)?],
            slow: [plain(slow(0))],
            listing: plain(listing),
        })
    }
}

/// Repeats pieces up to the body limit, leaving room for the rest of the body.
fn fill(limit: usize, piece: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for at in 0.. {
        let piece = piece(at);
        if text.len() + piece.len() + 300 > limit {
            break;
        }
        text.push_str(&piece);
    }
    text
}

fn nested(depth: usize) -> String {
    "[".repeat(depth) + &"]".repeat(depth)
}

fn plain(text: String) -> Body {
    Body { path: "/list_accounts", head: "", bytes: text.into_bytes() }
}

fn gzip(text: &str) -> Result<Body> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes())?;
    Ok(Body { path: "/list_accounts", head: GZIP, bytes: encoder.finish()? })
}

fn brotli(text: &str) -> Result<Body> {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 64 << 10, 5, 24);
    encoder.write_all(text.as_bytes())?;
    Ok(Body { path: "/list_accounts", head: BROTLI, bytes: encoder.into_inner() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: usize = 100_000;

    #[test]
    fn bodies_to_be_parsed_are_just_within_the_limit() {
        let bodies = Bodies::new(LIMIT).unwrap();
        let [.., credentials, _] = bodies.credentials;
        let ([keys, _], [strings]) = (bodies.keys, bodies.strings);
        for body in [credentials, keys, strings].into_iter().chain(bodies.nested) {
            assert!((LIMIT - 1000..=LIMIT).contains(&body.bytes.len()), "{}", body.bytes.len());
            assert!(body.bytes.ends_with(b"}"));
        }
    }

    #[test]
    fn compressed_bombs_are_small() {
        for bomb in Bodies::new(LIMIT).unwrap().bombs {
            assert!(bomb.bytes.len() < LIMIT, "{} {}", bomb.head, bomb.bytes.len());
        }
    }
}
