//! Errors that the connector raises deliberately.

use std::borrow::Cow;

use connector::error::ErrorCodes;
use connector::{ConnectorError, ErrorCode};

/// Errors with a custom code.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MockError {
    /// Another account already has the email or username of the request.
    AlreadyExists,
}

impl ErrorCodes for MockError {
    const DOCUMENTED: &'static [(&'static str, &'static str)] =
        &[("bad_request.already_exists", "Another account already has this email or username")];

    fn code(&self) -> Cow<'static, str> {
        match self {
            Self::AlreadyExists => "bad_request.already_exists".into(),
        }
    }
}

/// The request's `field` refers to a `what` that the tenant doesn't have.
pub(crate) fn no_such(what: &str, field: impl std::fmt::Display) -> ConnectorError {
    ConnectorError::new(format!("{field}: there is no such {what}"), ErrorCode::NotFound)
}

/// The request cannot be carried out.
pub(crate) fn bad_request(message: impl Into<String>) -> ConnectorError {
    ConnectorError::new(message, ErrorCode::BadRequest)
}
