//! Error codes: the default ones and a connector's own.

use std::borrow::Cow;

/// Passes every default error code to the macro `$then`: its variant, its name on the wire, its constructor on
/// [`ConnectorError`](super::ConnectorError), and its description.
macro_rules! each_code {
    ($then:ident) => {
        $then! {
            NotFound, "not_found", not_found, "Something that the request refers to does not exist";
            InternalError, "internal_error", internal_error, "The connector is at fault";
            ApiError, "api_error", api_error, "The upstream returned an error that has no more specific code";
            Unauthorized, "unauthorized", unauthorized, "The upstream rejected the credentials";
            BadRequest, "bad_request", bad_request, "The request is invalid";
            PermissionDenied, "permission_denied", permission_denied,
                "The credentials are valid but lack the permission";
            NotImplemented, "not_implemented", not_implemented,
                "The connector does not have this capability";
            UnexpectedError, "unexpected_error", unexpected_error, "The error has not been classified";
            UnsupportedOperation, "unsupported_operation", unsupported_operation,
                "The upstream does not support this operation";
            UnknownParameter, "unknown_parameter", unknown_parameter,
                "The request has an unknown parameter";
            UnknownValue, "unknown_value", unknown_value, "A parameter has an unknown value";
            InvalidValue, "invalid_value", invalid_value, "A parameter has a value that is not allowed";
            InvalidPageToken, "invalid_page_token", invalid_page_token,
                "The page token is invalid or has expired";
            IntegrationMissingParameter, "integration_missing_parameter", missing_parameter,
                "A setting that this call requires is missing";
            Conflict, "conflict", conflict, "The request conflicts with the upstream's current state";
            AuthenticationExpired, "authentication_expired", authentication_expired,
                "The credentials have expired";
            CredsRevoked, "creds_revoked", credentials_revoked, "The credentials have been revoked";
            RateLimit, "rate_limit", rate_limited, "The upstream's rate limit has been reached";
            BudgetExhausted, "budget_exhausted", budget_exhausted,
                "The connector's own budget of upstream requests is exhausted";
            BadGateway, "bad_gateway", bad_gateway, "The upstream, or a gateway before it, failed";
            ServiceError, "service_error", service_error, "The upstream is temporarily unavailable";
            RequestTimeout, "request_timeout", request_timeout, "The upstream did not respond in time";
            ConnectionTimeout, "connection_timeout", connection_timeout,
                "The connection to the upstream could not be established";
            ConnectionRejected, "connection_rejected", connection_rejected,
                "The upstream rejected the connection";
            ConnectionClosed, "connection_closed", connection_closed,
                "The upstream closed the connection before its response was complete";
            InvalidResponse, "invalid_response", invalid_response,
                "The upstream's response could not be understood";
        }
    };
}
pub(super) use each_code;

macro_rules! codes {
    ($($code:ident, $name:literal, $constructor:ident, $meaning:literal;)*) => {
        /// The default error codes.
        ///
        /// In the classic format, a code is written as `<app_id>.<code>[.<third level>]`. The SDK adds the prefix. The
        /// openapi format has a fixed list of codes, where `ApiError` is written as `invalid_response`,
        /// `NotImplemented` as `unsupported_operation`, `UnexpectedError` as `internal_error`, and `UnknownParameter`
        /// as `bad_request`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $(
                #[doc = concat!($meaning, ".")]
                $code,
            )*
        }

        impl ErrorCode {
            /// All default codes.
            pub const ALL: &'static [Self] = &[$(Self::$code),*];

            /// A one-sentence description.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$code => $meaning,)*
                }
            }

            /// The code as a string, without the app's prefix.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$code => $name,)*
                }
            }
        }
    };
}
each_code!(codes);

impl ErrorCode {
    /// The code that openapi has for the HTTP status of an upstream's response.
    pub(crate) const fn of_status(status: u16) -> Self {
        match status {
            400 | 413 | 415 | 422 => Self::BadRequest,
            401 => Self::Unauthorized,
            403 => Self::PermissionDenied,
            404 => Self::NotFound,
            405 | 406 | 501 => Self::UnsupportedOperation,
            408 => Self::RequestTimeout,
            409 => Self::Conflict,
            429 => Self::RateLimit,
            503 => Self::ServiceError,
            // An unknown status counts as 500 (RFC 9110, section 15).
            500..=599 => Self::BadGateway,
            _ => Self::InvalidResponse,
        }
    }
}

/// A value that can be used as an error code: an [`ErrorCode`], a string, or a connector's own enum.
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
///         ("badge_expired", "The badge has expired"),
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
    /// The codes and their descriptions, for `info` and the documentation; see
    /// [`error_codes`](crate::IntegrationBuilder::error_codes).
    const DOCUMENTED: &'static [(&'static str, &'static str)] = &[];

    /// The code, without the app's prefix.
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
