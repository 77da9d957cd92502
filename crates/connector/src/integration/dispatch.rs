//! The way of a request: bytes in, bytes out.

use std::future::Future;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::answer::{Answer, Outcome};
use super::guard::{self, GivenUp};
use super::handler::{Encoded, Erased, Registered};
use super::trace::{Caller, Traced};
use super::{Integration, info};
use crate::error::{CallContext, EncounteredErrorResponse, Error, ErrorCode, ErrorResponse, first_answer};
use crate::response::raw_object;
use crate::scrub::{Watch, quietly};
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
        blocking(self.dispatch(name, request)).unwrap_or_else(|error| self.cannot_start(&error).body)
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
        blocking(self.try_dispatch(name, request)).unwrap_or_else(|error| Ok(self.cannot_start(&error).body))
    }

    /// [`try_dispatch`](Self::try_dispatch), with what became of the call.
    ///
    /// # Errors
    /// As there.
    pub async fn try_answer(&self, name: &str, request: &[u8]) -> Result<Answer, Error> {
        self.try_answer_in_stages(name, request, || ()).await
    }

    /// [`try_answer`](Self::try_answer) that tells when its handler has failed and the exception handlers begin, which
    /// have as much time again.
    pub(crate) async fn try_answer_in_stages(
        &self,
        name: &str,
        request: &[u8],
        failing: impl FnOnce() + Send,
    ) -> Result<Answer, Error> {
        match self.call(name, request, &mut Caller::default()).await {
            Ok(answer) => Ok(answer),
            Err(failed) if self.handle_errors => {
                failing();
                Ok(self.handled(failed, request).await)
            }
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
        self.try_answer_in_stages_blocking(name, request, || ())
    }

    /// [`try_answer_in_stages`](Self::try_answer_in_stages) for code that is not async.
    pub(crate) fn try_answer_in_stages_blocking(
        &self,
        name: &str,
        request: &[u8],
        failing: impl FnOnce() + Send,
    ) -> Result<Answer, Error> {
        let answering = self.try_answer_in_stages(name, request, failing);
        blocking(answering).unwrap_or_else(|error| Ok(self.cannot_start(&error)))
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
        let watch = Watch::call(|| {
            let (erased, wire, request) =
                (Arc::clone(&registered.erased), self.wire, Zeroizing::new(request.to_vec()));
            move || secrets(erased.as_ref(), wire, &request)
        });
        let scrubbed = |id: &str| self.scrubbed(registered, &watch, request, id);
        let traced = caller.begin(registered.name, request_id.as_deref(), scrubbed);
        // An author's code runs here already: its types are read, and the handler is called up to its first await.
        let start = || guard::run_sync(|| registered.erased.start(self.wire, call, self.page_sizes));
        let result = match traced.span().in_scope(start) {
            Ok(Ok(running)) => guard::run(watch.over(running), self.deadline, traced.span()).await,
            Ok(Err(problem)) => {
                // Only in the words of an author's own types can there be a value.
                let message = self.scrubbed(registered, &watch, request, &problem.to_string());
                return Ok(ended(traced, self.refused_as(&problem, message)));
            }
            Err(given_up) => Err(given_up),
        };
        let result = match result {
            Ok(Ok(Encoded::Complete(body))) => {
                return Ok(ended(traced, Answer { body, outcome: Outcome::Success { partial: false } }));
            }
            Ok(Ok(Encoded::Partial { mut partial, encode })) => {
                // A reason is a message, not data: an author may well put an error into it.
                partial.reason = self.scrubbed(registered, &watch, request, &partial.reason);
                let _entered = traced.span().enter();
                tracing::warn!(
                    capability = registered.name,
                    skipped = partial.skipped,
                    "the listing is partial: {}",
                    partial.reason
                );
                guard::run_sync(|| encode(partial))
            }
            Ok(Err(error)) => Ok(Err(error)),
            Err(given_up) => Err(given_up),
        };
        match result {
            Ok(Ok(body)) => Ok(ended(traced, Answer { body, outcome: Outcome::Success { partial: true } })),
            Ok(Err(error)) => Err(Failed { registered, error, request_id, traced, watch }),
            Err(given_up) => {
                let answer = traced.span().in_scope(|| self.given_up(registered, &given_up));
                Ok(ended(traced, answer))
            }
        }
    }

    /// Lets the exception handlers answer an error.
    async fn handled(&self, failed: Failed<'_>, request: &[u8]) -> Answer {
        let Failed { registered, error, request_id, traced, watch } = failed;
        let context = CallContext {
            app_id: &self.app_id,
            capability: registered.name,
            raised_in: &registered.raised_in,
            request_id: request_id.as_deref(),
            code: None,
        };
        let first =
            traced.span().in_scope(|| guard::run_sync(|| first_answer(&error, &registered.raised_in)));
        let mut response = match first {
            Ok(first) => {
                let handling = Box::pin(self.classifier.answer(&error, context, first.clone()));
                match guard::run(watch.over(handling), self.deadline, traced.span()).await {
                    Ok(response) => response,
                    Err(given_up) => {
                        let _entered = traced.span().enter();
                        tracing::error!(
                            capability = registered.name,
                            "an exception handler {given_up}: the answer is made without it"
                        );
                        first
                    }
                }
            }
            Err(given_up) => {
                discard(error);
                let answer = traced.span().in_scope(|| self.given_up(registered, &given_up));
                return ended(traced, answer);
            }
        };
        discard(error);
        let told = &mut response.error;
        let texts = [Some(&mut told.message), Some(&mut told.error_code)]
            .into_iter()
            .chain([told.raised_by.as_mut(), told.raised_in.as_mut()]);
        watch.scrub(
            || secrets(registered.erased.as_ref(), self.wire, request),
            |scrubber| texts.flatten().for_each(|text| *text = scrubber.scrub(text)),
        );
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

    /// What is said of an error outside of an answer: its causes, without the secrets that `request` carries.
    #[cfg(feature = "cli")]
    pub(crate) fn told(&self, name: &str, request: &[u8], error: Error) -> String {
        let text = guard::run_sync(|| error.to_string())
            .unwrap_or_else(|_| "the connector failed, and its error cannot be shown".to_owned());
        discard(error);
        match self.find(name) {
            Some(registered) => self.scrubbed(registered, &Watch::none(), request, &text),
            None => text,
        }
    }

    /// What takes the secrets that `request` carries out of texts.
    #[cfg(feature = "testing")]
    pub(crate) fn scrubber(&self, name: &str, request: &[u8]) -> crate::scrub::Scrubber {
        let find = |registered: &Registered| secrets(registered.erased.as_ref(), self.wire, request);
        crate::scrub::Scrubber::new(self.find(name).map(find).unwrap_or_default())
    }

    /// `text` without the secrets of a call.
    fn scrubbed(&self, registered: &Registered, watch: &Watch, request: &[u8], text: &str) -> String {
        watch.scrub(
            || secrets(registered.erased.as_ref(), self.wire, request),
            |scrubber| scrubber.scrub(text),
        )
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
        tracing::error!(capability = registered.name, "the handler {given_up}");
        let message = match given_up {
            GivenUp::Panic(_) => "the connector failed; its log says more".to_owned(),
            GivenUp::Deadline(limit) => format!("the connector did not answer within {limit:?}"),
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
        response.raw_data = response.raw_data.and_then(raw_object);
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

    /// The answer to a call that a door gave up on: its handler blocks the runtime beyond the deadline, or `ended` says
    /// how its thread did.
    #[cfg(feature = "cli")]
    pub(crate) fn answer_unresponsive(&self, name: &str, ended: Option<&str>) -> Answer {
        let given_up = match ended {
            Some(how) => GivenUp::Panic(how.to_owned()),
            None => GivenUp::Deadline(self.deadline.unwrap_or_default()),
        };
        match self.find(name) {
            Some(registered) => self.given_up(registered, &given_up),
            None => self.not_implemented(name),
        }
    }

    fn cannot_start(&self, error: &std::io::Error) -> Answer {
        tracing::error!("cannot start a runtime: {error}");
        let message = "the connector could not be started; its log says more".to_owned();
        self.own_failure(message, ErrorCode::InternalError, None, |code| Outcome::Failed { code })
    }
}

/// Drops an error of an author's type, whose own code may panic.
fn discard(error: Error) {
    let _ = guard::run_sync(|| drop(error));
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
    watch: Watch,
}

/// All texts in a request that must not be seen: everything under `auth`, and every [`Secret`](crate::Secret).
fn secrets(erased: &dyn Erased, wire: Wire, request: &[u8]) -> Vec<Zeroizing<String>> {
    let Ok(call) = wire.open(request) else { return Vec::new() };
    let mut texts = call.credential_texts();
    // An author's types may log while they are read, and that would end up here again.
    texts.extend(quietly(|| crate::secret::collect(|| erased.reread(wire, call))));
    texts
}

/// Runs `call` to its end on this thread, or on a fresh one if this thread already runs a runtime.
fn blocking<F>(call: F) -> std::io::Result<F::Output>
where
    F: Future + Send,
    F::Output: Send,
{
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let output = runtime.block_on(call);
        // A blocking call that missed its deadline is not waited for.
        runtime.shutdown_background();
        Ok(output)
    };
    if tokio::runtime::Handle::try_current().is_err() {
        return run();
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("call".to_owned()).spawn_scoped(scope, run)?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
