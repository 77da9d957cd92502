//! The error for an upstream response whose body can't be read.

use std::fmt;

use super::UpstreamStatus;
use super::upstream::{excerpt, strip_url};

/// The upstream reported success, but the body isn't what was expected, for example an HTML page or different JSON.
///
/// The URL's query and user info are removed, because they may contain secrets. The body is quoted, so don't use this
/// for a response that contains secrets, such as tokens.
///
/// ```
/// use connector::error::UnexpectedBodyError;
///
/// let error = UnexpectedBodyError::new("https://api.example.com/users", 200, Some("text/html"), "<html>Sign in")
///     .with_reason("expected value at line 1 column 1");
/// assert_eq!(
///     error.to_string(),
///     "https://api.example.com/users: upstream answered 200 with an unexpected body (text/html): \
///      expected value at line 1 column 1: <html>Sign in"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnexpectedBodyError {
    url: String,
    status: u16,
    content_type: Option<String>,
    reason: Option<String>,
    excerpt: String,
}

impl UnexpectedBodyError {
    /// Creates the error for a response with this status and `Content-Type`. At most the first 500 bytes of `body` are
    /// kept, on one line, with `…` at the end if it was longer.
    #[must_use]
    pub fn new(url: &str, status: u16, content_type: Option<&str>, body: &str) -> Self {
        Self {
            url: strip_url(url),
            status,
            content_type: content_type.map(excerpt),
            reason: None,
            excerpt: excerpt(body),
        }
    }

    /// Adds the reason why the body can't be read, shortened in the same way.
    #[must_use]
    pub fn with_reason(mut self, reason: impl fmt::Display) -> Self {
        self.reason = Some(excerpt(&reason.to_string()));
        self
    }
}

impl fmt::Display for UnexpectedBodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, status, content_type, reason, excerpt } = self;
        write!(f, "{url}: upstream answered {status} with an unexpected body")?;
        if let Some(content_type) = content_type {
            write!(f, " ({content_type})")?;
        }
        if let Some(reason) = reason {
            write!(f, ": {reason}")?;
        }
        if excerpt.is_empty() { Ok(()) } else { write!(f, ": {excerpt}") }
    }
}

impl std::error::Error for UnexpectedBodyError {}

/// The status isn't an error: [`HttpHandler`](super::HttpHandler) uses `api_error`, in openapi `invalid_response`.
impl UpstreamStatus for UnexpectedBodyError {
    fn upstream_status(&self) -> Option<u16> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_short_and_has_no_line_breaks_user_info_or_query() {
        let long = "é\n".repeat(1000);
        let url = "https://me:canary@host/a?key=canary";
        let error = UnexpectedBodyError::new(url, 200, Some(&long), &long).with_reason(&long);
        let message = error.to_string();
        assert!(message.starts_with("https://host/a: upstream answered 200"), "{message}");
        assert!(message.len() < 1600 && !message.contains('\n') && !message.contains("canary"), "{message}");
    }
}
