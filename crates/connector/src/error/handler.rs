//! Exception handlers, which turn errors into responses.

use std::future::Future;
use std::time::Duration;

use super::{ConnectorError, Error, ErrorCode, UpstreamStatus, upstream};
use crate::model::Page;

/// An error as the caller receives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EncounteredErrorResponse {
    /// A description of what went wrong, for people.
    pub message: String,
    /// The HTTP status that the upstream returned, if any.
    pub status_code: Option<u16>,
    /// The code without the app's prefix, which the SDK adds. Examples: `not_found`, `custom_code.unauthorized`.
    pub error_code: String,
    /// The type of the error.
    pub raised_by: Option<String>,
    /// The capability handler that raised the error, as `module.path:function`.
    pub raised_in: Option<String>,
    /// How long the caller should wait before it retries. Openapi format only, where it is written in seconds, rounded
    /// up.
    pub retry_after: Option<Duration>,
    /// Whether a retry may succeed, or `None` if this follows from the code. Openapi format only.
    pub retryable: Option<bool>,
    /// What the reader can do about the error. Openapi format only.
    pub hint: Option<String>,
}

impl EncounteredErrorResponse {
    /// Returns all strings in the error.
    pub(crate) fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let always = [&mut self.message, &mut self.error_code];
        let optional = [self.raised_by.as_mut(), self.raised_in.as_mut(), self.hint.as_mut()];
        always.into_iter().chain(optional.into_iter().flatten())
    }
}

/// The SDK's initial response for an error, before any exception handler runs. It doesn't consider errors of HTTP
/// clients. If a [`ConnectorError`] is among the causes, its code is used.
pub(crate) fn initial_response(error: &Error) -> EncounteredErrorResponse {
    let raised = error.find::<ConnectorError>();
    EncounteredErrorResponse {
        message: error.to_string(),
        status_code: error.chain().find_map(upstream::known_status),
        error_code: raised.map_or(ErrorCode::UnexpectedError.as_str(), ConnectorError::code).to_owned(),
        raised_by: Some(error.type_name()),
        raised_in: None,
        retry_after: raised.and_then(ConnectorError::retry_after),
        retryable: raised.and_then(ConnectorError::retryable),
        hint: raised.and_then(ConnectorError::hint).map(str::to_owned),
    }
}

/// Converts a wait to whole seconds, rounding up so that the caller doesn't retry too early.
pub(crate) fn retry_seconds(wait: Duration) -> i64 {
    let seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX);
    seconds.saturating_add(i64::from(wait.subsec_nanos() > 0))
}

/// The whole response to a failed call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ErrorResponse {
    /// The error.
    pub error: EncounteredErrorResponse,
    /// The upstream's response, if it should be shown.
    pub raw_data: Option<serde_json::Value>,
    /// The page of the listing, if known.
    pub page: Option<Page>,
}

/// The call that raised an error.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CallContext<'a> {
    /// The integration's app id.
    pub app_id: &'a str,
    /// The capability's name.
    pub capability: &'a str,
    /// The handler, as `module.path:function`.
    pub raised_in: &'a str,
    /// The request id that the caller set.
    pub request_id: Option<&'a str>,
    /// The code that the exception handler was registered with, if any.
    pub code: Option<&'a str>,
    /// Whether the wire format has codes for the ways in which talking to an upstream fails.
    pub(crate) has_upstream_codes: bool,
    /// The code of such a failure, if the wire format has it and the SDK recognized the error.
    pub(crate) upstream_code: Option<ErrorCode>,
}

/// Turns an error of type `E` into a response.
///
/// A handler receives the response that the previous handlers produced and returns the new one. It can change a field,
/// replace the response, or make calls of its own.
///
/// ```
/// use connector::error::{CallContext, ErrorResponse, ExceptionHandler};
///
/// struct CustomHandler;
///
/// impl ExceptionHandler<std::io::Error> for CustomHandler {
///     async fn handle(
///         &self,
///         error: &std::io::Error,
///         _call: CallContext<'_>,
///         mut response: ErrorResponse,
///     ) -> ErrorResponse {
///         if error.kind() == std::io::ErrorKind::NotFound {
///             response.error.error_code = "custom_error_code".to_owned();
///         }
///         response
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not handle errors of type `{E}`",
    note = "`HttpHandler` handles errors that implement `UpstreamStatus`, `DefaultHandler` handles all errors; a custom handler implements \
            `ExceptionHandler<{E}>`"
)]
pub trait ExceptionHandler<E>: Send + Sync + 'static {
    /// Returns the response to a call that failed with `error`.
    fn handle(
        &self,
        error: &E,
        call: CallContext<'_>,
        response: ErrorResponse,
    ) -> impl Future<Output = ErrorResponse> + Send;
}

/// Keeps the SDK's response: the error's message, the upstream's status, and the code that the handler was registered
/// with (`unexpected_error` without one).
#[derive(Clone, Copy, Debug, Default)]
pub struct DefaultHandler;

impl<E: Sync> ExceptionHandler<E> for DefaultHandler {
    async fn handle(&self, _: &E, _: CallContext<'_>, response: ErrorResponse) -> ErrorResponse {
        response
    }
}

/// Sets the error code from the HTTP status that the upstream returned: `bad_request` for 400, `unauthorized` for 401,
/// `permission_denied` for 403, `not_found` for 404, and `api_error` otherwise.
///
/// If the handler was registered with a code, the result is `<app_id>.<code>.unauthorized`, for example.
///
/// The openapi format has codes for more statuses, such as 429 and 503, and writes those instead of `api_error`. It also
/// has codes for an upstream that can't be reached or understood.
///
/// An error without a status keeps the code that it has, for example from a `ConnectorError` among its causes.
#[derive(Clone, Copy, Debug, Default)]
pub struct HttpHandler;

impl<E: UpstreamStatus + Sync> ExceptionHandler<E> for HttpHandler {
    async fn handle(&self, error: &E, call: CallContext<'_>, mut response: ErrorResponse) -> ErrorResponse {
        let status = error.upstream_status();
        let unclassified = call.code.unwrap_or(ErrorCode::UnexpectedError.as_str());
        if status.is_none() && response.error.error_code != unclassified {
            return response;
        }
        let code = match status {
            Some(status) if call.has_upstream_codes => ErrorCode::of_status(status),
            Some(400) => ErrorCode::BadRequest,
            Some(401) => ErrorCode::Unauthorized,
            Some(403) => ErrorCode::PermissionDenied,
            Some(404) => ErrorCode::NotFound,
            _ => ErrorCode::ApiError,
        };
        response.error.status_code = status.or(response.error.status_code);
        response.error.error_code = match call.code {
            Some(prefix) => format!("{prefix}.{}", code.as_str()),
            None => code.as_str().to_owned(),
        };
        response
    }
}
