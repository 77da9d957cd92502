//! The error for an upstream response with an HTTP error status.

use std::fmt;

use super::ConnectorError;
use crate::scrub::CUT;

/// An error that may carry the HTTP status of an upstream's response. [`HttpHandler`](super::HttpHandler) uses it.
#[diagnostic::on_unimplemented(
    message = "`HttpHandler` cannot handle `{Self}`: it doesn't provide the HTTP status that the upstream returned",
    note = "implement `connector::error::UpstreamStatus` for it (for `reqwest::Error`, enable the feature `client`)"
)]
pub trait UpstreamStatus {
    /// The status, or `None` if the upstream didn't respond.
    fn upstream_status(&self) -> Option<u16>;
}

/// The maximum length of a body excerpt in an error, in bytes, including the ellipsis.
const EXCERPT: usize = 500;

/// The upstream returned an HTTP error status.
///
/// The URL's query and user info are removed, because they may contain secrets.
///
/// ```
/// use connector::error::HttpStatusError;
///
/// let error = HttpStatusError::new("GET", "https://api.example.com/users?key=hidden", 403, "no admin");
/// assert_eq!(error.to_string(), "GET https://api.example.com/users: upstream answered 403: no admin");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpStatusError {
    method: String,
    url: String,
    status: u16,
    excerpt: String,
}

impl HttpStatusError {
    /// Creates the error for a response with this status. At most the first 500 bytes of `body` are kept, on one line,
    /// with `…` at the end if it was longer.
    #[must_use]
    pub fn new(method: impl Into<String>, url: &str, status: u16, body: &str) -> Self {
        Self { method: method.into(), url: strip_url(url), status, excerpt: excerpt(body) }
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The URL, without user info and query.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The beginning of the response body.
    #[must_use]
    pub fn excerpt(&self) -> &str {
        &self.excerpt
    }
}

impl fmt::Display for HttpStatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: upstream answered {}", self.method, self.url, self.status)?;
        if self.excerpt.is_empty() { Ok(()) } else { write!(f, ": {}", self.excerpt) }
    }
}

impl std::error::Error for HttpStatusError {}

impl UpstreamStatus for HttpStatusError {
    fn upstream_status(&self) -> Option<u16> {
        Some(self.status)
    }
}

/// Removes user info, query and fragment from a URL.
pub(crate) fn strip_url(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

/// Returns the beginning of `body`, on one line.
pub(super) fn excerpt(body: &str) -> String {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    if body.len() <= EXCERPT {
        return one_line(body);
    }
    // The cut may split a secret. The scrubber looks for the beginning of a secret before this character.
    let mut excerpt = one_line(&body[..body.floor_char_boundary(EXCERPT - CUT.len_utf8())]);
    excerpt.push(CUT);
    excerpt
}

/// Returns the status of an error whose type the SDK knows.
pub(super) fn known_status(error: &(dyn std::error::Error + 'static)) -> Option<u16> {
    if let Some(raised) = error.downcast_ref::<ConnectorError>() {
        return raised.status_code();
    }
    error.downcast_ref::<HttpStatusError>()?.upstream_status()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_info_and_query_are_removed_from_the_url() {
        let error = HttpStatusError::new("GET", "https://me:canary@host/a/b?token=canary#canary", 500, "");
        assert_eq!(error.url(), "https://host/a/b");
        let error = HttpStatusError::new("GET", "https://host?token=canary", 500, "");
        assert_eq!(error.url(), "https://host");
    }

    #[test]
    fn the_excerpt_is_short_and_on_one_line() {
        let error = HttpStatusError::new("GET", "http://host/", 500, &"é\n".repeat(1000));
        assert!(error.excerpt().len() <= EXCERPT && !error.excerpt().contains('\n'));
        assert!(error.excerpt().ends_with("é…"));
    }
}
