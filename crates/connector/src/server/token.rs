//! The server's bearer token (RFC 6750).

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use subtle::ConstantTimeEq as _;

use super::routes::Apps;
use crate::error::ErrorCode;
use crate::secret::Secret;

/// Returns whether a request carries the token. The comparison takes constant time.
pub(super) fn bears(headers: &HeaderMap, token: &Secret) -> bool {
    let given = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes).and_then(|value| {
        let (scheme, given) = value.split_at_checked(7)?;
        scheme.eq_ignore_ascii_case(b"bearer ").then_some(given.trim_ascii())
    });
    given.is_some_and(|given| given.ct_eq(token.expose().as_bytes()).into())
}

/// The response to a request without the token.
pub(super) fn unauthorized(apps: &Apps) -> Response {
    let message = "this server requires a bearer token";
    let mut response = apps.error_response(StatusCode::UNAUTHORIZED, ErrorCode::Unauthorized, message);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_token_must_match() {
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
