//! Error codes: the SDK's own, and those that a connector adds.

use std::borrow::Cow;

/// Hands `$then` every default error code: its variant, its name on the wire, its constructor on
/// [`ConnectorError`](super::ConnectorError), and what it means.
macro_rules! each_code {
    ($then:ident) => {
        $then! {
            NotFound, "not_found", not_found, "What the request names does not exist";
            InternalError, "internal_error", internal_error, "The connector is at fault";
            ApiError, "api_error", api_error, "The upstream returned an error that has no code of its own";
            Unauthorized, "unauthorized", unauthorized, "The upstream does not accept the credentials";
            BadRequest, "bad_request", bad_request, "The request is not valid";
            PermissionDenied, "permission_denied", permission_denied,
                "The credentials are accepted, but do not permit this";
            NotImplemented, "not_implemented", not_implemented,
                "The connector does not have this capability";
            UnexpectedError, "unexpected_error", unexpected_error, "An error that nothing classified";
            UnsupportedOperation, "unsupported_operation", unsupported_operation,
                "The upstream cannot do this";
            UnknownParameter, "unknown_parameter", unknown_parameter,
                "The request has a parameter that is not known";
            UnknownValue, "unknown_value", unknown_value, "A parameter has a value that is not known";
            InvalidValue, "invalid_value", invalid_value, "A parameter has a value that is not allowed";
            InvalidPageToken, "invalid_page_token", invalid_page_token,
                "The page token is not valid, or no longer";
            IntegrationMissingParameter, "integration_missing_parameter", missing_parameter,
                "The settings lack a parameter that this call needs";
            Conflict, "conflict", conflict, "The request conflicts with the upstream's current state";
            AuthenticationExpired, "authentication_expired", authentication_expired,
                "The credentials have expired";
            CredsRevoked, "creds_revoked", credentials_revoked, "The credentials have been revoked";
            RateLimit, "rate_limit", rate_limited, "The upstream's rate limit has been reached";
            BudgetExhausted, "budget_exhausted", budget_exhausted,
                "The connector's own budget of upstream requests has been used up";
            BadGateway, "bad_gateway", bad_gateway, "The upstream, or a gateway before it, failed";
            ServiceError, "service_error", service_error, "The upstream is temporarily unavailable";
            RequestTimeout, "request_timeout", request_timeout, "The upstream did not respond in time";
            ConnectionTimeout, "connection_timeout", connection_timeout,
                "No connection to the upstream could be made";
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
        /// In classic a code is written as `<app_id>.<code>[.<third level>]`; the SDK adds the prefix. Openapi has a
        /// fixed list of codes: `ApiError` is written as `invalid_response` there, `NotImplemented` as
        /// `unsupported_operation`, `UnexpectedError` as `internal_error` and `UnknownParameter` as `bad_request`.
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

            /// What it means, in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$code => $meaning,)*
                }
            }

            /// The code as it is written, without prefix.
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
