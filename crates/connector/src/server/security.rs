//! Who may ask at all.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use subtle::ConstantTimeEq as _;

use super::call::App;
use super::reply;
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
pub(super) fn unauthorized(apps: &[App]) -> Response {
    let message = "this server asks for a bearer token";
    let mut response = match apps.first() {
        Some(app) => app.complain(StatusCode::UNAUTHORIZED, ErrorCode::Unauthorized, message),
        None => reply::of_type(StatusCode::UNAUTHORIZED, "text/plain", message),
    };
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

/// What a request to a loopback address is told that names another host.
pub(super) const FOREIGN_HOST: &str = "this server answers only to localhost and its addresses";

/// Refuses requests to a loopback address that name another host: a page on the internet may have its name resolved
/// to 127.0.0.1 and then speak to this server as if it were its own (DNS rebinding).
pub(super) async fn local_host(
    State(complaint): State<Arc<[u8]>>,
    request: Request<Body>,
    next: Next,
) -> Response {
    let named = request.uri().host().or_else(|| request.headers().get(header::HOST)?.to_str().ok());
    if named.is_some_and(is_local) {
        return next.run(request).await;
    }
    reply::json(StatusCode::MISDIRECTED_REQUEST, complaint.to_vec())
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
