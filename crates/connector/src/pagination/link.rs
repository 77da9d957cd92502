//! [`next_link`]: finds the next page in an upstream's `Link` headers.

use crate::error::{ConnectorError, ErrorCode};

/// White space allowed between the parts of a header.
const SPACE: [char; 2] = [' ', '\t'];

/// Finds the URL of the next page in the `Link` headers of a response (RFC 8288): the link with the relation `next`.
/// Returns `None` on the last page.
///
/// The URL is returned as the upstream wrote it, often a relative one. Resolve it against the URL of the request.
/// Before you send credentials to it, check that it has the same server as the request. A link with an `anchor` refers
/// to another page and is ignored.
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
/// `api_error` if a header is malformed or contains several next pages, because the listing would then be incomplete.
pub fn next_link<'h>(headers: impl IntoIterator<Item = &'h str>) -> Result<Option<&'h str>, ConnectorError> {
    let mut next = None;
    for header in headers {
        // List elements may be empty (RFC 9110, section 5.6.1).
        let between = |c: char| c == ',' || SPACE.contains(&c);
        let mut rest = header.trim_start_matches(between);
        while !rest.is_empty() {
            let (link, behind) = link(rest).ok_or_else(|| {
                wrong("the upstream sent a malformed Link header: expected `<address>; rel=\"next\"`")
            })?;
            rest = behind.trim_start_matches(between);
            if link.is_next && *next.get_or_insert(link.address) != link.address {
                return Err(wrong("the upstream sent several next pages in its Link header: expected one"));
            }
        }
    }
    Ok(next)
}

/// Creates an error. It doesn't quote the header, because a URL may contain a key.
fn wrong(message: &str) -> ConnectorError {
    ConnectorError::new(message, ErrorCode::ApiError)
}

struct Link<'h> {
    address: &'h str,
    is_next: bool,
}

/// Parses the first link in `text`, and returns the rest.
fn link(text: &str) -> Option<(Link<'_>, &str)> {
    let (address, mut rest) = text.strip_prefix('<')?.split_once('>')?;
    let (mut relations, mut has_anchor) = (None, false);
    loop {
        rest = rest.trim_start_matches(SPACE);
        let Some(parameters) = rest.strip_prefix(';') else { break };
        let (name, value, behind) = parameter(parameters)?;
        if name.eq_ignore_ascii_case("rel") {
            // Only the first one counts (section 3.3).
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

/// Parses the name and value of the first parameter in `text`, and returns the rest.
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
    fn a_next_link_is_found_in_every_notation() {
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
    fn other_links_are_not_taken_for_the_next_page() {
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
    fn errors_do_not_quote_the_header() {
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
        fn parsing_never_panics(header in "[<>;,=\"\\\\ a-z]{0,40}|.{0,40}") {
            let _ = next_link([header.as_str()]);
        }
    }
}
