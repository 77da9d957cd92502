//! What the SDK knows of HTTP clients: of `reqwest`, with the feature `client`.

use crate::error::{
    ConnectorError, EncounteredErrorResponse, Error, ErrorCode, UnexpectedBodyError, initial_response,
};
#[cfg(feature = "client")]
use crate::error::{UpstreamStatus, strip_url};

// What the compiler says of a type that lacks the trait is thus the same with and without the feature.
#[cfg(feature = "client")]
#[diagnostic::do_not_recommend]
impl UpstreamStatus for reqwest::Error {
    fn upstream_status(&self) -> Option<u16> {
        self.status().map(|status| status.as_u16())
    }
}

/// What the SDK says of an error before any registered handler has seen it.
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

/// What an error says. A `reqwest::Error` says all of an address, whose user and query may carry secrets that no
/// request of this SDK's brought: they are left out.
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
    async fn an_error_of_reqwest_is_told_without_user_and_query() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let refused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let url = format!("http://me:canary@{refused}/users?key=canary");
        let error = reqwest::Client::new().get(url).send().await.unwrap_err();
        assert!(error.to_string().contains("canary"), "{error}");
        let told = message(&Error::from(error));
        assert!(told.contains(&format!("http://{refused}/users")) && !told.contains("canary"), "{told}");
    }
}
