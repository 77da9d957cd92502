//! The errors that the connector raises on purpose.

use std::borrow::Cow;

use connector::error::ErrorCodes;
use connector::{ConnectorError, ErrorCode};

/// Errors with a code of the connector's own.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MockError {
    /// An account to be created is there already.
    AlreadyExists,
}

impl ErrorCodes for MockError {
    const DOCUMENTED: &'static [(&'static str, &'static str)] =
        &[("bad_request.already_exists", "The account to create exists already")];

    fn code(&self) -> Cow<'static, str> {
        match self {
            Self::AlreadyExists => "bad_request.already_exists".into(),
        }
    }
}

/// The field `field` of the request names a `what` that the tenant does not have.
pub(crate) fn no_such(what: &str, field: impl std::fmt::Display) -> ConnectorError {
    ConnectorError::new(format!("{field}: there is no such {what}"), ErrorCode::NotFound)
}

/// The request is not one that the connector can carry out.
pub(crate) fn bad_request(message: impl Into<String>) -> ConnectorError {
    ConnectorError::new(message, ErrorCode::BadRequest)
}
