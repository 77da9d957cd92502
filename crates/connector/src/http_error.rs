//! Support for errors of HTTP clients: of `reqwest`, with the feature `client`.

use crate::error::{
    ConnectorError, EncounteredErrorResponse, Error, ErrorCode, UnexpectedBodyError, initial_response,
};
#[cfg(feature = "client")]
use crate::error::{UpstreamStatus, strip_url};

// Keeps the compiler's message for types without the trait the same with and without the feature.
#[cfg(feature = "client")]
#[diagnostic::do_not_recommend]
impl UpstreamStatus for reqwest::Error {
    fn upstream_status(&self) -> Option<u16> {
        self.status().map(|status| status.as_u16())
    }
}

/// An error that no exception handler sees, because it is part of a payload. Its code is that of openapi.
impl From<&Error> for EncounteredErrorResponse {
    fn from(error: &Error) -> Self {
        let first = first_response(error);
        let is_coded = error.find::<ConnectorError>().is_some();
        let by_status = || first.status_code.filter(|_| !is_coded).map(ErrorCode::of_status);
        match failure_code(error).or_else(by_status) {
            Some(code) => Self { error_code: code.as_str().to_owned(), ..first },
            None => first,
        }
    }
}

/// The SDK's initial response for an error, before any exception handler runs.
pub(crate) fn first_response(error: &Error) -> EncounteredErrorResponse {
    let first = initial_response(error);
    #[cfg(feature = "client")]
    let first = EncounteredErrorResponse {
        message: message(error),
        status_code: first.status_code.or_else(|| causes(error).find_map(UpstreamStatus::upstream_status)),
        ..first
    };
    first
}

/// Returns the code that openapi has, and classic doesn't, for an error: for one that occurred while talking to an
/// upstream, unless it is an HTTP status, and for an invalid page token.
///
/// Returns `None` for other errors, such as those caused by any other [`ConnectorError`], which already has a code.
pub(crate) fn failure_code(error: &Error) -> Option<ErrorCode> {
    if let Some(error) = error.find::<ConnectorError>() {
        return error.openapi_code();
    }
    let is_unreadable =
        error.find::<UnexpectedBodyError>().is_some() || error.find::<serde_json::Error>().is_some();
    let code = is_unreadable.then_some(ErrorCode::InvalidResponse);
    #[cfg(feature = "client")]
    let code = causes(error).find_map(reqwest_code).or(code);
    code
}

#[cfg(feature = "client")]
pub(crate) fn reqwest_code(error: &reqwest::Error) -> Option<ErrorCode> {
    // A failed connection includes DNS and TLS, and may also be a timeout.
    if error.is_connect() {
        Some(ErrorCode::ConnectionTimeout)
    } else if error.is_timeout() {
        Some(ErrorCode::RequestTimeout)
    } else if is_caused_by_json(error) {
        Some(ErrorCode::InvalidResponse)
    } else if error.is_decode() || error.is_body() || error.is_request() {
        // A body that ends too early cannot be decoded either.
        Some(ErrorCode::ConnectionClosed)
    } else {
        None
    }
}

#[cfg(feature = "client")]
fn is_caused_by_json(error: &reqwest::Error) -> bool {
    std::iter::successors(std::error::Error::source(error), |cause| cause.source())
        .any(|cause| cause.is::<serde_json::Error>())
}

/// Returns an error's message. A `reqwest::Error` contains the whole URL, so its user info and query are removed: they
/// may contain secrets that aren't from the request, and so aren't scrubbed.
#[cfg(any(feature = "cli", feature = "client"))]
pub(crate) fn message(error: &Error) -> String {
    let message = error.to_string();
    #[cfg(feature = "client")]
    let message = causes(error)
        .filter_map(reqwest::Error::url)
        .fold(message, |message, url| message.replace(url.as_str(), &strip_url(url.as_str())));
    message
}

#[cfg(feature = "client")]
fn causes(error: &Error) -> impl Iterator<Item = &reqwest::Error> {
    error.chain().filter_map(|error| error.downcast_ref())
}

#[cfg(all(test, feature = "client"))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn reqwest_errors_are_shown_without_user_info_and_query() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let refused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let url = format!("http://me:canary@{refused}/users?key=canary");
        let error = reqwest::Client::new().get(url).send().await.unwrap_err();
        assert!(error.to_string().contains("canary"), "{error}");
        let message = message(&Error::from(error));
        assert!(
            message.contains(&format!("http://{refused}/users")) && !message.contains("canary"),
            "{message}"
        );
    }
}
