//! Errors in the openapi format: with a code from a fixed list, metadata derived from it, and no `response`.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{EncounteredErrorResponse, ErrorResponse, retry_seconds};
use crate::model::Page;

#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ErrorResponse")]
pub(super) struct Failure {
    #[serde(default = "yes")]
    is_error: bool,
    error: Error,
    raw_data: Option<serde_json::Map<String, serde_json::Value>>,
    page: Option<Page>,
}

const fn yes() -> bool {
    true
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "Self")]
pub(super) struct Error {
    message: String,
    status_code: Option<i64>,
    app_error_code: Option<String>,
    error_code: ErrorCode,
    app_id: String,
    raised_by: Option<String>,
    raised_in: Option<String>,
    error_metadata: Option<ErrorMetadata>,
}

impl Error {
    pub(super) fn of(app_id: &str, error: EncounteredErrorResponse) -> Self {
        let error_code = ErrorCode::of(&error.error_code, error.status_code);
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
impl<'de> Deserialize<'de> for Error {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut error = Self::deserialize(deserializer)?;
        error.error_metadata.get_or_insert_with(|| error.error_code.metadata());
        Ok(error)
    }
}

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ErrorCode {
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

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
struct ErrorMetadata {
    fault: Fault,
    category: Category,
    hint: Option<String>,
    retryable: bool,
    throttled: bool,
    refreshable: bool,
    retry_after_seconds: Option<i64>,
}

#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Fault {
    Caller,
    Connector,
    Upstream,
    Infrastructure,
    Unknown,
}

#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Category {
    Authentication,
    Authorization,
    Transient,
    Client,
    Internal,
}

impl ErrorCode {
    fn metadata(self) -> ErrorMetadata {
        let (category, fault) = match self {
            Self::BadRequest
            | Self::InvalidValue
            | Self::UnknownValue
            | Self::NotFound
            | Self::InvalidPageToken
            | Self::IntegrationMissingParameter
            | Self::Conflict => (Category::Client, Fault::Caller),
            Self::Unauthorized | Self::AuthenticationExpired | Self::CredsRevoked => {
                (Category::Authentication, Fault::Upstream)
            }
            Self::PermissionDenied => (Category::Authorization, Fault::Upstream),
            Self::RateLimit
            | Self::BadGateway
            | Self::ServiceError
            | Self::BudgetExhausted
            | Self::RequestTimeout => (Category::Transient, Fault::Upstream),
            Self::ConnectionTimeout | Self::ConnectionRejected | Self::ConnectionClosed => {
                (Category::Transient, Fault::Infrastructure)
            }
            Self::UnsupportedOperation | Self::InternalError | Self::InvalidResponse => {
                (Category::Internal, Fault::Connector)
            }
        };
        ErrorMetadata {
            fault,
            category,
            hint: None,
            retryable: matches!(category, Category::Transient) || self == Self::InternalError,
            throttled: matches!(self, Self::RateLimit | Self::BudgetExhausted),
            refreshable: matches!(category, Category::Authentication),
            retry_after_seconds: None,
        }
    }

    /// Maps the code of an error, such as `unauthorized` or `badge.unauthorized`.
    fn of(code: &str, status: Option<u16>) -> Self {
        let last = code.rsplit('.').next().unwrap_or_default();
        let first = code.split('.').next().unwrap_or_default();
        let known =
            |name: &str| Self::deserialize(serde::de::value::StrDeserializer::<Unknown>::new(name)).ok();
        match known(last).or_else(|| known(first)) {
            // The upstream's status maps to a more specific code.
            Some(Self::InvalidResponse) | None => Self::of_status(status),
            Some(code) => code,
        }
    }

    const fn of_status(status: Option<u16>) -> Self {
        match status {
            Some(405 | 501) => Self::UnsupportedOperation,
            Some(408) => Self::RequestTimeout,
            Some(409) => Self::Conflict,
            Some(415 | 422) => Self::BadRequest,
            Some(429) => Self::RateLimit,
            Some(503) => Self::ServiceError,
            // A status that is not known counts as 500 (RFC 9110, section 15).
            Some(500..=599) => Self::BadGateway,
            _ => Self::InvalidResponse,
        }
    }
}

type Unknown = serde::de::value::Error;

pub(crate) fn write(app_id: &str, failed: &ErrorResponse, out: &mut Vec<u8>) -> serde_json::Result<()> {
    serde_json::to_writer(
        out,
        &Failure {
            is_error: true,
            error: Error::of(app_id, failed.error.clone()),
            raw_data: match &failed.raw_data {
                Some(serde_json::Value::Object(fields)) => Some(fields.clone()),
                _ => None,
            },
            page: failed.page.clone(),
        },
    )
}

/// Reads an error and writes it again.
#[cfg(feature = "conformance")]
pub(crate) fn rewrite(text: &str) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&crate::read::strict::<Failure>(text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_mapped_to_the_closest_ones_in_the_format() {
        for (code, status, expected) in [
            ("not_implemented", None, ErrorCode::UnsupportedOperation),
            ("unexpected_error", None, ErrorCode::InternalError),
            ("badge.unauthorized", Some(401), ErrorCode::Unauthorized),
            ("bad_request.already_exists", None, ErrorCode::BadRequest),
            ("api_error", Some(429), ErrorCode::RateLimit),
            ("api_error", Some(405), ErrorCode::UnsupportedOperation),
            ("api_error", Some(408), ErrorCode::RequestTimeout),
            ("api_error", Some(409), ErrorCode::Conflict),
            ("api_error", Some(410), ErrorCode::InvalidResponse),
            ("api_error", Some(422), ErrorCode::BadRequest),
            ("api_error", Some(500), ErrorCode::BadGateway),
            ("api_error", Some(501), ErrorCode::UnsupportedOperation),
            ("api_error", Some(503), ErrorCode::ServiceError),
            ("api_error", Some(504), ErrorCode::BadGateway),
            ("api_error", Some(529), ErrorCode::BadGateway),
            ("api_error", Some(418), ErrorCode::InvalidResponse),
            ("badge_lost", None, ErrorCode::InvalidResponse),
            ("unknown_parameter", None, ErrorCode::BadRequest),
        ] {
            assert_eq!(ErrorCode::of(code, status), expected, "{code}");
        }
    }
}
