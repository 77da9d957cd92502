//! What the SDK knows of `reqwest`, the HTTP client.

use crate::error::{EncounteredErrorResponse, Error, UpstreamStatus, bare};

// What the compiler says of a type that lacks the trait is thus the same with and without the feature.
#[diagnostic::do_not_recommend]
impl UpstreamStatus for reqwest::Error {
    fn upstream_status(&self) -> Option<u16> {
        self.status().map(|status| status.as_u16())
    }
}

/// What is first said of an error, with what a `reqwest::Error` among its causes knows.
pub(crate) fn completed(said: EncounteredErrorResponse, error: &Error) -> EncounteredErrorResponse {
    let status = || causes(error).find_map(UpstreamStatus::upstream_status);
    EncounteredErrorResponse {
        message: message(error),
        status_code: said.status_code.or_else(status),
        ..said
    }
}

/// What an error says. A `reqwest::Error` says all of an address, whose user and query may carry secrets that no
/// request of this SDK's brought: they are left out.
pub(crate) fn message(error: &Error) -> String {
    let addresses = causes(error).filter_map(reqwest::Error::url);
    addresses.fold(error.to_string(), |message, url| message.replace(url.as_str(), &bare(url.as_str())))
}

fn causes(error: &Error) -> impl Iterator<Item = &reqwest::Error> {
    error.chain().filter_map(|error| error.downcast_ref())
}

#[cfg(test)]
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
