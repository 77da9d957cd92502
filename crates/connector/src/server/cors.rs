//! Cross-origin requests (CORS, as in the Fetch standard).

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, Uri, header};
use tower_http::cors::{AllowOrigin, Any, CorsLayer};

/// How long a browser may cache a preflight response.
const MAX_AGE: Duration = Duration::from_secs(600);

/// The origin of pages (RFC 6454) that may read the responses of a [`Server`](super::Server): a scheme, a host and
/// optionally a port, such as `https://admin.example` or `http://localhost:3000`. The origin `*` stands for every page.
///
/// ```
/// use connector::server::Origin;
///
/// let origin: Origin = "https://Admin.example:443".parse()?;
/// assert_eq!(origin.to_string(), "https://admin.example");
/// assert!("https://admin.example/app".parse::<Origin>().is_err());
/// # Ok::<(), connector::server::InvalidOrigin>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(Option<HeaderValue>);

/// The error for an invalid [`Origin`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected an origin, which is a scheme and a host without a path, such as https://admin.example, or *"
)]
#[non_exhaustive]
pub struct InvalidOrigin;

impl Origin {
    /// Every origin.
    pub const ANY: Self = Self(None);

    /// Returns whether this is every origin.
    #[must_use]
    pub const fn is_any(&self) -> bool {
        self.0.is_none()
    }
}

impl FromStr for Origin {
    type Err = InvalidOrigin;

    /// Parses an origin and normalizes it as browsers do: lower case, without the scheme's default port.
    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        if text == "*" {
            return Ok(Self::ANY);
        }
        // Parsing as a URI would add a path.
        let (scheme, host) = text.split_once("://").ok_or(InvalidOrigin)?;
        if scheme.is_empty() || host.is_empty() || host.contains(['/', '?', '#', '@', '*']) {
            return Err(InvalidOrigin);
        }
        let origin = text.to_ascii_lowercase();
        let origin = match scheme.to_ascii_lowercase().as_str() {
            "http" => origin.strip_suffix(":80").unwrap_or(&origin),
            "https" => origin.strip_suffix(":443").unwrap_or(&origin),
            _ => &origin,
        };
        let uri: Uri = origin.parse().map_err(|_| InvalidOrigin)?;
        let authority = uri.authority().ok_or(InvalidOrigin)?;
        if authority.as_str() != authority.host() && authority.port_u16().is_none() {
            return Err(InvalidOrigin);
        }
        HeaderValue::from_str(origin).map(|value| Self(Some(value))).map_err(|_| InvalidOrigin)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_ref().and_then(|value| value.to_str().ok()).unwrap_or("*"))
    }
}

/// Builds the layer for CORS, if there are any origins. Credentials that a browser adds by itself are never allowed.
pub(super) fn layer(origins: Vec<Origin>) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let origins: Option<Vec<HeaderValue>> = origins.into_iter().map(|origin| origin.0).collect();
    let layer = CorsLayer::new()
        .allow_origin(origins.map_or_else(|| Any.into(), AllowOrigin::list))
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([HeaderName::from_static("x-partial"), HeaderName::from_static("x-request-id")])
        .max_age(MAX_AGE);
    Some(layer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_normalized_as_in_browsers() {
        for (text, normalized) in [
            ("*", "*"),
            ("https://Admin.Example", "https://admin.example"),
            ("HTTP://localhost:3000", "http://localhost:3000"),
            ("http://localhost:80", "http://localhost"),
            ("https://[::1]:443", "https://[::1]"),
            ("https://a.example:80", "https://a.example:80"),
        ] {
            assert_eq!(
                text.parse::<Origin>().map(|origin| origin.to_string()),
                Ok(normalized.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn invalid_origins_are_rejected() {
        for text in [
            "",
            "null",
            "admin.example",
            "https://",
            "://a.example",
            "https://a.example/",
            "https://a.example/app",
            "https://*.example",
            "https://a.example?q",
            "https://user@a.example",
            "https://a.example:port",
            "https://a example",
            "https://a.example\r\nX: y",
        ] {
            assert_eq!(text.parse::<Origin>(), Err(InvalidOrigin), "{text}");
        }
    }
}
