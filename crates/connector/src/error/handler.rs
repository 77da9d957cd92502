//! Exception handlers: what turns an error into the answer that a caller reads.

use std::future::Future;
use std::time::Duration;

use super::{ConnectorError, Error, ErrorCode, UpstreamStatus, upstream};
use crate::model::Page;

/// An error as the caller reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EncounteredErrorResponse {
    /// What went wrong, for people.
    pub message: String,
    /// The HTTP status that the upstream answered with, if there was one.
    pub status_code: Option<u16>,
    /// The code without the app's prefix, which the SDK adds: `not_found`, `custom_code.unauthorized`.
    pub error_code: String,
    /// The type of the error.
    pub raised_by: Option<String>,
    /// The handler in which it was raised, as `module.path:function`.
    pub raised_in: Option<String>,
    /// How long the caller should wait before it repeats the call. In openapi it is written in seconds, rounded up;
    /// classic has no place for it.
    pub retry_after: Option<Duration>,
    /// Whether the same call may succeed later; `None` if that follows from the code. classic has no place for it.
    pub retryable: Option<bool>,
    /// What the reader can do about it. Classic has no place for it.
    pub hint: Option<String>,
}

impl EncounteredErrorResponse {
    /// All its texts.
    pub(crate) fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let always = [&mut self.message, &mut self.error_code];
        let optional = [self.raised_by.as_mut(), self.raised_in.as_mut(), self.hint.as_mut()];
        always.into_iter().chain(optional.into_iter().flatten())
    }
}

/// What the SDK says of an error before any registered handler has seen it, but for what it knows of HTTP clients. One that
/// was caused by a [`ConnectorError`] has the code of that.
pub(crate) fn first_answer(error: &Error) -> EncounteredErrorResponse {
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

/// A time to wait in whole seconds: rounded up, since a caller that comes back too early is refused again.
pub(crate) fn retry_seconds(wait: Duration) -> i64 {
    let seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX);
    seconds.saturating_add(i64::from(wait.subsec_nanos() > 0))
}

/// The whole answer to a call that failed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ErrorResponse {
    /// The error.
    pub error: EncounteredErrorResponse,
    /// What the upstream said, if it is to be shown.
    pub raw_data: Option<serde_json::Value>,
    /// Where the listing stands, if that is known.
    pub page: Option<Page>,
}

/// The call in which an error was raised.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CallContext<'a> {
    /// The integration's app id.
    pub app_id: &'a str,
    /// The capability's name.
    pub capability: &'a str,
    /// The handler, as `module.path:function`.
    pub raised_in: &'a str,
    /// The id that the caller gave the request.
    pub request_id: Option<&'a str>,
    /// The code that the exception handler was registered with.
    pub code: Option<&'a str>,
}

/// Turns an error of type `E` into an answer.
///
/// It gets the answer so far, made by the handlers before it, and returns the answer from now on: it may change a
/// field, rewrite all of it, or call out first.
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
    note = "`HttpHandler` handles errors that implement `UpstreamStatus`, `DefaultHandler` all; your own implements \
            `ExceptionHandler<{E}>`"
)]
pub trait ExceptionHandler<E>: Send + Sync + 'static {
    /// Gives the answer to a call that failed with `error`.
    fn handle(
        &self,
        error: &E,
        call: CallContext<'_>,
        response: ErrorResponse,
    ) -> impl Future<Output = ErrorResponse> + Send;
}

/// Keeps the answer as the SDK has made it: the message, the upstream's status, and the code that the handler was
/// registered with (`unexpected_error` without one).
#[derive(Clone, Copy, Debug, Default)]
pub struct DefaultHandler;

impl<E: Sync> ExceptionHandler<E> for DefaultHandler {
    async fn handle(&self, _: &E, _: CallContext<'_>, response: ErrorResponse) -> ErrorResponse {
        response
    }
}

/// Codes an error by the status that the upstream answered with: 400 `bad_request`, 401 `unauthorized`,
/// 403 `permission_denied`, 404 `not_found`, anything else `api_error`; below the code that the handler was registered
/// with, if there is one (`<app_id>.<code>.unauthorized`).
///
/// Openapi has codes for more statuses, 429 and 503 for example, and writes those instead of `api_error`. It also has
/// codes for an upstream that could not be reached or understood: an error without a status keeps them.
#[derive(Clone, Copy, Debug, Default)]
pub struct HttpHandler;

impl<E: UpstreamStatus + Sync> ExceptionHandler<E> for HttpHandler {
    async fn handle(&self, error: &E, call: CallContext<'_>, mut response: ErrorResponse) -> ErrorResponse {
        let status = error.upstream_status();
        let is_classified = response.error.error_code != ErrorCode::UnexpectedError.as_str();
        if status.is_none() && call.code.is_none() && is_classified {
            return response;
        }
        let code = match status {
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
