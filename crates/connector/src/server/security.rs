//! Who may ask at all.

use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::response::Response;
use hyper::body::Incoming;
use subtle::ConstantTimeEq as _;

use super::progress::REQUEST_ID;
use super::routes::Site;
use crate::integration::trace::Caller;
use crate::{ErrorCode, Secret};

/// Whether a request carries the token, compared in constant time.
pub(super) fn bears(headers: &HeaderMap, token: &Secret) -> bool {
    let given = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes).and_then(|value| {
        let (scheme, given) = value.split_at_checked(7)?;
        scheme.eq_ignore_ascii_case(b"bearer ").then_some(given.trim_ascii())
    });
    given.is_some_and(|given| given.ct_eq(token.expose().as_bytes()).into())
}

/// The answer to a request without the token.
pub(super) fn unauthorized(site: &Site) -> Response {
    let message = "this server asks for a bearer token";
    let mut response = site.complain(StatusCode::UNAUTHORIZED, ErrorCode::Unauthorized, message);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

/// Who calls, by the heads of the request. An id that holds the server's token is not taken.
pub(super) fn caller(headers: &HeaderMap, token: Option<&Secret>) -> Caller {
    let id = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let caller =
        Caller::told(id.filter(|id| token.is_none_or(|token| !id.contains(token.expose().as_str()))));
    #[cfg(feature = "otlp")]
    let caller = caller.part_of(super::parent::of(headers));
    caller
}

/// Whether a request names this machine. What comes to a loopback address must: a page on the internet may have its
/// name resolved to 127.0.0.1 and then speak to this server as if it were its own (DNS rebinding).
pub(super) fn names_this_machine(request: &Request<Incoming>) -> bool {
    let named = request.uri().host().or_else(|| request.headers().get(header::HOST)?.to_str().ok());
    named.is_some_and(is_local)
}

fn is_local(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_local() {
        for host in ["localhost", "LOCALHOST:8000", "127.0.0.1:80", "127.8.8.8", "[::1]:8000", "[::1]"] {
            assert!(is_local(host), "{host}");
        }
        for host in
            ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "", "[::2]"]
        {
            assert!(!is_local(host), "{host}");
        }
    }

    #[test]
    fn a_token_must_match_as_a_whole() {
        let token = Secret::from("correct-token");
        let with = |value: &'static str| {
            HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static(value))])
        };
        assert!(bears(&with("Bearer correct-token"), &token));
        assert!(bears(&with("bearer correct-token"), &token));
        for wrong in
            ["Bearer correct-toke", "Bearer correct-token2", "Basic correct-token", "correct-token", ""]
        {
            assert!(!bears(&with(wrong), &token), "{wrong}");
        }
        assert!(!bears(&HeaderMap::new(), &token));
    }
}
