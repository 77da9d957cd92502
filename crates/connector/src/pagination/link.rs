//! [`next_link`]: the next page that an upstream names in a `Link` header.

use crate::error::{ConnectorError, ErrorCode};

/// What may stand between the parts of a header.
const SPACE: [char; 2] = [' ', '\t'];

/// The address of the next page in the `Link` headers of an answer (RFC 8288): of the link that has `next` among its
/// relations. `None` on the last page.
///
/// The address is as the upstream wrote it, often a relative one. It is to be resolved against the address that was
/// asked, and before credentials are sent there, its server is to be compared with that one. A link with an `anchor`
/// is about another page and does not count.
///
/// ```
/// use connector::pagination::next_link;
///
/// let headers = [r#"</users?page=1>; rel="prev first", </users?page=3>; rel="next""#];
/// assert_eq!(next_link(headers)?, Some("/users?page=3"));
/// assert_eq!(next_link([])?, None);
/// # Ok::<(), connector::ConnectorError>(())
/// ```
///
/// # Errors
/// `api_error` if a header is malformed, or names several next pages: the listing would lack what is on them.
pub fn next_link<'h>(headers: impl IntoIterator<Item = &'h str>) -> Result<Option<&'h str>, ConnectorError> {
    let mut next = None;
    for header in headers {
        // Elements of a list may be empty (RFC 9110, section 5.6.1).
        let between = |c: char| c == ',' || SPACE.contains(&c);
        let mut rest = header.trim_start_matches(between);
        while !rest.is_empty() {
            let (link, behind) = link(rest).ok_or_else(|| {
                wrong("the upstream sent a malformed Link header: expected `<address>; rel=\"next\"`")
            })?;
            rest = behind.trim_start_matches(between);
            if link.is_next && *next.get_or_insert(link.address) != link.address {
                return Err(wrong("the upstream's Link header names several next pages: expected one"));
            }
        }
    }
    Ok(next)
}

/// The header is not quoted: there may be a key in an address.
fn wrong(message: &str) -> ConnectorError {
    ConnectorError::new(message, ErrorCode::ApiError)
}

struct Link<'h> {
    address: &'h str,
    is_next: bool,
}

/// The first link of `text`, and what is behind it.
fn link(text: &str) -> Option<(Link<'_>, &str)> {
    let (address, mut rest) = text.strip_prefix('<')?.split_once('>')?;
    let (mut relations, mut has_anchor) = (None, false);
    loop {
        rest = rest.trim_start_matches(SPACE);
        let Some(parameters) = rest.strip_prefix(';') else { break };
        let (name, value, behind) = parameter(parameters)?;
        if name.eq_ignore_ascii_case("rel") {
            // Only the first counts (section 3.3).
            relations.get_or_insert(value);
        }
        has_anchor |= name.eq_ignore_ascii_case("anchor");
        rest = behind;
    }
    let is_next = relations.is_some_and(|relations| {
        relations.replace('\\', "").split_whitespace().any(|one| one.eq_ignore_ascii_case("next"))
    });
    let link = Link { address, is_next: is_next && !has_anchor };
    (rest.is_empty() || rest.starts_with(',')).then_some((link, rest))
}

/// Name and value of the first parameter of `text`, and what is behind it.
fn parameter(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_at(text.find(['=', ';', ',']).unwrap_or(text.len()));
    let name = name.trim_matches(SPACE);
    let Some(rest) = rest.strip_prefix('=') else { return Some((name, "", rest)) };
    let rest = rest.trim_start_matches(SPACE);
    let Some(quoted) = rest.strip_prefix('"') else {
        let (value, rest) = rest.split_at(rest.find([';', ',']).unwrap_or(rest.len()));
        return Some((name, value.trim_end_matches(SPACE), rest));
    };
    let mut is_escaped = false;
    let end = quoted.bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    })?;
    Some((name, &quoted[..end], &quoted[end + 1..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_next_page_is_found_however_it_is_spelled() {
        for header in [
            r#"</u?a=1,2>; rel="next""#,
            r#"</u?a=1,2>;rel=next"#,
            r#"</u?a=1,2>; rel = next"#,
            r#"</u?a=1,2> ; REL="Next""#,
            r#"</u?a=1,2>; rel="last next""#,
            r#"</u?a=1,2>; rel="ne\xt"; title="a \" b, <x>; c""#,
            r#"</u?a=1,2>; title*=UTF-8''n%c3%a4chste; crossorigin; rel=next;"#,
            "</u?a=1;2>; rel=prev, , </u?a=1,2>\t;\trel=next ,",
            r#"</first>; title="</u>; rel=next"; rel=first,</u?a=1,2>; rel="next"; rel="last""#,
            r#"</u?a=1,2>; rel="next", </u?a=1,2>; rel="next""#,
        ] {
            assert_eq!(next_link([header]).unwrap(), Some("/u?a=1,2"), "{header}");
        }
        let several = ["</1>; rel=prev", "</3>; rel=next, </9>; rel=last"];
        assert_eq!(next_link(several).unwrap(), Some("/3"));
    }

    #[test]
    fn what_is_not_the_next_page_is_not_taken_for_it() {
        for header in [
            "",
            " , ",
            "</u>",
            "</u>; rel=\"prev\"",
            "</u>; rel=nextish",
            "</u>; rel=last; rel=next",
            "</u>; rev=next",
            "</u>; title=\"; rel=next\"",
            "</u>; rel=next; anchor=\"/groups\"",
        ] {
            assert_eq!(next_link([header]).unwrap(), None, "{header}");
        }
    }

    #[test]
    fn a_header_that_cannot_be_read_is_an_error_that_does_not_quote_it() {
        for header in [
            "/u?key=canary; rel=next",
            "</u?key=canary; rel=next",
            "</u?key=canary>; rel=\"next",
            "</u?key=canary>; rel=\"next\" last",
            "</u?key=canary> rel=next",
            "</1?key=canary>; rel=next, </2?key=canary>; rel=next",
        ] {
            let error = next_link([header]).unwrap_err();
            assert_eq!(error.code(), "api_error", "{header}");
            assert!(!error.to_string().contains("canary"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_panic(header in "[<>;,=\"\\\\ a-z]{0,40}|.{0,40}") {
            let _ = next_link([header.as_str()]);
        }
    }
}
