//! Writes and reads the query of a URL.

use std::fmt::Write as _;

/// Writes these parameters as a query, percent-encoded (RFC 3986, section 2.1). Empty values are omitted.
pub(super) fn build(parameters: &[(&str, &str)]) -> String {
    let mut query = String::new();
    for (name, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(name);
        query.push('=');
        encode(value, &mut query);
    }
    query
}

/// Encodes everything except unreserved characters (RFC 3986, section 2.3).
fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// The first value of the parameter `name` in the query of `uri`, decoded like a form (RFC 6749, appendix B).
///
/// `None` if the parameter is missing or cannot be decoded.
pub(super) fn value(uri: &str, name: &str) -> Option<String> {
    let (_, query) = uri.split('#').next()?.split_once('?')?;
    query.split('&').find_map(|parameter| {
        let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        if decode(key)? == name { decode(value) } else { None }
    })
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let (high, low) = (digit(bytes.next()?)?, digit(bytes.next()?)?);
                high << 4 | low
            }
            _ => byte,
        });
    }
    String::from_utf8(decoded).ok()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_values_decode_to_the_original() {
        for text in ["a b+c%d", "ä/?&=#", "~-._", "\u{1f511}"] {
            let query = build(&[("before", "x"), ("key", text)]);
            assert!(query.is_ascii(), "{query}");
            let uri = format!("https://host/path?{query}#key=fragment");
            assert_eq!(value(&uri, "key").as_deref(), Some(text));
        }
    }

    #[test]
    fn undecodable_values_are_none() {
        for uri in [
            "",
            "https://host",
            "https://host?",
            "https://host?key=%",
            "https://host?key=%f",
            "?key=%ff",
            "?key=%+1",
        ] {
            assert_eq!(value(uri, "key"), None, "{uri}");
        }
        assert_eq!(value("https://host#?key=a", "key"), None, "the fragment is not part of the query");
        assert_eq!(value("?%ff=1&key=a%20b+c", "key").as_deref(), Some("a b c"));
    }
}
