//! The way of a request: bytes in, bytes out.

use std::future::Future;
use std::sync::Arc;

use super::answer::{Answer, Outcome};
use super::guard::{self, GivenUp};
use super::handler::{Encoded, Erased, Registered};
use super::trace::{Caller, Traced};
use super::{Integration, info};
use crate::error::{CallContext, EncounteredErrorResponse, Error, ErrorCode, ErrorResponse};
use crate::scrub::{Scrubber, Watch};
use crate::wire::{Problem, Wire};

impl Integration {
    /// Answers a request: `name` is a capability (or `info`), `request` the JSON of its envelope.
    ///
    /// Whatever the bytes are, the answer is one JSON document in the integration's wire format.
    /// Must be called inside a Tokio runtime.
    pub async fn dispatch(&self, name: &str, request: &[u8]) -> Vec<u8> {
        self.answer(name, request).await.body
    }

    /// [`dispatch`](Self::dispatch) for code that is not async. It may be called anywhere.
    #[must_use]
    pub fn dispatch_blocking(&self, name: &str, request: &[u8]) -> Vec<u8> {
        blocking(self.dispatch(name, request))
    }

    /// Answers a request; if the integration does not handle errors (see
    /// [`handle_errors`](crate::IntegrationBuilder::handle_errors)), an error of the handler comes back untouched.
    ///
    /// # Errors
    /// What the handler returned, and only if the integration does not handle errors. Whatever else goes wrong is
    /// the caller's to know and becomes an answer.
    pub async fn try_dispatch(&self, name: &str, request: &[u8]) -> Result<Vec<u8>, Error> {
        self.try_answer(name, request).await.map(|answer| answer.body)
    }

    /// [`try_dispatch`](Self::try_dispatch) for code that is not async.
    ///
    /// # Errors
    /// As there.
    pub fn try_dispatch_blocking(&self, name: &str, request: &[u8]) -> Result<Vec<u8>, Error> {
        blocking(self.try_dispatch(name, request))
    }

    /// [`try_dispatch`](Self::try_dispatch), with what became of the call.
    ///
    /// # Errors
    /// As there.
    pub async fn try_answer(&self, name: &str, request: &[u8]) -> Result<Answer, Error> {
        match self.call(name, request, &mut Caller::default()).await {
            Ok(answer) => Ok(answer),
            Err(failed) if self.handle_errors => Ok(self.handled(failed, request).await),
            Err(failed) => {
                failed.traced.end(&Outcome::Failed { code: ErrorCode::UnexpectedError.as_str().to_owned() });
                Err(failed.error)
            }
        }
    }

    /// [`try_answer`](Self::try_answer) for code that is not async.
    ///
    /// # Errors
    /// As there.
    pub fn try_answer_blocking(&self, name: &str, request: &[u8]) -> Result<Answer, Error> {
        blocking(self.try_answer(name, request))
    }

    /// `text` without the secrets that `request` carries: for what is said of an error outside of an answer.
    #[must_use]
    pub fn without_secrets(&self, name: &str, request: &[u8], text: &str) -> String {
        match self.find(name) {
            Some(registered) => {
                Scrubber::new(secrets(registered.erased.as_ref(), self.wire, request)).scrub(text)
            }
            None => text.to_owned(),
        }
    }

    /// [`dispatch`](Self::dispatch), with what became of the call. Errors are handled whatever
    /// [`handle_errors`](crate::IntegrationBuilder::handle_errors) says.
    pub async fn answer(&self, name: &str, request: &[u8]) -> Answer {
        self.answer_to(name, request, &mut Caller::default()).await
    }

    /// [`answer`](Self::answer), for a door that knows more of a call.
    pub(crate) async fn answer_to(&self, name: &str, request: &[u8], caller: &mut Caller) -> Answer {
        match self.call(name, request, caller).await {
            Ok(answer) => answer,
            Err(failed) => self.handled(failed, request).await,
        }
    }

    /// Answers a request but for an error that its handler returned.
    async fn call<'i>(
        &'i self,
        name: &str,
        request: &[u8],
        caller: &mut Caller,
    ) -> Result<Answer, Failed<'i>> {
        if name == info::NAME {
            let traced = caller.begin(info::NAME, None, str::to_owned);
            return Ok(ended(traced, self.answer_info(request)));
        }
        let Some(registered) = self.find(name).filter(|registered| registered.speaks(self.wire)) else {
            let traced = caller.begin(UNKNOWN, None, str::to_owned);
            return Ok(ended(traced, self.not_implemented(name)));
        };
        let call = match self.wire.open(request) {
            Ok(call) => call,
            Err(problem) => {
                // What is secret in such a request is not known; an id that stands in it may be.
                caller.distrust_if(|id| contains(request, id.as_bytes()));
                let traced = caller.begin(registered.name, None, str::to_owned);
                return Ok(ended(traced, self.refused(&problem)));
            }
        };
        let request_id = call.request_id.clone();
        let scrubber = || Scrubber::new(secrets(registered.erased.as_ref(), self.wire, request));
        let watch = Scrubber::watch(|| {
            let (erased, wire, request) = (Arc::clone(&registered.erased), self.wire, request.to_vec());
            move || secrets(erased.as_ref(), wire, &request)
        });
        let traced = caller.begin(registered.name, request_id.as_deref(), |id| scrubber().scrub(id));
        // An author's code runs here already: its types are read, and the handler is called up to its first await.
        let start = || guard::run_sync(|| registered.erased.start(self.wire, call, self.page_sizes));
        let ended_call = match traced.span().in_scope(start) {
            Ok(Ok(running)) => guard::run(running, self.deadline, traced.span()).await,
            Ok(Err(problem)) => {
                // Only in the words of an author's own types can there be a value.
                let said = scrubber().scrub(&problem.to_string());
                return Ok(ended(traced, self.refused_as(&problem, said)));
            }
            Err(given_up) => Err(given_up),
        };
        match ended_call {
            Ok(Ok(Encoded { body, partial })) => {
                if let Some(partial) = &partial {
                    let _entered = traced.span().enter();
                    tracing::warn!(
                        capability = registered.name,
                        skipped = partial.skipped,
                        "the listing is partial: {}",
                        partial.reason
                    );
                }
                let outcome = Outcome::Success { partial: partial.is_some() };
                Ok(ended(traced, Answer { body, outcome }))
            }
            Ok(Err(error)) => Err(Failed { registered, error, request_id, traced, _watch: watch }),
            Err(given_up) => {
                let answer = traced.span().in_scope(|| self.given_up(registered, &given_up));
                Ok(ended(traced, answer))
            }
        }
    }

    /// Lets the exception handlers answer an error.
    async fn handled(&self, failed: Failed<'_>, request: &[u8]) -> Answer {
        let Failed { _watch, registered, error, request_id, traced } = failed;
        let context = CallContext {
            app_id: &self.app_id,
            capability: registered.name,
            raised_in: &registered.raised_in,
            request_id: request_id.as_deref(),
            code: None,
        };
        let mut response =
            match guard::run(Box::pin(self.classifier.answer(&error, context)), self.deadline, traced.span())
                .await
            {
                Ok(response) => response,
                Err(given_up) => {
                    let answer = traced.span().in_scope(|| self.given_up(registered, &given_up));
                    return ended(traced, answer);
                }
            };
        let scrubber = Scrubber::new(secrets(registered.erased.as_ref(), self.wire, request));
        let error = &mut response.error;
        for text in [Some(&mut error.message), Some(&mut error.error_code)]
            .into_iter()
            .chain([error.raised_by.as_mut(), error.raised_in.as_mut()])
            .flatten()
        {
            *text = scrubber.scrub(text);
        }
        let answer = traced.span().in_scope(|| {
            tracing::debug!(
                capability = registered.name,
                code = response.error.error_code,
                "the call failed"
            );
            self.failure(response, |code| Outcome::Failed { code })
        });
        ended(traced, answer)
    }

    fn answer_info(&self, request: &[u8]) -> Answer {
        match info::accept(request).and_then(|()| info::document(self)) {
            Ok(body) => Answer { body, outcome: Outcome::Success { partial: false } },
            Err(problem) => self.refused(&problem),
        }
    }

    fn refused(&self, problem: &Problem) -> Answer {
        self.refused_as(problem, problem.to_string())
    }

    fn refused_as(&self, problem: &Problem, message: String) -> Answer {
        let outcome = if problem.is_broken() { Outcome::Broken } else { Outcome::Refused };
        self.own_failure(message, ErrorCode::BadRequest, None, |_| outcome)
    }

    fn not_implemented(&self, name: &str) -> Answer {
        // A name comes from outside: what is no name at all is not repeated.
        let shown: String = name.chars().filter(|char| char.is_ascii_graphic()).take(64).collect();
        let message = format!("{} does not implement {shown} in the {} wire format", self.app_id, self.wire);
        self.own_failure(message, ErrorCode::NotImplemented, None, |_| Outcome::NotImplemented)
    }

    fn given_up(&self, registered: &Registered, given_up: &GivenUp) -> Answer {
        let message = match given_up {
            GivenUp::Panic(text) => {
                tracing::error!(capability = registered.name, "the handler panicked: {text}");
                "the connector failed; its log says more".to_owned()
            }
            GivenUp::Deadline(limit) => {
                tracing::error!(capability = registered.name, ?limit, "the handler missed its deadline");
                format!("the connector did not answer within {limit:?}")
            }
        };
        let raised_in = Some(registered.raised_in.clone());
        self.own_failure(message, ErrorCode::InternalError, raised_in, |code| match given_up {
            GivenUp::Panic(_) => Outcome::Failed { code },
            GivenUp::Deadline(_) => Outcome::TimedOut,
        })
    }

    /// An answer that a door makes itself, in the integration's wire format.
    #[cfg(feature = "server")]
    pub(crate) fn complaint(&self, code: ErrorCode, message: &str) -> Vec<u8> {
        self.own_failure(message.to_owned(), code, None, |_| Outcome::Refused).body
    }

    fn own_failure(
        &self,
        message: String,
        code: ErrorCode,
        raised_in: Option<String>,
        outcome: impl FnOnce(String) -> Outcome,
    ) -> Answer {
        let error = EncounteredErrorResponse {
            message,
            error_code: code.as_str().to_owned(),
            raised_in,
            ..EncounteredErrorResponse::default()
        };
        self.failure(ErrorResponse { error, ..ErrorResponse::default() }, outcome)
    }

    fn failure(&self, mut response: ErrorResponse, outcome: impl FnOnce(String) -> Outcome) -> Answer {
        response.error.error_code = self.code_of(&response.error.error_code);
        let body = self.wire.error(&self.app_id, &response).unwrap_or_else(|error| {
            // Only raw data from an exception handler could fail to be written; without it nothing can.
            tracing::error!("the error's raw data cannot be written: {error}");
            let bare = ErrorResponse { raw_data: None, ..response.clone() };
            self.wire.error(&self.app_id, &bare).unwrap_or_default()
        });
        Answer { body, outcome: outcome(response.error.error_code) }
    }

    /// A code without the app's prefix, however it was written; an empty one is no code.
    fn code_of(&self, code: &str) -> String {
        let code =
            code.strip_prefix(self.app_id.as_str()).and_then(|rest| rest.strip_prefix('.')).unwrap_or(code);
        if code.is_empty() { ErrorCode::UnexpectedError.as_str().to_owned() } else { code.to_owned() }
    }

    /// The answer to a call that a door gave up on, since its handler blocks the runtime beyond the deadline.
    #[must_use]
    pub fn answer_unresponsive(&self, name: &str) -> Answer {
        let limit = self.deadline.unwrap_or_default();
        match self.find(name) {
            Some(registered) => self.given_up(registered, &GivenUp::Deadline(limit)),
            None => self.not_implemented(name),
        }
    }
}

/// The capability of a call that names none, in logs and traces.
const UNKNOWN: &str = "unknown";

/// The answer, after the span has been told of it.
fn ended(traced: Traced, answer: Answer) -> Answer {
    traced.end(&answer.outcome);
    answer
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// A call whose handler returned an error.
struct Failed<'i> {
    registered: &'i Registered,
    error: Error,
    request_id: Option<String>,
    traced: Traced,
    /// The log stays free of the call's secrets while its error is handled.
    _watch: Watch,
}

/// All texts in a request that must not be seen: everything under `auth`, and every [`Secret`](crate::Secret).
fn secrets(erased: &dyn Erased, wire: Wire, request: &[u8]) -> Vec<String> {
    let Ok(call) = wire.open(request) else { return Vec::new() };
    let mut texts = call.credential_texts();
    // An author's types may log while they are read, and that would end up here again.
    let silence = tracing::subscriber::NoSubscriber::default();
    let read = || crate::secret::collect(|| erased.reread(wire, call));
    texts.extend(tracing::subscriber::with_default(silence, read));
    texts
}

/// Runs `call` to its end on this thread, or on a fresh one if this thread already runs a runtime.
fn blocking<F>(call: F) -> F::Output
where
    F: Future + Send,
    F::Output: Send,
{
    let run = || match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            let output = runtime.block_on(call);
            // A blocking call that missed its deadline is not waited for.
            runtime.shutdown_background();
            output
        }
        Err(error) => panic!("cannot start a runtime: {error}"),
    };
    if tokio::runtime::Handle::try_current().is_err() {
        return run();
    }
    std::thread::scope(|scope| match scope.spawn(run).join() {
        Ok(output) => output,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}
