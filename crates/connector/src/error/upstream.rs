//! An upstream that answered with an HTTP error.

use std::fmt;

use super::ConnectorError;
use crate::scrub::CUT;

/// An error that may carry the HTTP status of an upstream's answer. [`HttpHandler`](super::HttpHandler) reads it.
#[diagnostic::on_unimplemented(
    message = "`HttpHandler` cannot handle `{Self}`: it does not say which HTTP status the upstream answered with",
    note = "implement `connector::error::UpstreamStatus` for it (for `reqwest::Error` turn on the feature `client`)"
)]
pub trait UpstreamStatus {
    /// The status, or `None` if the upstream did not answer.
    fn upstream_status(&self) -> Option<u16>;
}

/// How much of an upstream's answer an error keeps, in bytes, with the sign that there was more.
const EXCERPT: usize = 500;

/// An upstream answered with a status that is an error.
///
/// The query and the user of the address are left out, since both may carry secrets.
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
    /// An answer of `status` to `method` on `url`; of `body` at most the first 500 bytes are kept, on one line; `…` stands
    /// at the end if there were more.
    #[must_use]
    pub fn new(method: impl Into<String>, url: &str, status: u16, body: &str) -> Self {
        Self { method: method.into(), url: bare(url), status, excerpt: excerpt(body) }
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The address, without user and query.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The beginning of the answer's body.
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

/// An address without user, query and fragment.
pub(crate) fn bare(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

/// The beginning of `body`, on one line.
pub(super) fn excerpt(body: &str) -> String {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    if body.len() <= EXCERPT {
        return one_line(body);
    }
    // A secret may be cut in two: at this sign its beginning is looked for.
    let mut excerpt = one_line(&body[..body.floor_char_boundary(EXCERPT - CUT.len_utf8())]);
    excerpt.push(CUT);
    excerpt
}

/// The status of any error whose type the SDK knows.
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
    fn user_and_query_of_the_address_are_left_out() {
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
