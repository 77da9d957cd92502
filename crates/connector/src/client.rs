//! What the SDK knows of HTTP clients: of `reqwest`, with the feature `client`.

use crate::error::{EncounteredErrorResponse, Error, first_answer};
#[cfg(feature = "client")]
use crate::error::{UpstreamStatus, bare};

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
        let first = first_answer(error);
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

/// What an error says. A `reqwest::Error` says all of an address, whose user and query may carry secrets that no
/// request of this SDK's brought: they are left out.
#[cfg(any(feature = "cli", feature = "client"))]
pub(crate) fn message(error: &Error) -> String {
    let message = error.to_string();
    #[cfg(feature = "client")]
    let message = causes(error)
        .filter_map(reqwest::Error::url)
        .fold(message, |message, url| message.replace(url.as_str(), &bare(url.as_str())));
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
