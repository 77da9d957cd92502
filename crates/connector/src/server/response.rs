//! HTTP responses and their statuses.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::integration::Outcome;

/// Creates a JSON response.
pub(super) fn json(status: StatusCode, body: Vec<u8>) -> Response {
    of_type(status, "application/json", body)
}

pub(super) fn of_type(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// Creates the response to a method other than those `allowed` for the path.
pub(super) fn wrong_method(
    allowed: &'static str,
    error_response: impl FnOnce(StatusCode, &str) -> Response,
) -> Response {
    let mut response =
        error_response(StatusCode::METHOD_NOT_ALLOWED, &format!("this path accepts only {allowed}"));
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}

/// The status of a call's response.
pub(super) fn status(outcome: &Outcome, from_error: bool) -> StatusCode {
    match outcome {
        Outcome::Success { .. } => StatusCode::OK,
        Outcome::Malformed => StatusCode::BAD_REQUEST,
        Outcome::Rejected => StatusCode::UNPROCESSABLE_ENTITY,
        Outcome::TimedOut => StatusCode::GATEWAY_TIMEOUT,
        Outcome::NotImplemented => StatusCode::NOT_FOUND,
        Outcome::Failed { code } if from_error => class(code),
        Outcome::Failed { .. } => StatusCode::OK,
    }
}

/// The status of an error's class. For a connector's own code, its last level that is a default code determines the
/// class.
fn class(code: &str) -> StatusCode {
    let known = code.rsplit('.').find_map(|level| match level {
        "bad_request"
        | "unknown_parameter"
        | "unknown_value"
        | "invalid_value"
        | "invalid_page_token"
        | "integration_missing_parameter" => Some(StatusCode::BAD_REQUEST),
        "unauthorized" | "authentication_expired" | "creds_revoked" => Some(StatusCode::UNAUTHORIZED),
        "permission_denied" => Some(StatusCode::FORBIDDEN),
        "not_found" => Some(StatusCode::NOT_FOUND),
        "conflict" => Some(StatusCode::CONFLICT),
        "rate_limit" | "budget_exhausted" => Some(StatusCode::TOO_MANY_REQUESTS),
        "not_implemented" | "unsupported_operation" => Some(StatusCode::NOT_IMPLEMENTED),
        "api_error"
        | "bad_gateway"
        | "service_error"
        | "connection_rejected"
        | "connection_closed"
        | "invalid_response" => Some(StatusCode::BAD_GATEWAY),
        "request_timeout" | "connection_timeout" => Some(StatusCode::GATEWAY_TIMEOUT),
        _ => None,
    });
    known.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_determine_the_status_only_if_enabled() {
        let failed = |code: &str| Outcome::Failed { code: code.to_owned() };
        assert_eq!(status(&failed("not_found"), false), 200);
        for (code, expected) in [
            ("not_found", 404),
            ("badge_office.unauthorized", 401),
            ("bad_request.already_exists", 400),
            ("api_error", 502),
            ("badge_lost", 500),
            ("creds_revoked", 401),
            ("conflict", 409),
            ("rate_limit", 429),
            ("service_error", 502),
            ("badge_office.request_timeout", 504),
        ] {
            assert_eq!(status(&failed(code), true), expected, "{code}");
        }
    }
}
