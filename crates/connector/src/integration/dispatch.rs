//! The way of a request: bytes in, bytes out.

use std::future::Future;
use std::sync::Arc;

use tokio::time::Instant;

use super::answer::{Answer, Outcome};
#[cfg(feature = "cli")]
use super::call::discard;
use super::call::{ended, in_call, secrets};
use super::failure::Failed;
use super::guard::{self, Limit};
use super::handler::{Encoded, Registered, unwritable};
use super::trace::Caller;
use super::{Integration, Target, info};
#[cfg(feature = "cli")]
use crate::client::message;
use crate::error::{Error, ErrorCode};
use crate::response::Frame;
use crate::scrub::Watch;

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
        self.blocking(self.dispatch(name, request)).unwrap_or_else(|answer| answer.body)
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
        self.blocking(self.try_dispatch(name, request)).unwrap_or_else(|answer| Ok(answer.body))
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
        let mut caller = Caller::default();
        let Some(target) = self.resolve(name) else { return Ok(self.unknown(name, &mut caller)) };
        match self.call(target, request, &mut caller).await {
            Ok(answer) => Ok(answer),
            Err(failed) if self.handle_errors => {
                failing();
                Ok(self.handled(failed, request, &caller).await)
            }
            Err(failed) => {
                failed.traced.end(&Outcome::failed(ErrorCode::UnexpectedError));
                Err(failed.error)
            }
        }
    }

    /// [`dispatch`](Self::dispatch), with what became of the call. Errors are handled whatever
    /// [`handle_errors`](crate::IntegrationBuilder::handle_errors) says.
    pub async fn answer(&self, name: &str, request: &[u8]) -> Answer {
        let mut caller = Caller::default();
        match self.resolve(name) {
            Some(target) => self.answer_to(target, request, &mut caller).await,
            None => self.unknown(name, &mut caller),
        }
    }

    /// [`answer`](Self::answer), for a door that knows more of a call.
    pub(crate) async fn answer_to(&self, target: Target, request: &[u8], caller: &mut Caller) -> Answer {
        match self.call(target, request, caller).await {
            Ok(answer) => answer,
            // Apart, so that calls that succeed make no room for it.
            Err(failed) => Box::pin(self.handled(failed, request, caller)).await,
        }
    }

    /// Runs `call` to its end on this thread, or on a fresh one if this thread already runs a runtime.
    ///
    /// # Errors
    /// The answer to give if there is none to run it on.
    pub(crate) fn blocking<F>(&self, call: F) -> Result<F::Output, Answer>
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
        let ended = if tokio::runtime::Handle::try_current().is_err() {
            run()
        } else {
            std::thread::scope(|scope| {
                let thread = std::thread::Builder::new().name("call".to_owned()).spawn_scoped(scope, run)?;
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
        };
        ended.map_err(|error| self.cannot_start(&error))
    }

    /// The answer to a call of something that there is not.
    fn unknown(&self, name: &str, caller: &mut Caller) -> Answer {
        let traced = caller.begin(UNKNOWN, None, str::to_owned);
        ended(traced, self.not_implemented(name))
    }

    /// Answers a request but for an error that its handler returned.
    async fn call<'i>(
        &'i self,
        target: Target,
        request: &[u8],
        caller: &mut Caller,
    ) -> Result<Answer, Failed<'i>> {
        let registered = match target {
            Target::Capability(index) => &self.capabilities[index],
            Target::Info => {
                let traced = caller.begin(info::NAME, None, str::to_owned);
                return Ok(ended(traced, self.answer_info(request)));
            }
        };
        let call = match self.wire.open(request) {
            Ok(call) => call,
            Err(problem) => {
                // What is secret in such a request is not known; an id that stands in it may be.
                caller.distrust_if(|id| contains(request, id.as_bytes()));
                let traced = caller.begin(registered.definition.name, None, str::to_owned);
                return Ok(ended(traced, self.refused(&problem)));
            }
        };
        let request_id = call.request_id.clone();
        let watch = Watch::call(request.len(), || {
            let (erased, wire, request) = (Arc::clone(&registered.erased), self.wire, caller.keep(request));
            move || secrets(erased.as_ref(), wire, &request)
        });
        let scrubbed = |id: &str| self.scrubbed(registered, &watch, request, id);
        let traced = caller.begin(registered.definition.name, request_id.as_deref(), scrubbed);
        // An author's code runs here already: its types are read, and the handler is called up to its first await.
        let until = [self.deadline, caller.remaining()].into_iter().flatten().min();
        let terms =
            registered.terms(self.page_sizes, until.and_then(|left| Instant::now().checked_add(left)));
        let start = || guard::run_sync(|| registered.erased.start(self.wire, call, terms));
        let result = match in_call(&traced, &watch, start) {
            Ok(Ok(running)) => {
                let limit = self.deadline.map(|deadline| Limit::new(deadline, caller));
                guard::run(watch.watch_future(running), limit, traced.span()).await
            }
            Ok(Err(problem)) => {
                // Only in the words of an author's own types can there be a value.
                let message = self.scrubbed(registered, &watch, request, &problem.to_string());
                return Ok(ended(traced, self.refused_as(&problem, message)));
            }
            Err(given_up) => Err(given_up),
        };
        match result {
            Ok(Ok(Encoded { mut body, mut frame })) => {
                self.scrub_frame(registered, &watch, request, &mut frame);
                let partial = frame.partial.is_some();
                if let Some(partial) = &frame.partial {
                    in_call(&traced, &watch, || {
                        tracing::warn!(
                            capability = registered.definition.name,
                            skipped = partial.skipped,
                            "the listing is partial: {}",
                            partial.reason
                        );
                    });
                }
                match self.wire.close(&self.app_id, frame, &mut body) {
                    Ok(()) => Ok(ended(traced, Answer::success(body, partial))),
                    Err(error) => {
                        Err(Failed { registered, error: unwritable(error), request_id, traced, watch })
                    }
                }
            }
            Ok(Err(error)) => Err(Failed { registered, error, request_id, traced, watch }),
            Err(given_up) => {
                let answer = in_call(&traced, &watch, || self.given_up(registered, &given_up));
                Ok(ended(traced, answer))
            }
        }
    }

    /// Takes the secrets of a call out of what its answer says besides data: an author may well put an error there.
    fn scrub_frame(&self, registered: &Registered, watch: &Watch, request: &[u8], frame: &mut Frame) {
        for error in frame.execution_summary.iter_mut().flat_map(|summary| &mut summary.caught_errors) {
            error.error_code = self.code_of(&error.error_code);
        }
        let mut texts = frame.texts().peekable();
        if texts.peek().is_some() {
            watch.scrub(
                || secrets(registered.erased.as_ref(), self.wire, request),
                |scrubber| texts.for_each(|text| *text = scrubber.scrub(text)),
            );
        }
    }

    /// What is said of an error outside of an answer: its causes, without the secrets that `request` carries.
    #[cfg(feature = "cli")]
    pub(crate) fn told(&self, name: &str, request: &[u8], error: Error) -> String {
        let text = guard::run_sync(|| message(&error))
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
            Ok(body) => Answer::success(body, false),
            Err(problem) => self.refused(&problem),
        }
    }
}

/// The capability of a call that names none, in logs and traces.
const UNKNOWN: &str = "unknown";

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
