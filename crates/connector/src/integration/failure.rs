//! The answers to calls that failed.

use super::Integration;
use super::answer::{Answer, Outcome};
use super::call::{discard, ended, in_call, secrets};
use super::guard::{self, GivenUp, Limit};
use super::handler::Registered;
use super::trace::{Caller, Traced};
use crate::client;
use crate::error::{CallContext, EncounteredErrorResponse, Error, ErrorCode, ErrorResponse};
use crate::read::Problem;
use crate::response::raw_object;
use crate::scrub::Watch;

/// A call whose handler returned an error.
pub(super) struct Failed<'i> {
    pub(super) registered: &'i Registered,
    pub(super) error: Error,
    pub(super) request_id: Option<String>,
    pub(super) traced: Traced,
    /// The log stays free of the call's secrets while its error is handled.
    pub(super) watch: Watch,
}

impl Integration {
    /// Lets the exception handlers answer an error.
    pub(super) async fn handled(&self, failed: Failed<'_>, request: &[u8], caller: &Caller) -> Answer {
        let Failed { registered, error, request_id, traced, watch } = failed;
        let context = CallContext {
            app_id: &self.app_id,
            capability: registered.definition.name,
            raised_in: &registered.raised_in,
            request_id: request_id.as_deref(),
            code: None,
        };
        let first =
            in_call(&traced, &watch, || guard::run_sync(|| self.first(&error, &registered.raised_in)));
        let mut response = match first {
            Ok(first) => {
                let handling = Box::pin(self.classifier.answer(&error, context, first.clone()));
                match guard::run(
                    watch.watch_future(handling),
                    self.deadline.map(|deadline| Limit::new(deadline, caller)),
                    traced.span(),
                )
                .await
                {
                    Ok(response) => response,
                    Err(given_up) => {
                        in_call(&traced, &watch, || {
                            tracing::error!(
                                capability = registered.definition.name,
                                "an exception handler {given_up}: the answer is made without it"
                            );
                        });
                        first
                    }
                }
            }
            Err(given_up) => {
                discard(error);
                let answer = in_call(&traced, &watch, || self.given_up(registered, &given_up));
                return ended(traced, answer);
            }
        };
        discard(error);
        watch.scrub(
            || secrets(registered.erased.as_ref(), self.wire, request),
            |scrubber| response.error.texts().for_each(|text| *text = scrubber.scrub(text)),
        );
        response.error.error_code = self.code_of(&response.error.error_code);
        let outcome = Outcome::Failed { code: response.error.error_code.clone() };
        let answer = in_call(&traced, &watch, || {
            tracing::debug!(
                capability = registered.definition.name,
                code = response.error.error_code,
                "the call failed"
            );
            self.failure(response, outcome)
        });
        ended(traced, answer)
    }

    pub(super) fn refused(&self, problem: &Problem) -> Answer {
        self.refused_as(problem, problem.to_string())
    }

    pub(super) fn refused_as(&self, problem: &Problem, message: String) -> Answer {
        let outcome = if problem.is_malformed() { Outcome::Malformed } else { Outcome::Rejected };
        self.own_failure(message, ErrorCode::BadRequest, None, outcome)
    }

    pub(super) fn not_implemented(&self, name: &str) -> Answer {
        // A name comes from outside: what is no name at all is not repeated.
        let shown: String = name.chars().filter(|char| char.is_ascii_graphic()).take(64).collect();
        let message = format!("{} does not implement {shown} in the {} wire format", self.app_id, self.wire);
        self.own_failure(message, ErrorCode::NotImplemented, None, Outcome::NotImplemented)
    }

    pub(super) fn given_up(&self, registered: &Registered, given_up: &GivenUp) -> Answer {
        tracing::error!(capability = registered.definition.name, "the handler {given_up}");
        let message = match given_up {
            GivenUp::Panic(_) => "the connector failed; its log says more".to_owned(),
            GivenUp::Deadline(limit) => format!("the connector did not answer within {limit:?}"),
        };
        let raised_in = Some(registered.raised_in.clone());
        let outcome = match given_up {
            GivenUp::Panic(_) => Outcome::failed(ErrorCode::InternalError),
            GivenUp::Deadline(_) => Outcome::TimedOut,
        };
        self.own_failure(message, ErrorCode::InternalError, raised_in, outcome)
    }

    /// An answer that a door makes itself, in the integration's wire format.
    #[cfg(feature = "server")]
    pub(crate) fn complaint(&self, code: ErrorCode, message: &str) -> Vec<u8> {
        self.own_failure(message.to_owned(), code, None, Outcome::Rejected).body
    }

    fn own_failure(
        &self,
        message: String,
        code: ErrorCode,
        raised_in: Option<String>,
        outcome: Outcome,
    ) -> Answer {
        let error = EncounteredErrorResponse {
            message,
            error_code: code.as_str().to_owned(),
            raised_in,
            ..EncounteredErrorResponse::default()
        };
        self.failure(ErrorResponse { error, ..ErrorResponse::default() }, outcome)
    }

    fn failure(&self, mut response: ErrorResponse, outcome: Outcome) -> Answer {
        response.raw_data = response.raw_data.and_then(raw_object);
        let body = self.wire.error(&self.app_id, &response).unwrap_or_else(|error| {
            // Only raw data from an exception handler could fail to be written; without it nothing can.
            tracing::error!("the error's raw data cannot be written: {error}");
            let bare = ErrorResponse { raw_data: None, ..response.clone() };
            self.wire.error(&self.app_id, &bare).unwrap_or_default()
        });
        Answer { body, outcome, retry_after: response.error.retry_after }
    }

    /// A code without the app's prefix, however it was written; an empty one is no code.
    pub(super) fn code_of(&self, code: &str) -> String {
        let code =
            code.strip_prefix(self.app_id.as_str()).and_then(|rest| rest.strip_prefix('.')).unwrap_or(code);
        if code.is_empty() { ErrorCode::UnexpectedError.as_str().to_owned() } else { code.to_owned() }
    }

    /// The answer to a call that a door gave up on: its handler blocks the runtime beyond the deadline, or `ended` says
    /// how its thread did.
    #[cfg(any(feature = "cli", feature = "server"))]
    pub(crate) fn answer_unresponsive(&self, name: &str, ended: Option<&str>) -> Answer {
        let given_up = match ended {
            Some(how) => GivenUp::Panic(how.to_owned()),
            None => GivenUp::Deadline(self.deadline.unwrap_or_default()),
        };
        match self.find(name) {
            Some(registered) => self.given_up(registered, &given_up),
            None if name == super::info::NAME => {
                let message = "the connector did not answer in time".to_owned();
                self.own_failure(message, ErrorCode::InternalError, None, Outcome::TimedOut)
            }
            None => self.not_implemented(name),
        }
    }

    pub(super) fn cannot_start(&self, error: &std::io::Error) -> Answer {
        tracing::error!("cannot start a runtime: {error}");
        let message = "the connector could not be started; its log says more".to_owned();
        self.own_failure(message, ErrorCode::InternalError, None, Outcome::failed(ErrorCode::InternalError))
    }

    /// The response to an error before any exception handler has seen it.
    fn first(&self, error: &Error, raised_in: &str) -> ErrorResponse {
        let mut first = EncounteredErrorResponse::from(error);
        first.raised_in = Some(raised_in.to_owned());
        if self.wire.has_upstream_codes()
            && let Some(code) = client::failure_code(error)
        {
            code.as_str().clone_into(&mut first.error_code);
        }
        ErrorResponse { error: first, ..ErrorResponse::default() }
    }
}
