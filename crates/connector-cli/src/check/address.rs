//! [`Address`]: the URL of a server.

use ureq::http::Uri;

use crate::stop::Stop;

/// The URL of a server, without a trailing slash.
pub(super) struct Address {
    /// Includes the user and password, which are sent as Basic credentials (RFC 7617).
    url: String,
    redacted: String,
    uri: Uri,
}

impl Address {
    /// `None` if `text` is not a URL.
    pub(super) fn parse(text: &str) -> Option<Result<Self, Stop>> {
        let (scheme, _) = text.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        Some(match scheme.as_str() {
            "http" | "https" => Self::from_url(&scheme, text),
            // The text may contain a password, so don't repeat it.
            _ => Err(Stop::usage("the server URL must start with http:// or https://")),
        })
    }

    fn from_url(scheme: &str, text: &str) -> Result<Self, Stop> {
        if text.contains(['?', '#']) {
            return Err(Stop::usage("the server URL must not have a query or a fragment"));
        }
        let invalid = |why: &str| Stop::usage(format!("invalid server URL: {why}"));
        let uri: Uri = text.parse().map_err(|error| invalid(&format!("{error}")))?;
        let authority = uri.authority().ok_or_else(|| invalid("it has no host"))?.as_str();
        let path = uri.path().trim_end_matches('/');
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let url = format!("{scheme}://{authority}{path}");
        Ok(Self { redacted: format!("{scheme}://{host}{path}"), url, uri })
    }

    /// The URL of a route.
    pub(super) fn join(&self, route: &str) -> String {
        format!("{}/{route}", self.url)
    }

    /// The URL for messages, without user and password.
    pub(super) fn redacted(&self) -> &str {
        &self.redacted
    }

    pub(super) const fn uri(&self) -> &Uri {
        &self.uri
    }

    pub(super) fn has_user(&self) -> bool {
        self.url != self.redacted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_sent_but_not_displayed() {
        let address = Address::parse("HTTPS://a:b@host:1/base/").unwrap().unwrap();
        assert!(address.has_user());
        assert_eq!(address.join("info"), "https://a:b@host:1/base/info");
        assert_eq!(address.redacted(), "https://host:1/base");
    }

    #[test]
    fn invalid_urls_are_not_repeated() {
        assert!(Address::parse("./connector").is_none());
        for text in [
            "ftp://u:canary@h",
            "http://u:canary@h/?a",
            "http://canary",
            "http://u:can ary@h",
            "http://[canary",
        ] {
            match Address::parse(text).unwrap() {
                Ok(address) => assert_eq!(address.redacted(), "http://canary"),
                Err(stop) => assert!(stop.status == 2 && !stop.message.contains("ary"), "{}", stop.message),
            }
        }
    }
}
