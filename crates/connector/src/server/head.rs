//! The head of a request, which must not be too large.

use axum::http::{Request, StatusCode};

use super::host::Refusal;

/// How large a head may be: its path and its fields, in bytes. Heads that are much larger never get here: the HTTP
/// library refuses them without a body.
pub(super) const LIMIT: usize = 32 << 10;

/// Checks that the head of a request is not too large.
pub(super) fn check<B>(request: &Request<B>) -> Result<(), Refusal> {
    let fields = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
    let path = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    if path + fields.sum::<usize>() > LIMIT {
        return Err((StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "the head is larger than 32768 bytes"));
    }
    Ok(())
}
