//! Requests that cost a server more than they cost their sender.

use std::io::Write as _;

use anyhow::Result;

use crate::load;

/// A request, and how its body is compressed.
#[derive(Clone, Debug)]
pub(super) struct Body {
    pub(super) path: &'static str,
    /// Lines of the head.
    pub(super) head: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// All of them, made once.
#[derive(Debug)]
pub(super) struct Bodies {
    /// Credentials with 200 000 more fields, 5 MB, and with as many as the limit lets through, in calls that fail: to
    /// scrub the message, each value is looked for.
    pub(super) credentials: [Body; 4],
    /// As many unknown fields as the limit lets through.
    pub(super) keys: [Body; 2],
    /// Arrays in arrays, deeper than any parser may follow; and less deep, but many.
    pub(super) nested: [Body; 2],
    /// One-letter strings, which take 15 times as much memory when they are read, for as long as the call takes.
    pub(super) strings: [Body; 1],
    /// Spaces up to the limit and far beyond it, in a few bytes.
    pub(super) bombs: [Body; 4],
    /// A small call that takes a while.
    pub(super) slow: [Body; 1],
    /// A listing with an answer of more than [`LISTING`] bytes.
    pub(super) listing: Body,
}

/// A large answer's least size.
pub(super) const LISTING: u64 = 3 << 20;

const GZIP: &str = "Content-Encoding: gzip\r\n";
const BROTLI: &str = "Content-Encoding: br\r\n";
/// How far a bomb swells that is meant to be refused.
const FAR: usize = 64 << 20;

impl Bodies {
    /// Makes them for a server that takes bodies of `limit` bytes.
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
        let (near, far) = (slow(limit - 200), slow(FAR));
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

/// Pieces up to the limit of a body, with room for what goes around them.
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
    fn bodies_meant_to_be_read_are_just_within_the_limit() {
        let bodies = Bodies::new(LIMIT).unwrap();
        let [.., credentials, _] = bodies.credentials;
        let ([keys, _], [strings]) = (bodies.keys, bodies.strings);
        for body in [credentials, keys, strings].into_iter().chain(bodies.nested) {
            assert!((LIMIT - 1000..=LIMIT).contains(&body.bytes.len()), "{}", body.bytes.len());
            assert!(body.bytes.ends_with(b"}"));
        }
    }

    #[test]
    fn bombs_are_small_until_they_swell() {
        for bomb in Bodies::new(LIMIT).unwrap().bombs {
            assert!(bomb.bytes.len() < LIMIT, "{} {}", bomb.head, bomb.bytes.len());
        }
    }
}
