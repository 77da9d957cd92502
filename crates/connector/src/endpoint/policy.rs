//! [`EndpointPolicy`]: what a caller may do.

use std::time::Duration;

use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::target::{self, Reason};
use crate::capability::{ArbitraryRequestMethod, FulfillArbitraryEndpointRequest};

/// What callers of an [`Endpoint`](super::Endpoint) may do.
///
/// By default, they may `GET` any path below the base URL, with any query and without any headers of their own.
#[derive(Clone, Debug)]
pub struct EndpointPolicy {
    /// Paths and content types, as the author wrote them.
    posts: Vec<(String, String)>,
    headers: Vec<String>,
    pub(super) max_body: usize,
    pub(super) time_limit: Duration,
    pub(super) rate_limit_reset: Option<RateLimitReset>,
}

/// How an upstream writes its header `X-RateLimit-Reset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RateLimitReset {
    /// As the number of seconds until then.
    Seconds,
    /// As a Unix time, in seconds.
    UnixTime,
}

/// Well-known headers that no policy can allow: they carry credentials, or change where a request goes, what it does, or how it is
/// transmitted. The names that end with `-` are prefixes.
const FORBIDDEN: &[&str] = &[
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-api-key",
    "x-auth-token",
    "x-forwarded-",
    "x-host",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-",
    "x-rewrite-url",
];

impl Default for EndpointPolicy {
    fn default() -> Self {
        Self {
            posts: Vec::new(),
            headers: Vec::new(),
            max_body: 5 << 20,
            time_limit: Duration::from_secs(60),
            rate_limit_reset: None,
        }
    }
}

impl EndpointPolicy {
    /// Creates a policy that allows `GET` requests only.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Allows `POST` to this path below the base URL. Its body is sent with this content type. A path can be allowed only
    /// once.
    ///
    /// Only allow paths that change nothing in the upstream, such as a search or a GraphQL endpoint whose credentials
    /// can only read. Callers choose the query, so don't allow a path whose query decides what it does.
    #[must_use]
    pub fn post(mut self, path: impl Into<String>, content_type: impl Into<String>) -> Self {
        self.posts.push((path.into(), content_type.into()));
        self
    }

    /// Allows callers to set this header. Case doesn't matter.
    ///
    /// Headers for credentials, hop-by-hop headers, and those that override the host, the method or the body's encoding
    /// can't be allowed.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>) -> Self {
        self.headers.push(name.into());
        self
    }

    /// Sets the maximum size of the upstream's response body, in bytes after decompression. 5 MiB by default.
    #[must_use]
    pub const fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Sets how long the upstream may take, including its body. 60 seconds by default. The deadline of the call also
    /// applies.
    #[must_use]
    pub const fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Reads the upstream's `X-RateLimit-Reset` if a response with status 403 or 429 has no `Retry-After`. Ignored by
    /// default.
    #[must_use]
    pub const fn rate_limit_reset(mut self, reset: RateLimitReset) -> Self {
        self.rate_limit_reset = Some(reset);
        self
    }

    /// Returns what is wrong with the policy, if anything.
    pub(crate) fn mistake(&self) -> Option<String> {
        let base = Url::parse("http://localhost/").ok()?;
        let post = self.posts.iter().find_map(|(path, content_type)| {
            let reason = match post_path(&base, path) {
                Err(reason) => reason,
                Ok(_) if HeaderValue::from_str(content_type).is_err() => "the content type is not valid",
                Ok(_) => return None,
            };
            Some(format!("POST can't be allowed to {path:?}: {reason}"))
        });
        let twice = self.posts.iter().enumerate().find_map(|(index, (path, _))| {
            let same = post_path(&base, path).ok()?;
            let is_same =
                |(other, _): &(String, String)| post_path(&base, other).is_ok_and(|other| other == same);
            // Only the first content type would be sent.
            let is_set = self.posts.iter().take(index).any(is_same);
            is_set.then(|| format!("POST is allowed twice to {path:?}: a path has one content type"))
        });
        let header = self.headers.iter().find_map(|name| {
            let reason = match HeaderName::try_from(name) {
                Err(_) => "it is not a valid name",
                Ok(name) if is_forbidden(name.as_str()) => "callers must not set it",
                Ok(_) => return None,
            };
            Some(format!("the header {name:?} can't be allowed: {reason}"))
        });
        post.or(twice).or(header)
    }

    /// Returns the headers that a request is sent with, except for the endpoint's `own`.
    pub(super) fn headers(
        &self,
        request: &FulfillArbitraryEndpointRequest,
        own: &HeaderMap,
    ) -> Result<HeaderMap, String> {
        let mut headers = HeaderMap::new();
        for (name, value) in request.headers.iter().flatten() {
            let allowed = HeaderName::try_from(name).ok().filter(|header| {
                self.headers.iter().any(|allowed| header.as_str().eq_ignore_ascii_case(allowed))
                    && !is_forbidden(header.as_str())
                    && !own.contains_key(header)
            });
            let Some(header) = allowed else {
                // The name may be anything, but it is the caller's own.
                return Err(format!(
                    "the header {:?} is not allowed",
                    name.chars().take(64).collect::<String>()
                ));
            };
            let Ok(mut value) = HeaderValue::from_str(value) else {
                return Err(format!("the value of the header {header} is not valid"));
            };
            value.set_sensitive(true);
            if headers.contains_key(&header) {
                return Err(format!("the header {header} is set twice"));
            }
            headers.insert(header, value);
        }
        Ok(headers)
    }

    /// Checks the method and the body. Returns the content type of the body, if there is one.
    pub(super) fn content_type(
        &self,
        base: &Url,
        url: &Url,
        request: &FulfillArbitraryEndpointRequest,
    ) -> Result<Option<(HeaderName, HeaderValue)>, Reason> {
        match request.method.unwrap_or_default() {
            ArbitraryRequestMethod::Get if request.body.is_some() => {
                Err("only a POST request can have a body")
            }
            ArbitraryRequestMethod::Get => Ok(None),
            ArbitraryRequestMethod::Post => {
                let path = target::relative_path(base, url);
                let allowed = self.posts.iter().find(|(allowed, _)| {
                    post_path(base, allowed)
                        .is_ok_and(|allowed| target::relative_path(base, &allowed) == path)
                });
                let value = allowed.and_then(|(_, content_type)| HeaderValue::from_str(content_type).ok());
                value.map(|value| Some((CONTENT_TYPE, value))).ok_or("POST is not allowed for this path")
            }
        }
    }
}

/// Resolves a path that an author allows.
fn post_path(base: &Url, path: &str) -> Result<Url, Reason> {
    if path.contains('?') {
        return Err("a path has no query");
    }
    if path.contains("://") {
        return Err("a path is relative to the base URL");
    }
    target::resolve(base, &FulfillArbitraryEndpointRequest::new(path))
}

/// Whether a header can't be allowed. `name` is in lower case.
fn is_forbidden(name: &str) -> bool {
    FORBIDDEN.iter().any(|known| name == *known || known.ends_with('-') && name.starts_with(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_of_authors_are_found() {
        assert_eq!(
            EndpointPolicy::new()
                .post("/search", "application/json")
                .post("/find", "application/json")
                .header("If-None-Match")
                .mistake(),
            None
        );
        for (policy, reason) in [
            (EndpointPolicy::new().post("/a/../b", "a/b"), "segments"),
            (EndpointPolicy::new().post("/a?b", "a/b"), "no query"),
            (EndpointPolicy::new().post("http://localhost/a", "a/b"), "relative"),
            (EndpointPolicy::new().post("/a", "a/b\r\nX: y"), "content type"),
            (EndpointPolicy::new().post("/a", "a/b").post("/c", "a/b").post("/a", "c/d"), "twice"),
            (EndpointPolicy::new().post("/a", "a/b").post("a", "a/b"), "twice"),
            (EndpointPolicy::new().header("a b"), "valid name"),
            (EndpointPolicy::new().header("Cookie"), "must not set"),
            (EndpointPolicy::new().header("Transfer-Encoding"), "must not set"),
            (EndpointPolicy::new().header("X-Forwarded-Host"), "must not set"),
            (EndpointPolicy::new().header("Proxy-Authorization"), "must not set"),
        ] {
            let mistake = policy.mistake();
            assert!(mistake.as_ref().is_some_and(|mistake| mistake.contains(reason)), "{mistake:?}");
        }
    }
}
