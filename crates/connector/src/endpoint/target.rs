//! Resolves the URLs of callers. A resolved URL never leaves the base URL.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use reqwest::Url;

use crate::capability::FulfillArbitraryEndpointRequest;

/// The maximum length of a caller's URL, in bytes.
const MAX_LENGTH: usize = 8 << 10;
/// How many times a segment is decoded. Some servers do it twice.
const MAX_DECODINGS: usize = 4;

/// Why a request is rejected, for its caller.
pub(crate) type Reason = &'static str;

/// Parses a base URL. The result's path ends with `/`.
pub(crate) fn base(text: &str) -> Result<Url, Reason> {
    check_text(text)?;
    let (path, query) = split_query(text);
    if query.is_some() {
        return Err("it has a query");
    }
    let Some((_, authority, rest)) = split_origin(path) else {
        return Err("it is not an absolute http or https URL");
    };
    if authority.contains('@') {
        return Err("it contains credentials");
    }
    check_segments(rest)?;
    let mut url = Url::parse(text).map_err(|_| "it can't be parsed")?;
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// Returns the URL that a request is for.
pub(super) fn resolve(base: &Url, request: &FulfillArbitraryEndpointRequest) -> Result<Url, Reason> {
    let text = request.url.as_str();
    check_text(text)?;
    let (path, query) = split_query(text);
    let is_absolute = path.split('/').next().is_some_and(|first| first.contains(':'));
    let url = if is_absolute { absolute(base, text, path)? } else { relative(base, path, query, request)? };
    // The checks of the text have already ensured this.
    let stays = is_same_origin(&url, base)
        && is_without_credentials(&url)
        && url.fragment().is_none()
        && url.path().starts_with(base.path());
    if stays { Ok(url) } else { Err("the URL must be below the base URL of the connection") }
}

/// Returns the path of a resolved URL, relative to the base URL and without a leading slash.
pub(super) fn relative_path<'u>(base: &Url, url: &'u Url) -> &'u str {
    url.path().strip_prefix(base.path()).unwrap_or_default()
}

/// An absolute URL, such as the link to the next page in a response. It keeps its query, and `request.query` is ignored.
fn absolute(base: &Url, text: &str, path: &str) -> Result<Url, Reason> {
    let Some((scheme, authority, rest)) = split_origin(path) else {
        return Err("an absolute URL must begin with http:// or https:// and a host");
    };
    if authority.contains('@') {
        return Err("the URL must not contain credentials");
    }
    check_segments(rest)?;
    let mut url = Url::parse(text).map_err(|_| "the URL can't be parsed")?;
    if !scheme.eq_ignore_ascii_case(base.scheme()) || !is_same_origin(&url, base) {
        return Err("the URL must be on the host of the connection");
    }
    // The base URL itself, without the slash at its end.
    if base.path().strip_suffix('/').is_some_and(|path| path == url.path()) {
        url.set_path(base.path());
    }
    Ok(url)
}

fn relative(
    base: &Url,
    path: &str,
    query: Option<&str>,
    request: &FulfillArbitraryEndpointRequest,
) -> Result<Url, Reason> {
    if path.starts_with("//") {
        return Err("the URL must not begin with two slashes");
    }
    check_segments(path)?;
    let query = merge(query, request);
    let question = if query.is_empty() { "" } else { "?" };
    let path = path.strip_prefix('/').unwrap_or(path);
    Url::parse(&format!("{base}{path}{question}{query}")).map_err(|_| "the URL can't be parsed")
}

/// Adds `request.query` to the URL's own query. A parameter there replaces those of the same name in the URL.
fn merge<'q>(query: Option<&'q str>, request: &FulfillArbitraryEndpointRequest) -> Cow<'q, str> {
    let query = query.unwrap_or_default();
    let Some(parameters) = request.query.as_ref().filter(|parameters| !parameters.is_empty()) else {
        return query.into();
    };
    let is_replaced = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default().replace('+', " ");
        parameters.contains_key(&*percent_decode_str(&name).decode_utf8_lossy())
    };
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !is_replaced(pair));
    let mut merged = kept.collect::<Vec<_>>().join("&");
    for (name, values) in parameters {
        for value in values {
            if !merged.is_empty() {
                merged.push('&');
            }
            merged
                .extend([encode(name), "=".into(), encode(value)].iter().map(|part: &Cow<'_, str>| &**part));
        }
    }
    merged.into()
}

fn encode(text: &str) -> Cow<'_, str> {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).into()
}

/// Rejects characters that URL parsers drop or reinterpret, so that the text is what it looks like.
fn check_text(text: &str) -> Result<(), Reason> {
    if text.len() > MAX_LENGTH {
        return Err("the URL must be at most 8192 bytes");
    }
    if text.trim() != text {
        return Err("the URL must not begin or end with white space");
    }
    if text.chars().any(|char| char.is_control() || char.is_whitespace() && char != ' ') {
        return Err("the URL must not contain control characters");
    }
    if text.contains('\\') {
        return Err("the URL must not contain backslashes");
    }
    if text.contains('#') {
        return Err("the URL must not have a fragment");
    }
    Ok(())
}

/// Rejects segments that lead elsewhere, however they are encoded.
fn check_segments(path: &str) -> Result<(), Reason> {
    for segment in path.split('/') {
        let mut decoded = Cow::Borrowed(segment);
        for _ in 0..MAX_DECODINGS {
            match percent_decode_str(&decoded).decode_utf8() {
                Ok(Cow::Owned(next)) if next != *decoded => decoded = next.into(),
                Ok(_) => break,
                // Some servers decode what UTF-8 forbids, such as a dot in two bytes.
                Err(_) => return Err("the URL's path must be UTF-8"),
            }
        }
        // Another encoding of characters, which some servers have.
        if decoded.to_lowercase().contains("%u") {
            return Err("the URL's path must not contain `%u`");
        }
        // Some servers split decoded paths, and drop what follows a semicolon. Some proxies parse them again.
        let name = |part: &'_ str| part.split([';', '?', '#']).next().unwrap_or_default().to_owned();
        let mut parts = decoded.split(['/', '\\']).map(name);
        if parts.any(|part| matches!(part.as_str(), "." | "..")) {
            return Err("the URL's path must not contain `.` or `..` segments");
        }
        if decoded.chars().any(char::is_control) {
            return Err("the URL must not contain control characters");
        }
    }
    Ok(())
}

fn split_query(text: &str) -> (&str, Option<&str>) {
    text.split_once('?').map_or((text, None), |(path, query)| (path, Some(query)))
}

/// Splits an absolute URL without its query into scheme, authority and the rest. Parsers also accept other numbers of
/// slashes.
fn split_origin(path: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = path.split_once("://")?;
    let (authority, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let is_http = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    (is_http && !authority.is_empty()).then_some((scheme, authority, rest))
}

pub(crate) fn is_same_origin(one: &Url, other: &Url) -> bool {
    let origin = |url: &Url| {
        (url.scheme().to_owned(), url.host_str().map(ToOwned::to_owned), url.port_or_known_default())
    };
    origin(one) == origin(other)
}

pub(crate) fn is_without_credentials(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BASE: &str = "https://api.acme.example/v2";

    fn resolved(url: &str) -> Result<String, Reason> {
        resolve(&base(BASE)?, &FulfillArbitraryEndpointRequest::new(url)).map(String::from)
    }

    #[test]
    fn urls_below_the_base_url_are_resolved() {
        for (url, path) in [
            ("/users", "users"),
            ("users", "users"),
            ("", ""),
            ("/", ""),
            ("?a=b", "?a=b"),
            (
                "/users?next=https://evil.example/../#".trim_end_matches('#'),
                "users?next=https://evil.example/../",
            ),
            ("/users:search", "users:search"),
            ("/projects/group%2Fproject", "projects/group%2Fproject"),
            ("/a//b/", "a//b/"),
            ("/a...b/..c", "a...b/..c"),
            ("/üñ?q=a b", "%C3%BC%C3%B1?q=a%20b"),
            ("https://api.acme.example/v2", ""),
            ("https://api.acme.example/v2/users?a=1&a=2", "users?a=1&a=2"),
            ("HTTPS://API.acme.example:443/v2/users", "users"),
        ] {
            assert_eq!(resolved(url), Ok(format!("{BASE}/{path}")), "{url}");
        }
    }

    #[test]
    fn urls_that_leave_the_base_url_are_rejected() {
        for (url, reason) in [
            ("/../admin", "segments"),
            ("/a/..", "segments"),
            ("..", "segments"),
            ("/./a", "segments"),
            ("/%2e%2e/admin", "segments"),
            ("/.%2E/admin", "segments"),
            ("/%252e%252e/admin", "segments"),
            ("/..%2fadmin", "segments"),
            ("/a%2f..%2fadmin", "segments"),
            ("/a%5c..%5cadmin", "segments"),
            ("/..;x=y/admin", "segments"),
            ("https://api.acme.example/v2/../admin", "segments"),
            ("https://api.acme.example/v2/%2e%2e/admin", "segments"),
            ("\\\\evil.example", "backslashes"),
            ("/\\evil.example", "backslashes"),
            ("//evil.example/a", "two slashes"),
            ("///evil.example/a", "two slashes"),
            ("https://evil.example/v2/users", "on the host"),
            ("https://api.acme.example.evil.example/v2/users", "on the host"),
            ("https://api.acme.example:8443/v2/users", "on the host"),
            ("http://api.acme.example/v2/users", "on the host"),
            ("http://api.acme.example:443/v2/users", "on the host"),
            ("https://api.acme.example/v2x/users", "below the base URL"),
            ("https://api.acme.example/", "below the base URL"),
            ("https://api.acme.example@evil.example/v2/", "credentials"),
            ("https://u:p@api.acme.example/v2/", "credentials"),
            ("https:/evil.example/v2/", "must begin with"),
            ("https:evil.example", "must begin with"),
            ("https:///evil.example/v2/", "must begin with"),
            ("file:///etc/passwd", "must begin with"),
            ("javascript:alert(1)", "must begin with"),
            ("users:search", "must begin with"),
            ("/users#/../admin", "fragment"),
            ("https://api.acme.example/v2/#@evil.example", "fragment"),
            ("/users\r\nHost: evil.example", "control characters"),
            ("/us\ters", "control characters"),
            (" /users", "white space"),
            ("/users\u{2028}", "white space"),
            ("/us\u{2028}ers", "control characters"),
            ("/users%0d%0aX: y", "control characters"),
            ("/users%0d%0aX:y", "control characters"),
            ("/users%00", "control characters"),
            ("/%c0%ae%c0%ae/admin", "UTF-8"),
            ("/%u002e%u002E/admin", "%u"),
            ("/%25u002e%25u002e/admin", "%u"),
            ("/..%3f/admin", "`..`"),
            ("/..%23/admin", "`..`"),
            (&"x".repeat(8193), "8192"),
        ] {
            let found = resolved(url);
            assert!(found.as_ref().is_err_and(|found| found.contains(reason)), "{url:?}: {found:?}");
        }
    }

    #[test]
    fn parameters_replace_those_in_the_url() {
        let mut request = FulfillArbitraryEndpointRequest::new("/users?a=1&b%5B%5D=2&c+d=3&keep=%2f");
        let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        request.query = Some(
            [
                ("b[]".to_owned(), values(&["x y", "&z"])),
                ("c d".to_owned(), values(&[])),
                ("new".to_owned(), values(&["#?"])),
            ]
            .into(),
        );
        let url = resolve(&base(BASE).unwrap(), &request).unwrap();
        assert_eq!(url.as_str(), format!("{BASE}/users?a=1&keep=%2f&b%5B%5D=x%20y&b%5B%5D=%26z&new=%23%3F"));
        request.url = format!("{BASE}/users?a=1");
        assert_eq!(resolve(&base(BASE).unwrap(), &request).unwrap().as_str(), format!("{BASE}/users?a=1"));
    }

    #[test]
    fn only_plain_http_urls_are_base_urls() {
        for text in ["https://acme.example", "http://127.0.0.1:8080/a/", "https://acme.example/a"] {
            assert!(base(text).unwrap().path().ends_with('/'));
        }
        for text in [
            "",
            "acme.example",
            "ftp://acme.example",
            "https://",
            "https:///a",
            "https://u@acme.example",
            "https://a/?b",
            "https://a/#b",
            "https://a/../b",
            "https://a b/",
            "https://a\\b",
        ] {
            assert!(base(text).is_err(), "{text}");
        }
    }

    /// Pieces from which attacks are built.
    fn piece() -> impl Strategy<Value = String> {
        prop_oneof![
            proptest::sample::select(
                &[
                    "/",
                    "//",
                    "\\",
                    ".",
                    "..",
                    "%2e",
                    "%2E%2e",
                    "%252e",
                    "%2f",
                    "%5c",
                    "@",
                    ":",
                    "://",
                    "?",
                    "#",
                    ";",
                    "&",
                    "https:",
                    "http://",
                    "https://api.acme.example",
                    "evil.example",
                    "/v2",
                    "v2/",
                    "%0d%0a",
                    "\r\n",
                    "\t",
                    " ",
                    "[::1]",
                    "%00",
                    "\u{ff0e}",
                    "\u{2024}",
                ][..]
            )
            .prop_map(str::to_owned),
            "[a-z]{1,3}",
            any::<char>().prop_map(String::from),
        ]
    }

    proptest! {
        #[test]
        fn no_url_leaves_the_base_url(pieces in proptest::collection::vec(piece(), 0..8)) {
            let text = pieces.concat();
            let Ok(url) = resolved(&text) else { return Ok(()) };
            prop_assert!(url.starts_with("https://api.acme.example/v2/"), "{text:?}: {url}");
            let path = url.split('?').next().unwrap();
            let path = percent_decode_str(path).decode_utf8_lossy().into_owned();
            prop_assert!(!path.contains("/../") && !path.ends_with("/.."), "{text:?}: {url}");
            prop_assert!(url.is_ascii() && !url.contains(['\r', '\n', '#', ' ']), "{text:?}: {url}");
        }
    }
}
