//! [`Address`]: where a server is.

use ureq::http::Uri;

use crate::stop::Stop;

/// Where a server is, without a slash at the end.
pub(super) struct Address {
    /// With user and password, which are sent as Basic credentials (RFC 7617).
    url: String,
    shown: String,
    uri: Uri,
}

impl Address {
    /// `None` if `text` is not a URL.
    pub(super) fn parse(text: &str) -> Option<Result<Self, Stop>> {
        let (scheme, _) = text.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        Some(match scheme.as_str() {
            "http" | "https" => Self::of(&scheme, text),
            // It may hold a password, so it is not repeated.
            _ => Err(Stop::usage("the address of a server must begin with http:// or https://")),
        })
    }

    fn of(scheme: &str, text: &str) -> Result<Self, Stop> {
        if text.contains(['?', '#']) {
            return Err(Stop::usage("the address of a server must not have a query or a fragment"));
        }
        let wrong = |why: &str| Stop::usage(format!("the address of the server cannot be read: {why}"));
        let uri: Uri = text.parse().map_err(|error| wrong(&format!("{error}")))?;
        let authority = uri.authority().ok_or_else(|| wrong("it has no host"))?.as_str();
        let path = uri.path().trim_end_matches('/');
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let url = format!("{scheme}://{authority}{path}");
        Ok(Self { shown: format!("{scheme}://{host}{path}"), url, uri })
    }

    /// The URL of a route.
    pub(super) fn join(&self, route: &str) -> String {
        format!("{}/{route}", self.url)
    }

    /// For messages: without user and password.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    pub(super) const fn uri(&self) -> &Uri {
        &self.uri
    }

    pub(super) fn has_user(&self) -> bool {
        self.url != self.shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_password_are_sent_and_not_shown() {
        let address = Address::parse("HTTPS://a:b@host:1/base/").unwrap().unwrap();
        assert!(address.has_user());
        assert_eq!(address.join("info"), "https://a:b@host:1/base/info");
        assert_eq!(address.shown(), "https://host:1/base");
    }

    #[test]
    fn a_wrong_address_is_not_repeated() {
        assert!(Address::parse("./connector").is_none());
        for text in [
            "ftp://u:canary@h",
            "http://u:canary@h/?a",
            "http://canary",
            "http://u:can ary@h",
            "http://[canary",
        ] {
            match Address::parse(text).unwrap() {
                Ok(address) => assert_eq!(address.shown(), "http://canary"),
                Err(stop) => assert!(stop.status == 2 && !stop.message.contains("ary"), "{}", stop.message),
            }
        }
    }
}
