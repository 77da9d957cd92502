//! An upstream that answered with something that cannot be read.

use std::fmt;

use super::UpstreamStatus;
use super::upstream::{bare, excerpt};

/// An upstream answered with success, and with a body that is not what was expected: a page for people, say, or other JSON.
///
/// The query and the user of the address are left out, since both may carry secrets. The body is quoted, so don't use
/// this for a response that carries secrets, such as tokens.
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
    /// An answer of `status` from `url`, with its `Content-Type`; of `body` at most the first 500 bytes are kept, on one
    /// line; `…` stands at the end if there were more.
    #[must_use]
    pub fn new(url: &str, status: u16, content_type: Option<&str>, body: &str) -> Self {
        Self {
            url: bare(url),
            status,
            content_type: content_type.map(excerpt),
            reason: None,
            excerpt: excerpt(body),
        }
    }

    /// Adds why it cannot be read, cut as the body is.
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

/// There is no status of an error: [`HttpHandler`](super::HttpHandler) makes `api_error` of it.
impl UpstreamStatus for UnexpectedBodyError {
    fn upstream_status(&self) -> Option<u16> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_short_and_on_one_line_and_leaves_out_user_and_query() {
        let long = "é\n".repeat(1000);
        let url = "https://me:canary@host/a?key=canary";
        let error = UnexpectedBodyError::new(url, 200, Some(&long), &long).with_reason(&long);
        let message = error.to_string();
        assert!(message.starts_with("https://host/a: upstream answered 200"), "{message}");
        assert!(message.len() < 1600 && !message.contains('\n') && !message.contains("canary"), "{message}");
    }
}
