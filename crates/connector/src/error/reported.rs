//! [`ReportedError`]: an error as the openapi format reports it.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{EncounteredErrorResponse, ErrorCode, retry_seconds};

/// An error as the openapi format reports it: with a code from a fixed list, and metadata that follow from the code.
///
/// The SDK reports failed calls this way. A handler creates one only for a payload that carries an error. Its message is
/// then part of the payload, so secrets are not removed from it.
///
/// ```
/// use connector::error::{ConnectorError, Error, ErrorCode, ReportedError, ReportedErrorCode};
///
/// let error: Error = ConnectorError::new("no such group", ErrorCode::NotFound).into();
/// let reported = ReportedError::new("acme", &error);
/// assert_eq!(reported.error_code, ReportedErrorCode::NotFound);
/// assert!(!reported.error_metadata.is_some_and(|metadata| metadata.retryable));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(remote = "Self")]
#[schemars(rename = "Error")]
#[non_exhaustive]
pub struct ReportedError {
    /// What is wrong.
    pub message: String,
    /// The HTTP status that the upstream responded with.
    pub status_code: Option<i64>,
    /// The connector's own code, if it is not one of the fixed list: `acme.badge_lost`.
    pub app_error_code: Option<String>,
    /// The code.
    pub error_code: ReportedErrorCode,
    /// The connector's app ID.
    pub app_id: String,
    /// The type of the error.
    pub raised_by: Option<String>,
    /// Where the error was returned.
    pub raised_in: Option<String>,
    /// Fault, category and whether to retry, derived from the code.
    pub error_metadata: Option<ErrorMetadata>,
}

impl ReportedError {
    /// Reports an error of the connector with this app ID: an [`Error`](super::Error), for example.
    pub fn new(app_id: &str, error: impl Into<EncounteredErrorResponse>) -> Self {
        let error = error.into();
        let error_code = ReportedErrorCode::of(&error.error_code, error.status_code);
        let is_standard =
            serde_json::to_value(error_code).is_ok_and(|name| name == error.error_code.as_str());
        let metadata = error_code.metadata();
        Self {
            message: error.message,
            status_code: error.status_code.map(i64::from),
            app_error_code: (!is_standard).then(|| format!("{app_id}.{}", error.error_code)),
            error_code,
            app_id: app_id.to_owned(),
            raised_by: error.raised_by,
            raised_in: error.raised_in,
            error_metadata: Some(ErrorMetadata {
                retry_after_seconds: error.retry_after.map(retry_seconds),
                retryable: error.retryable.unwrap_or(metadata.retryable),
                hint: error.hint,
                ..metadata
            }),
        }
    }
}

/// If the metadata is missing, it is derived from the code.
impl<'de> Deserialize<'de> for ReportedError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut error = Self::deserialize(deserializer)?;
        error.error_metadata.get_or_insert_with(|| error.error_code.metadata());
        Ok(error)
    }
}

impl Serialize for ReportedError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

/// The code of a [`ReportedError`]. The other codes of [`ErrorCode`](super::ErrorCode) are mapped to these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ErrorCode")]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are the API's own")]
pub enum ReportedErrorCode {
    #[serde(alias = "unknown_parameter")]
    BadRequest,
    InvalidValue,
    UnknownValue,
    NotFound,
    InvalidPageToken,
    IntegrationMissingParameter,
    #[serde(alias = "not_implemented")]
    UnsupportedOperation,
    Conflict,
    #[serde(alias = "unauthenticated")]
    Unauthorized,
    AuthenticationExpired,
    CredsRevoked,
    PermissionDenied,
    RateLimit,
    BadGateway,
    ServiceError,
    BudgetExhausted,
    ConnectionTimeout,
    RequestTimeout,
    ConnectionRejected,
    ConnectionClosed,
    #[serde(alias = "unexpected_error")]
    InternalError,
    #[serde(alias = "api_error", alias = "client_call_error")]
    InvalidResponse,
}

/// Fault, category and whether to retry, derived from the code of a [`ReportedError`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ErrorMetadata {
    /// Who has to act.
    pub fault: ErrorFault,
    /// What kind of error it is.
    pub category: ErrorCategory,
    /// What the reader can do about it.
    pub hint: Option<String>,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// Whether the call came too soon after others.
    pub throttled: bool,
    /// Whether new credentials would help.
    pub refreshable: bool,
    /// How many seconds to wait before another attempt.
    pub retry_after_seconds: Option<i64>,
}

/// Who has to act on an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Fault")]
#[non_exhaustive]
pub enum ErrorFault {
    /// Whoever sent the request.
    Caller,
    /// The connector's author.
    Connector,
    /// Whoever runs the upstream.
    Upstream,
    /// Whoever runs the network between the two.
    Infrastructure,
    /// It is unknown.
    Unknown,
}

/// What kind of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Category")]
#[non_exhaustive]
pub enum ErrorCategory {
    /// The credentials are not accepted.
    Authentication,
    /// The credentials are accepted but do not permit the call.
    Authorization,
    /// It may resolve by itself.
    Transient,
    /// The request is wrong.
    Client,
    /// The connector is at fault.
    Internal,
}

impl ReportedErrorCode {
    fn metadata(self) -> ErrorMetadata {
        let (category, fault) = match self {
            Self::BadRequest
            | Self::InvalidValue
            | Self::UnknownValue
            | Self::NotFound
            | Self::InvalidPageToken
            | Self::IntegrationMissingParameter
            | Self::Conflict => (ErrorCategory::Client, ErrorFault::Caller),
            Self::Unauthorized | Self::AuthenticationExpired | Self::CredsRevoked => {
                (ErrorCategory::Authentication, ErrorFault::Upstream)
            }
            Self::PermissionDenied => (ErrorCategory::Authorization, ErrorFault::Upstream),
            Self::RateLimit
            | Self::BadGateway
            | Self::ServiceError
            | Self::BudgetExhausted
            | Self::RequestTimeout => (ErrorCategory::Transient, ErrorFault::Upstream),
            Self::ConnectionTimeout | Self::ConnectionRejected | Self::ConnectionClosed => {
                (ErrorCategory::Transient, ErrorFault::Infrastructure)
            }
            Self::UnsupportedOperation | Self::InternalError | Self::InvalidResponse => {
                (ErrorCategory::Internal, ErrorFault::Connector)
            }
        };
        ErrorMetadata {
            fault,
            category,
            hint: None,
            retryable: matches!(category, ErrorCategory::Transient) || self == Self::InternalError,
            throttled: matches!(self, Self::RateLimit | Self::BudgetExhausted),
            refreshable: matches!(category, ErrorCategory::Authentication),
            retry_after_seconds: None,
        }
    }

    /// Maps the code of an error, such as `unauthorized` or `badge.unauthorized`. A code without a counterpart is mapped
    /// by the upstream's status.
    pub(crate) fn of(code: &str, status: Option<u16>) -> Self {
        let last = code.rsplit('.').next().unwrap_or_default();
        let first = code.split('.').next().unwrap_or_default();
        let is_unspecific = |name: &str| matches!(name, "api_error" | "client_call_error");
        let by_name = [last, first].into_iter().filter(|name| !is_unspecific(name)).find_map(Self::known);
        let by_status = || Self::known(ErrorCode::of_status(status?).as_str());
        by_name.or_else(by_status).unwrap_or(Self::InvalidResponse)
    }

    fn known(name: &str) -> Option<Self> {
        Self::deserialize(serde::de::value::StrDeserializer::<Unknown>::new(name)).ok()
    }

    /// Whether the upstream request that failed has changed nothing, so that even an unsafe write can be repeated.
    pub(crate) const fn nothing_was_done(self) -> bool {
        matches!(
            self,
            Self::RateLimit | Self::BudgetExhausted | Self::ConnectionTimeout | Self::ConnectionRejected
        )
    }
}

type Unknown = serde::de::value::Error;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_mapped_to_the_closest_ones_in_the_format() {
        for (code, status, expected) in [
            ("not_implemented", None, ReportedErrorCode::UnsupportedOperation),
            ("unexpected_error", None, ReportedErrorCode::InternalError),
            ("badge.unauthorized", Some(401), ReportedErrorCode::Unauthorized),
            ("bad_request.already_exists", None, ReportedErrorCode::BadRequest),
            ("api_error", Some(429), ReportedErrorCode::RateLimit),
            ("api_error", Some(405), ReportedErrorCode::UnsupportedOperation),
            ("api_error", Some(408), ReportedErrorCode::RequestTimeout),
            ("api_error", Some(409), ReportedErrorCode::Conflict),
            ("api_error", Some(410), ReportedErrorCode::InvalidResponse),
            ("api_error", Some(422), ReportedErrorCode::BadRequest),
            ("api_error", Some(500), ReportedErrorCode::BadGateway),
            ("api_error", Some(501), ReportedErrorCode::UnsupportedOperation),
            ("api_error", Some(503), ReportedErrorCode::ServiceError),
            ("api_error", Some(504), ReportedErrorCode::BadGateway),
            ("api_error", Some(529), ReportedErrorCode::BadGateway),
            ("api_error", Some(418), ReportedErrorCode::InvalidResponse),
            ("badge_lost", None, ReportedErrorCode::InvalidResponse),
            ("badge_lost", Some(404), ReportedErrorCode::NotFound),
            ("invalid_response", Some(500), ReportedErrorCode::InvalidResponse),
            ("directory.api_error", Some(403), ReportedErrorCode::PermissionDenied),
            ("directory.request_timeout", None, ReportedErrorCode::RequestTimeout),
            ("unknown_parameter", None, ReportedErrorCode::BadRequest),
        ] {
            assert_eq!(ReportedErrorCode::of(code, status), expected, "{code}");
        }
    }
}
