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

/// The SDK's initial response for an error, before any exception handler runs.
impl From<&Error> for EncounteredErrorResponse {
    fn from(error: &Error) -> Self {
        let first = initial_response(error);
        #[cfg(feature = "client")]
        let first = Self {
            message: message(error),
            status_code: first
                .status_code
                .or_else(|| causes(error).find_map(UpstreamStatus::upstream_status)),
            ..first
        };
        first
    }
}

/// Returns the code of an error that occurred while talking to an upstream, unless it is an HTTP status.
///
/// Returns `None` for other errors, and for errors caused by a [`ConnectorError`], which already has a code.
pub(crate) fn failure_code(error: &Error) -> Option<ErrorCode> {
    if error.find::<ConnectorError>().is_some() {
        return None;
    }
    let is_unreadable =
        error.find::<UnexpectedBodyError>().is_some() || error.find::<serde_json::Error>().is_some();
    let code = is_unreadable.then_some(ErrorCode::InvalidResponse);
    #[cfg(feature = "client")]
    let code = causes(error).find_map(reqwest_code).or(code);
    code
}

#[cfg(feature = "client")]
fn reqwest_code(error: &reqwest::Error) -> Option<ErrorCode> {
    // A failed connection includes DNS and TLS, and may also be a timeout.
    if error.is_connect() {
        Some(ErrorCode::ConnectionTimeout)
    } else if error.is_timeout() {
        Some(ErrorCode::RequestTimeout)
    } else if error.is_decode() {
        Some(ErrorCode::InvalidResponse)
    } else if error.is_body() || error.is_request() {
        Some(ErrorCode::ConnectionClosed)
    } else {
        None
    }
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
