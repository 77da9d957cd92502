//! What went wrong in a call.

use std::fmt;

use crate::error::{ConnectorError, Error, ErrorCode, HttpStatusError};
use crate::http_error::reqwest_code;

/// The upstream may have carried out an unsafe write, but its response is missing or says nothing about it.
///
/// Read back what was written before you write it again. It is never repeated by itself, and its caller learns that a
/// retry may do the work twice. [Its cause](std::error::Error::source) determines the code: an
/// [`HttpStatusError`] or a [`ConnectorError`].
#[derive(Debug)]
pub struct UnknownOutcomeError {
    method: String,
    url: String,
    cause: Box<dyn std::error::Error + Send + Sync>,
}

impl UnknownOutcomeError {
    pub(super) fn status(error: HttpStatusError) -> Self {
        Self { method: error.method().to_owned(), url: error.url().to_owned(), cause: error.into() }
    }

    pub(super) fn lost(method: &str, url: &str, error: ConnectorError) -> Self {
        let (method, url) = (method.to_owned(), url.to_owned());
        Self { method, url, cause: error.with_retryable(false).into() }
    }

    /// The HTTP method of what was sent.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Where it was sent, without the query.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl fmt::Display for UnknownOutcomeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; the write may have happened", self.cause)
    }
}

impl std::error::Error for UnknownOutcomeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.cause.as_ref())
    }
}

/// The error of an attempt without a response. `url` is without its query.
pub(super) fn unanswered(method: &str, url: &str, error: &reqwest::Error) -> ConnectorError {
    let code = reqwest_code(error).unwrap_or(ErrorCode::ConnectionClosed);
    let what = match code {
        ErrorCode::ConnectionTimeout => "the upstream could not be reached",
        ErrorCode::RequestTimeout => "the upstream did not respond in time",
        _ => "the connection was closed before the response was complete",
    };
    coded(format!("{method} {url}: {what}"), code)
}

/// An error that is `api_error` in classic.
pub(super) fn coded(message: String, code: ErrorCode) -> ConnectorError {
    ConnectorError::api_error(message).with_openapi_code(code)
}

/// Where an attempt failed.
pub(super) enum Failed {
    /// The upstream can't have acted on it.
    NotSent(Error),
    /// The upstream may have acted on it.
    Lost(ConnectorError),
    /// Repeating it doesn't help.
    Final(Error),
}
