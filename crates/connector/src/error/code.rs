//! Error codes: the SDK's own, and those that a connector adds.

use std::borrow::Cow;

/// The default error codes.
///
/// On the wire a code is `<app_id>.<code>[.<third level>]`; the SDK writes the prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// What the request names does not exist.
    NotFound,
    /// The connector is at fault.
    InternalError,
    /// The upstream answered with an error that has no code of its own.
    ApiError,
    /// The upstream does not accept the credentials.
    Unauthorized,
    /// The request is not valid.
    BadRequest,
    /// The credentials are accepted, but may not do this.
    PermissionDenied,
    /// The connector does not have this capability.
    NotImplemented,
    /// An error that nothing classified.
    UnexpectedError,
    /// The upstream cannot do this.
    UnsupportedOperation,
    /// The request has a parameter that is not known.
    UnknownParameter,
    /// A parameter has a value that is not known.
    UnknownValue,
    /// A parameter has a value that is not allowed.
    InvalidValue,
}

impl ErrorCode {
    /// All default codes.
    pub const ALL: &'static [Self] = &[
        Self::NotFound,
        Self::InternalError,
        Self::ApiError,
        Self::Unauthorized,
        Self::BadRequest,
        Self::PermissionDenied,
        Self::NotImplemented,
        Self::UnexpectedError,
        Self::UnsupportedOperation,
        Self::UnknownParameter,
        Self::UnknownValue,
        Self::InvalidValue,
    ];

    /// What it means, in one sentence.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::NotFound => "What the request names does not exist",
            Self::InternalError => "The connector is at fault",
            Self::ApiError => "The upstream answered with an error that has no code of its own",
            Self::Unauthorized => "The upstream does not accept the credentials",
            Self::BadRequest => "The request is not valid",
            Self::PermissionDenied => "The credentials are accepted, but may not do this",
            Self::NotImplemented => "The connector does not have this capability",
            Self::UnexpectedError => "An error that nothing classified",
            Self::UnsupportedOperation => "The upstream cannot do this",
            Self::UnknownParameter => "The request has a parameter that is not known",
            Self::UnknownValue => "A parameter has a value that is not known",
            Self::InvalidValue => "A parameter has a value that is not allowed",
        }
    }

    /// The code as it is written, without prefix.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::InternalError => "internal_error",
            Self::ApiError => "api_error",
            Self::Unauthorized => "unauthorized",
            Self::BadRequest => "bad_request",
            Self::PermissionDenied => "permission_denied",
            Self::NotImplemented => "not_implemented",
            Self::UnexpectedError => "unexpected_error",
            Self::UnsupportedOperation => "unsupported_operation",
            Self::UnknownParameter => "unknown_parameter",
            Self::UnknownValue => "unknown_value",
            Self::InvalidValue => "invalid_value",
        }
    }
}

/// Something that can be raised as an error code: an [`ErrorCode`], a string, or a connector's own enum.
///
/// ```
/// use std::borrow::Cow;
/// use connector::error::{ConnectorError, ErrorCodes};
///
/// enum BadgeError {
///     Lost,
///     Expired,
/// }
///
/// impl ErrorCodes for BadgeError {
///     const DOCUMENTED: &'static [(&'static str, &'static str)] = &[
///         ("badge_lost", "The badge has been reported lost"),
///         ("badge_expired", "The badge is past its date"),
///     ];
///
///     fn code(&self) -> Cow<'static, str> {
///         match self {
///             Self::Lost => "badge_lost".into(),
///             Self::Expired => "badge_expired".into(),
///         }
///     }
/// }
///
/// let error = ConnectorError::new("badge 7 is lost", BadgeError::Lost);
/// assert_eq!(error.code(), "badge_lost");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an error code",
    note = "use `ErrorCode::…`, a string, or implement `connector::error::ErrorCodes` for your own enum"
)]
pub trait ErrorCodes {
    /// The codes and what they mean, for `info` and the documentation; see
    /// [`error_codes`](crate::IntegrationBuilder::error_codes).
    const DOCUMENTED: &'static [(&'static str, &'static str)] = &[];

    /// The code as it is written, without the app's prefix.
    fn code(&self) -> Cow<'static, str>;
}

impl ErrorCodes for ErrorCode {
    fn code(&self) -> Cow<'static, str> {
        self.as_str().into()
    }
}

impl ErrorCodes for &'static str {
    fn code(&self) -> Cow<'static, str> {
        (*self).into()
    }
}

impl ErrorCodes for String {
    fn code(&self) -> Cow<'static, str> {
        self.clone().into()
    }
}
