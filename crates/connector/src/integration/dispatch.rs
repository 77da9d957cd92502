//! Dispatches requests: bytes in, bytes out.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::answer::{Answer, Outcome};
#[cfg(feature = "cli")]
use super::call::discard;
use super::call::{finish, in_call, secrets};
use super::failure::Failed;
use super::guard::{self, Limit};
use super::handler::{Encoded, Registered, encoding_error};
use super::trace::CallOrigin;
use super::{Integration, Target, info};
use crate::cancellation::Cancellation;
use crate::error::{Error, ErrorCode};
#[cfg(feature = "cli")]
use crate::http_error::message;
use crate::response::Frame;
use crate::scrub::Watch;

impl Integration {
    /// Responds to a request. `name` is a capability or `info`, and `request` is the JSON of the request's envelope.
    ///
    /// For any input, the response is one JSON document in the integration's wire format. Must be called inside a Tokio
    /// runtime.
    pub async fn dispatch(&self, name: &str, request: &[u8]) -> Vec<u8> {
        self.answer(name, request).await.body
    }

    /// Blocking version of [`dispatch`](Self::dispatch). It can be called anywhere.
    #[must_use]
    pub fn dispatch_blocking(&self, name: &str, request: &[u8]) -> Vec<u8> {
        self.blocking(self.dispatch(name, request)).unwrap_or_else(|answer| answer.body)
    }

    /// Responds to a request. If the integration doesn't handle errors (see
    /// [`handle_errors`](crate::IntegrationBuilder::handle_errors)), a handler's error is returned unchanged.
    ///
    /// # Errors
    /// Returns the handler's error, but only if the integration doesn't handle errors. All other failures become
    /// responses.
    pub async fn try_dispatch(&self, name: &str, request: &[u8]) -> Result<Vec<u8>, Error> {
        self.try_answer(name, request).await.map(|answer| answer.body)
    }

    /// Blocking version of [`try_dispatch`](Self::try_dispatch).
    ///
    /// # Errors
    /// See [`try_dispatch`](Self::try_dispatch).
    pub fn try_dispatch_blocking(&self, name: &str, request: &[u8]) -> Result<Vec<u8>, Error> {
        self.blocking(self.try_dispatch(name, request)).unwrap_or_else(|answer| Ok(answer.body))
    }

    /// Like [`try_dispatch`](Self::try_dispatch), but also returns the outcome of the call.
    ///
    /// # Errors
    /// See [`try_dispatch`](Self::try_dispatch).
    pub async fn try_answer(&self, name: &str, request: &[u8]) -> Result<Answer, Error> {
        self.try_answer_in_stages(name, request, &Cancellation::new(), || ()).await
    }

    /// Like [`try_answer`](Self::try_answer), but the handler gets `cancellation`, and `failing` is called when it has
    /// failed and the exception handlers start. They have a time limit of their own.
    pub(crate) async fn try_answer_in_stages(
        &self,
        name: &str,
        request: &[u8],
        cancellation: &Cancellation,
        failing: impl FnOnce() + Send,
    ) -> Result<Answer, Error> {
        let mut origin = CallOrigin::cancelled_by(cancellation.clone());
        let Some(target) = self.resolve(name) else { return Ok(self.unknown(name, &mut origin)) };
        match self.call(target, request, &mut origin).await {
            Ok(answer) => Ok(answer),
            Err(failed) if self.handle_errors => {
                failing();
                Ok(self.handle_error(failed, request, &origin).await)
            }
            Err(failed) => {
                failed.traced.end(&Outcome::failed(ErrorCode::UnexpectedError));
                Err(failed.error)
            }
        }
    }

    /// Like [`dispatch`](Self::dispatch), but also returns the outcome of the call. Errors are always handled,
    /// regardless of [`handle_errors`](crate::IntegrationBuilder::handle_errors).
    pub async fn answer(&self, name: &str, request: &[u8]) -> Answer {
        let mut origin = CallOrigin::default();
        match self.resolve(name) {
            Some(target) => self.answer_target(target, request, &mut origin).await,
            None => self.unknown(name, &mut origin),
        }
    }

    /// Like [`answer`](Self::answer), for a caller that knows more about the call.
    pub(crate) async fn answer_target(
        &self,
        target: Target,
        request: &[u8],
        origin: &mut CallOrigin,
    ) -> Answer {
        match self.call(target, request, origin).await {
            Ok(answer) => answer,
            // Boxed, so that successful calls don't need space for it.
            Err(failed) => Box::pin(self.handle_error(failed, request, origin)).await,
        }
    }

    /// Runs `call` to completion on this thread, or on a new one if this thread already runs a runtime.
    ///
    /// # Errors
    /// Returns a response if the call can't be run.
    pub(crate) fn blocking<F>(&self, call: F) -> Result<F::Output, Answer>
    where
        F: Future + Send,
        F::Output: Send,
    {
        let run = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let output = runtime.block_on(call);
            // Don't wait for a blocking call that missed its deadline.
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

    /// The response to a call of an unknown capability.
    fn unknown(&self, name: &str, origin: &mut CallOrigin) -> Answer {
        let traced = origin.begin(UNKNOWN, None, str::to_owned);
        finish(traced, self.not_implemented(name))
    }

    /// Responds to a request, except if its handler returned an error.
    async fn call<'i>(
        &'i self,
        target: Target,
        request: &[u8],
        origin: &mut CallOrigin,
    ) -> Result<Answer, Failed<'i>> {
        match target {
            Target::Capability(index) => {
                self.call_registered(&self.capabilities[index], request, origin).await
            }
            Target::Info => {
                let traced = origin.begin(info::NAME, None, str::to_owned);
                Ok(finish(traced, self.answer_info(request)))
            }
        }
    }

    /// Responds to a request that the integration itself sends to one of its capabilities, and stops waiting at `until`.
    ///
    /// Errors are always handled.
    pub(super) async fn answer_own(&self, registered: &Registered, request: &[u8], until: Instant) -> Answer {
        let mut origin = CallOrigin::default();
        origin.set_deadline(until);
        match self.call_registered(registered, request, &mut origin).await {
            Ok(answer) => answer,
            Err(failed) => Box::pin(self.handle_error(failed, request, &origin)).await,
        }
    }

    /// Responds to a request for `registered`, except if its handler returned an error.
    async fn call_registered<'i>(
        &'i self,
        registered: &'i Registered,
        request: &[u8],
        origin: &mut CallOrigin,
    ) -> Result<Answer, Failed<'i>> {
        let call = match self.wire.open(request) {
            Ok(call) => call,
            Err(problem) => {
                // The secrets of such a request are unknown. The id might be one of them if it occurs in the request.
                origin.discard_id_if(|id| contains(request, id.as_bytes()));
                let traced = origin.begin(registered.definition.name, None, str::to_owned);
                return Ok(finish(traced, self.reject(&problem)));
            }
        };
        let request_id = call.request_id.clone();
        let payload = call.request;
        let watch = Watch::call(request.len(), || {
            let (erased, wire, request) = (Arc::clone(&registered.erased), self.wire, origin.keep(request));
            move || secrets(erased.as_ref(), wire, &request)
        });
        let scrubbed = |id: &str| self.scrubbed(registered, &watch, request, id);
        let traced = origin.begin(registered.definition.name, request_id.as_deref(), scrubbed);
        // An author's code already runs here: deserialization, and the handler up to its first await.
        let limit = match call.time_limit() {
            Ok(time_limit) => self.limit(time_limit, origin),
            Err(problem) => return Ok(finish(traced, self.reject(&problem))),
        };
        let until = limit.and_then(|limit| Instant::now().checked_add(limit.remaining));
        let metadata = registered.metadata(self, until, origin.cancellation());
        #[cfg(feature = "cli")]
        let settings = call.settings;
        let start = || guard::run_sync(|| registered.erased.start(self, call, metadata));
        let result = match in_call(&traced, &watch, start) {
            Ok(Ok(running)) => {
                // Only now is it known that the settings are valid.
                #[cfg(feature = "cli")]
                if let Some(log) = &self.settings_log {
                    in_call(&traced, &watch, || log.write(settings, self.schemas.settings));
                }
                guard::run(watch.watch_future(running), limit, traced.span()).await
            }
            Ok(Err(problem)) => {
                // Only messages of an author's own types can contain a value.
                let message = self.scrubbed(registered, &watch, request, &problem.to_string());
                return Ok(finish(traced, self.reject_with(&problem, message)));
            }
            Err(aborted) => Err(aborted),
        };
        match result {
            Ok(Ok(Encoded { mut body, mut frame })) => {
                self.scrub_frame(registered, &watch, request, &mut frame);
                self.summarize(registered, payload, &body, &mut frame);
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
                    Ok(()) => Ok(finish(traced, Answer::success(body, partial))),
                    Err(error) => {
                        Err(Failed { registered, error: encoding_error(error), request_id, traced, watch })
                    }
                }
            }
            Ok(Err(error)) => Err(Failed { registered, error, request_id, traced, watch }),
            Err(aborted) => {
                let answer = in_call(&traced, &watch, || self.aborted(registered, &aborted));
                Ok(finish(traced, answer))
            }
        }
    }

    /// How long the handler of a call may take. Records in `origin` how long its caller waits.
    fn limit(&self, time_limit: Option<Duration>, origin: &mut CallOrigin) -> Option<Limit> {
        if let Some(until) = time_limit.and_then(|limit| Instant::now().checked_add(limit)) {
            origin.set_deadline(until);
        }
        let limit = Limit::new([self.deadline, time_limit].into_iter().flatten().min(), origin)?;
        Some(limit.at_most(time_limit.map_or(Duration::MAX, guard::handler_time)))
    }

    /// How long the caller of `request` waits for the response, if the request says so.
    #[cfg(feature = "cli")]
    pub(crate) fn time_limit(&self, request: &[u8]) -> Option<Duration> {
        self.wire.open(request).ok()?.time_limit().ok()?
    }

    /// Removes the call's secrets from the response, except from its data: an author may well put error messages there.
    fn scrub_frame(&self, registered: &Registered, watch: &Watch, request: &[u8], frame: &mut Frame) {
        for error in frame.execution_summary.iter_mut().flat_map(|summary| &mut summary.caught_errors) {
            error.error_code = self.unprefixed_code(&error.error_code);
        }
        let mut texts = frame.texts().peekable();
        if texts.peek().is_some() {
            watch.scrub(
                || secrets(registered.erased.as_ref(), self.wire, request),
                |scrubber| texts.for_each(|text| *text = scrubber.scrub(text)),
            );
        }
    }

    /// Returns the message of an error and its causes, without the secrets in `request`.
    #[cfg(feature = "cli")]
    pub(crate) fn scrubbed_error_text(&self, name: &str, request: &[u8], error: Error) -> String {
        let text = guard::run_sync(|| message(&error))
            .unwrap_or_else(|_| "the connector failed, and its error cannot be shown".to_owned());
        discard(error);
        match self.find(name) {
            Some(registered) => self.scrubbed(registered, &Watch::none(), request, &text),
            None => text,
        }
    }

    /// Returns a scrubber for the secrets in `request`.
    #[cfg(feature = "testing")]
    pub(crate) fn scrubber(&self, name: &str, request: &[u8]) -> crate::scrub::Scrubber {
        let find = |registered: &Registered| secrets(registered.erased.as_ref(), self.wire, request);
        crate::scrub::Scrubber::new(self.find(name).map(find).unwrap_or_default())
    }

    /// Returns `text` without the secrets of a call.
    fn scrubbed(&self, registered: &Registered, watch: &Watch, request: &[u8], text: &str) -> String {
        watch.scrub(
            || secrets(registered.erased.as_ref(), self.wire, request),
            |scrubber| scrubber.scrub(text),
        )
    }

    fn answer_info(&self, request: &[u8]) -> Answer {
        match info::accept(request).and_then(|()| info::response(self)) {
            Ok(body) => Answer::success(body, false),
            Err(problem) => self.reject(&problem),
        }
    }
}

/// The capability name of unknown capabilities in logs and traces.
const UNKNOWN: &str = "unknown";

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
