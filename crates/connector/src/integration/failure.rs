//! Responses to failed calls.

#[cfg(any(feature = "cli", feature = "server"))]
use std::time::Duration;

use super::Integration;
use super::answer::{Answer, Outcome};
use super::call::{discard, finish, in_call, secrets};
use super::guard::{self, Aborted, Limit};
use super::handler::Registered;
use super::trace::{CallOrigin, Traced};
use crate::capability::Effect;
use crate::error::{
    CallContext, EncounteredErrorResponse, Error, ErrorCode, ErrorResponse, ReportedErrorCode,
};
use crate::http_error;
use crate::read::Problem;
use crate::response::raw_object;
use crate::scrub::Watch;

/// A call whose handler returned an error.
pub(super) struct Failed<'i> {
    pub(super) registered: &'i Registered,
    pub(super) error: Error,
    pub(super) request_id: Option<String>,
    pub(super) traced: Traced,
    /// Keeps the call's secrets out of the log while its error is handled.
    pub(super) watch: Watch,
}

impl Integration {
    /// Passes an error through the exception handlers and returns the response.
    pub(super) async fn handle_error(
        &self,
        failed: Failed<'_>,
        request: &[u8],
        origin: &CallOrigin,
    ) -> Answer {
        let Failed { registered, error, request_id, traced, watch } = failed;
        let context = CallContext {
            app_id: &self.app_id,
            capability: registered.definition.name,
            raised_in: &registered.raised_in,
            request_id: request_id.as_deref(),
            code: None,
            has_upstream_codes: self.wire.has_upstream_codes(),
            upstream_code: None,
        };
        let first =
            in_call(&traced, &watch, || guard::run_sync(|| self.first(&error, &registered.raised_in)));
        let mut response = match first {
            Ok((first, upstream_code)) => {
                let context = CallContext { upstream_code, ..context };
                let handling = Box::pin(self.classifier.answer(&error, context, first.clone()));
                match guard::run(
                    watch.watch_future(handling),
                    Limit::new(self.deadline, origin),
                    traced.span(),
                )
                .await
                {
                    Ok(response) => response,
                    Err(aborted) => {
                        in_call(&traced, &watch, || {
                            tracing::error!(
                                capability = registered.definition.name,
                                "an exception handler {aborted}; responding without it"
                            );
                        });
                        first
                    }
                }
            }
            Err(aborted) => {
                discard(error);
                let answer = in_call(&traced, &watch, || self.aborted(registered, &aborted));
                return finish(traced, answer);
            }
        };
        discard(error);
        watch.scrub(
            || secrets(registered.erased.as_ref(), self.wire, request),
            |scrubber| response.error.texts().for_each(|text| *text = scrubber.scrub(text)),
        );
        response.error.error_code = self.unprefixed_code(&response.error.error_code);
        forbid_unsafe_retry(registered.definition.effect, &mut response.error);
        let outcome = Outcome::Failed { code: response.error.error_code.clone() };
        let answer = in_call(&traced, &watch, || {
            tracing::debug!(
                capability = registered.definition.name,
                code = response.error.error_code,
                "the call failed"
            );
            self.error_response(response, outcome)
        });
        finish(traced, answer)
    }

    pub(super) fn reject(&self, problem: &Problem) -> Answer {
        self.reject_with(problem, problem.to_string())
    }

    pub(super) fn reject_with(&self, problem: &Problem, message: String) -> Answer {
        let outcome = if problem.is_malformed() { Outcome::Malformed } else { Outcome::Rejected };
        self.sdk_response(message, ErrorCode::BadRequest, outcome)
    }

    pub(super) fn not_implemented(&self, name: &str) -> Answer {
        // The name comes from outside, so show only harmless characters.
        let shown: String = name.chars().filter(|char| char.is_ascii_graphic()).take(64).collect();
        let message = format!("{} does not implement {shown} in the {} wire format", self.app_id, self.wire);
        self.sdk_response(message, ErrorCode::NotImplemented, Outcome::NotImplemented)
    }

    pub(super) fn aborted(&self, registered: &Registered, aborted: &Aborted) -> Answer {
        tracing::error!(capability = registered.definition.name, "the handler {aborted}");
        let message = match aborted {
            Aborted::Panic(_) => "the connector failed; see its log for details".to_owned(),
            Aborted::Deadline(limit) => format!("the connector did not respond within {limit:?}"),
        };
        let outcome = match aborted {
            Aborted::Panic(_) => Outcome::failed(ErrorCode::InternalError),
            Aborted::Deadline(_) => Outcome::TimedOut,
        };
        let mut error = EncounteredErrorResponse {
            raised_in: Some(registered.raised_in.clone()),
            ..sdk_error(message, ErrorCode::InternalError)
        };
        forbid_unsafe_retry(registered.definition.effect, &mut error);
        self.error_response(ErrorResponse { error, ..ErrorResponse::default() }, outcome)
    }

    /// An error response of the server itself, in the integration's wire format.
    #[cfg(feature = "server")]
    pub(crate) fn error_body(
        &self,
        code: ErrorCode,
        message: &str,
        retry_after: Option<Duration>,
    ) -> Vec<u8> {
        let error = EncounteredErrorResponse { retry_after, ..sdk_error(message.to_owned(), code) };
        self.error_response(ErrorResponse { error, ..ErrorResponse::default() }, Outcome::Rejected).body
    }

    /// An error response of the SDK itself.
    fn sdk_response(&self, message: String, code: ErrorCode, outcome: Outcome) -> Answer {
        let error = sdk_error(message, code);
        self.error_response(ErrorResponse { error, ..ErrorResponse::default() }, outcome)
    }

    fn error_response(&self, mut response: ErrorResponse, outcome: Outcome) -> Answer {
        response.raw_data = response.raw_data.and_then(raw_object);
        let body = self.wire.error(&self.app_id, &response).unwrap_or_else(|error| {
            // Only raw data from an exception handler can fail to be written. Without it, writing can't fail.
            tracing::error!("cannot write the error's raw data: {error}");
            let bare = ErrorResponse { raw_data: None, ..response.clone() };
            self.wire.error(&self.app_id, &bare).unwrap_or_default()
        });
        Answer { body, outcome, retry_after: response.error.retry_after }
    }

    /// Removes the app's prefix from a code, if it has one. An empty code is replaced by the default.
    pub(super) fn unprefixed_code(&self, code: &str) -> String {
        let code =
            code.strip_prefix(self.app_id.as_str()).and_then(|rest| rest.strip_prefix('.')).unwrap_or(code);
        if code.is_empty() { ErrorCode::UnexpectedError.as_str().to_owned() } else { code.to_owned() }
    }

    /// The response to a call that was abandoned because its handler blocks the runtime beyond `limit`.
    #[cfg(any(feature = "cli", feature = "server"))]
    pub(crate) fn answer_unresponsive(&self, name: &str, limit: Duration) -> Answer {
        self.abandoned(name, &Aborted::Deadline(limit))
    }

    /// The response to a call whose thread ended before it.
    #[cfg(any(feature = "cli", feature = "server"))]
    pub(crate) fn answer_thread_ended(&self, name: &str) -> Answer {
        self.abandoned(name, &Aborted::Panic("ended with its thread".to_owned()))
    }

    #[cfg(any(feature = "cli", feature = "server"))]
    fn abandoned(&self, name: &str, aborted: &Aborted) -> Answer {
        match self.find(name) {
            Some(registered) => self.aborted(registered, aborted),
            None if name == super::info::NAME => {
                let message = "the connector did not respond in time".to_owned();
                self.sdk_response(message, ErrorCode::InternalError, Outcome::TimedOut)
            }
            None => self.not_implemented(name),
        }
    }

    pub(super) fn cannot_start(&self, error: &std::io::Error) -> Answer {
        tracing::error!("cannot start a runtime: {error}");
        let message = "the connector could not be started; see its log for details".to_owned();
        self.sdk_response(message, ErrorCode::InternalError, Outcome::failed(ErrorCode::InternalError))
    }

    /// The SDK's initial response for an error, before any exception handler runs, and the code that only this wire
    /// format has for it, for example for a failure in talking to an upstream.
    fn first(&self, error: &Error, raised_in: &str) -> (ErrorResponse, Option<ErrorCode>) {
        let mut first = http_error::first_response(error);
        first.raised_in = Some(raised_in.to_owned());
        let upstream_code =
            if self.wire.has_upstream_codes() { http_error::failure_code(error) } else { None };
        if let Some(code) = upstream_code {
            code.as_str().clone_into(&mut first.error_code);
        }
        (ErrorResponse { error: first, ..ErrorResponse::default() }, upstream_code)
    }
}

/// Marks the error of an unsafe write as not retryable, unless it says itself whether it is, or its code shows that
/// nothing was done: a second call might create a second account.
fn forbid_unsafe_retry(effect: Effect, error: &mut EncounteredErrorResponse) {
    if effect == Effect::UnsafeWrite
        && !ReportedErrorCode::of(&error.error_code, error.status_code).nothing_was_done()
    {
        error.retryable.get_or_insert(false);
    }
}

fn sdk_error(message: String, code: ErrorCode) -> EncounteredErrorResponse {
    EncounteredErrorResponse {
        message,
        error_code: code.as_str().to_owned(),
        ..EncounteredErrorResponse::default()
    }
}
