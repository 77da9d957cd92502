//! Normalizes paths.

use std::borrow::Cow;

/// Decodes unnecessary escapes, such as `%5F` for `_` (RFC 3986, section 6.2.2.2). All other escapes stay unchanged,
/// whether valid or not. `%2F` isn't a slash.
pub(super) fn normalized(path: &str) -> Cow<'_, str> {
    let mut pieces = path.split('%');
    let first = pieces.next().unwrap_or_default();
    if first.len() == path.len() {
        return Cow::Borrowed(path);
    }
    let mut normalized = first.to_owned();
    for piece in pieces {
        match unreserved(piece) {
            Some((character, rest)) => {
                normalized.push(character);
                normalized.push_str(rest);
            }
            None => {
                normalized.push('%');
                normalized.push_str(piece);
            }
        }
    }
    Cow::Owned(normalized)
}

/// Returns the unreserved character (RFC 3986, section 2.3) for the two hex digits at the start of `piece`, and the
/// rest.
fn unreserved(piece: &str) -> Option<(char, &str)> {
    let (digits, rest) = piece.split_at_checked(2)?;
    // `from_str_radix` accepts a sign, but an escape doesn't.
    let byte = u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?;
    (byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)).then_some((char::from(byte), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unnecessary_escapes_are_decoded_and_only_once() {
        for (path, expected) in [
            ("/list_accounts", "/list_accounts"),
            ("/list%5Faccounts", "/list_accounts"),
            ("/%6c%69st%2daccounts%7E", "/list-accounts~"),
            ("/a%2Fb%20%25%C3%A9", "/a%2Fb%20%25%C3%A9"),
            ("/%255F", "/%255F"),
            ("/%", "/%"),
            ("/%5", "/%5"),
            ("/%5G%+5%%5F", "/%5G%+5%_"),
            ("/%\u{e9}", "/%\u{e9}"),
        ] {
            assert_eq!(normalized(path), expected, "{path}");
        }
    }
}
