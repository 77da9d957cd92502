//! The scheme of an `Authorization` header, which is case-insensitive (RFC 9110, section 11.1).

/// Schemes that can be shown. Any other word might be a key without a scheme.
const KNOWN: &[&str] =
    &["ApiKey", "Basic", "Bearer", "Digest", "DPoP", "JWT", "Key", "Negotiate", "OAuth", "SSWS", "Token"];

/// Whether both have the same scheme and the same credentials.
pub(super) fn is_same(expected: &str, found: &str) -> bool {
    match (expected.split_once(' '), found.split_once(' ')) {
        (Some((scheme, expected)), Some((other, found))) => {
            scheme.eq_ignore_ascii_case(other) && expected == found
        }
        _ => expected == found,
    }
}

/// Both schemes, as they are shown, if they differ and the expected one is known.
pub(super) fn difference(expected: &str, found: &str) -> Option<(String, String)> {
    let expected = known(expected)?;
    let found = known(found);
    (found != Some(expected))
        .then(|| (expected.to_owned(), found.map_or_else(|| "another".to_owned(), str::to_owned)))
}

fn known(value: &str) -> Option<&'static str> {
    let (scheme, _) = value.split_once(' ')?;
    KNOWN.iter().find(|known| known.eq_ignore_ascii_case(scheme)).copied()
}
