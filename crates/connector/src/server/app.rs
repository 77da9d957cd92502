//! One call over HTTP: body in, answer out.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use tokio::time::Instant;

use super::admission::Admission;
use super::budget::{Budget, Reservation};
use super::decompression::{CODINGS, Coding, Limits, Undecoded};
use super::metrics::{CapabilityMetrics, Metrics, UNKNOWN};
use super::offload::{LARGE, Offload};
use super::openapi::Document;
use super::progress::Progress;
use super::request_body::{Arriving, Unread};
use super::{Options, media_type, response};
use crate::capability::same_name;
use crate::error::ErrorCode;
use crate::integration::trace::Caller;
use crate::integration::{Answer, Integration, Outcome, Target};

/// How much later than its time limit a call is given up that does not notice by itself.
const BEYOND: Duration = Duration::from_millis(250);

/// An integration, and what it is served with.
pub(super) struct App {
    pub(super) integration: Arc<Integration>,
    capabilities: Vec<(Target, CapabilityMetrics)>,
    /// Of requests for a capability that does not exist.
    pub(super) unknown: CapabilityMetrics,
    pub(super) document: Document,
    shared: Arc<Shared>,
}

/// What all integrations of a server share.
pub(super) struct Shared {
    pub(super) options: Options,
    admission: Admission,
    budget: Arc<Budget>,
    offload: Offload,
    pub(super) metrics: Metrics,
}

impl Shared {
    pub(super) fn new(options: Options) -> Self {
        Self {
            admission: Admission::new(options.concurrency, options.queue),
            budget: Budget::new(options.memory),
            offload: Offload::new(),
            metrics: Metrics::new(),
            options,
        }
    }

    /// When a call that begins now must end.
    fn end_of_call(&self) -> Instant {
        // A limit beyond all times is none.
        let never = Duration::from_secs(100 * 365 * 24 * 60 * 60);
        Instant::now() + self.options.timeout.min(never)
    }

    /// What `/metrics` answers.
    pub(super) fn render_metrics(&self) -> String {
        self.metrics.render(self.budget.used())
    }
}

impl App {
    pub(super) fn new(integration: Integration, shared: Arc<Shared>, document: Document) -> Self {
        let timeout = shared.options.timeout;
        let deadline = integration.deadline().map_or(timeout, |own| own.min(timeout));
        let integration = Arc::new(integration.with_deadline(Some(deadline)));
        let metrics = |name| shared.metrics.capability(integration.app_id(), name);
        let capabilities = integration.targets().map(|(name, target)| (target, metrics(name))).collect();
        Self { capabilities, unknown: metrics(UNKNOWN), document, integration, shared }
    }

    /// Answers a request to `name`, which is the last part of its path.
    pub(super) async fn answer(&self, name: &str, head: &Parts, body: Arriving, caller: Caller) -> Response {
        let known = self.capabilities.iter().find(|(_, metrics)| same_name(metrics.name(), name));
        let counted = known.map_or(&self.unknown, |(_, metrics)| metrics);
        let mut progress = Progress::begin(counted, self.shared.options.access_log, caller);
        let mut response = match (known.map(|(target, _)| *target), &head.method) {
            (None, _) => {
                let message = "there is no such path; GET /info lists the capabilities";
                self.complain(StatusCode::NOT_FOUND, ErrorCode::NotImplemented, message)
            }
            (Some(target), &Method::POST) => match self.post(target, head, body, &mut progress).await {
                Ok(response) => response,
                Err(refused) => self.refuse(refused),
            },
            (Some(Target::Info), &Method::GET | &Method::HEAD) => {
                let until = self.shared.end_of_call();
                self.call(Target::Info, Bytes::new(), self.shared.budget.open(), until, &mut progress).await
            }
            (Some(Target::Info), _) => self.wrong_method("GET, HEAD, POST"),
            (Some(_), _) => self.wrong_method("POST"),
        };
        progress.end(&mut response);
        response
    }

    async fn post(
        &self,
        target: Target,
        head: &Parts,
        body: Arriving,
        progress: &mut Progress<'_>,
    ) -> Result<Response, Refused> {
        media_type::check(&head.headers).map_err(Refused::MediaType)?;
        let coding = Coding::of(&head.headers).map_err(|_| Refused::Coding)?;
        let Shared { options, admission, budget, offload, .. } = &*self.shared;
        let mut reservation = budget.open();
        let mut bytes = body.read(options.body_limit, options.timeout, &mut reservation).await?;
        progress.received = u64::try_from(bytes.len()).unwrap_or(u64::MAX);

        // From here on the caller waits for us: for a turn, for a core, or for the handler.
        let until = self.shared.end_of_call();
        let entered = tokio::time::timeout_at(until, admission.enter()).await;
        let Ok(Ok(_permit)) = entered else { return Err(Refused::Busy) };
        if Instant::now() >= until {
            // A handler without any time would only begin what it cannot finish.
            return Err(Refused::Busy);
        }
        if let Some(coding) = coding {
            let limits = Limits { bytes: options.body_limit, until: until.into_std() };
            let decompress = move || {
                let decompressed = coding.decompress(&bytes, limits, &mut reservation);
                decompressed.map(|bytes| (bytes, reservation))
            };
            let decompressed = tokio::time::timeout_at(until, offload.run(decompress)).await;
            let decompressed = decompressed.map_err(|_| Refused::Busy)?;
            // `None` if the decoder panicked.
            (bytes, reservation) = decompressed.unwrap_or(Err(Undecoded::Broken))?;
        }
        Ok(self.call(target, bytes, reservation, until, progress).await)
    }

    /// Calls the capability. `reservation` covers the request, and then the answer until it is sent.
    async fn call(
        &self,
        target: Target,
        request: Bytes,
        reservation: Reservation,
        until: Instant,
        progress: &mut Progress<'_>,
    ) -> Response {
        let (name, caller) = progress.dispatch();
        caller.shares(request.clone());
        caller.must_end_by(until);
        let Answer { body, outcome, retry_after } = if request.len() > LARGE {
            self.call_apart(target, name, request, until, caller).await
        } else {
            self.integration.answer_to(target, &request, caller).await
        };
        drop(reservation);
        let mut reservation = self.shared.budget.open();
        if reservation.grow(body.len()).is_err() {
            // Nothing is lost if a listing is asked for again. What a write has done must be told.
            if self.integration.only_reads(name) {
                return self.refuse(Refused::Busy);
            }
            reservation.grow_anyway(body.len());
        }
        let status = response::status(&outcome, self.shared.options.status_from_error);
        let mut response = response::of_type(status, "application/json", reservation.hold(body));
        if outcome == (Outcome::Success { partial: true }) {
            response.headers_mut().insert("x-partial", HeaderValue::from_static("true"));
        }
        // Nobody looks for it beside a status that is a success.
        if let Some(after) = retry_after.filter(|_| !status.is_success()) {
            response.headers_mut().insert(header::RETRY_AFTER, crate::error::retry_seconds(after).into());
        }
        progress.answered(outcome);
        response
    }

    /// Calls the capability with a large request, which takes long to read.
    async fn call_apart(
        &self,
        target: Target,
        name: &'static str,
        request: Bytes,
        until: Instant,
        caller: &mut Caller,
    ) -> Answer {
        let integration = Arc::clone(&self.integration);
        let mut theirs = caller.hand_over();
        let call = async move { integration.answer_to(target, &request, &mut theirs).await };
        match tokio::time::timeout_at(until + BEYOND, self.shared.offload.call(Box::pin(call))).await {
            Ok(Some(answer)) => answer,
            Ok(None) => self.integration.answer_unresponsive(name, Some("ended with its thread")),
            Err(_) => self.integration.answer_unresponsive(name, None),
        }
    }

    /// An answer that the server makes itself.
    pub(super) fn complain(&self, status: StatusCode, code: ErrorCode, message: &str) -> Response {
        response::json(status, self.integration.complaint(code, message))
    }

    fn refuse(&self, refused: Refused) -> Response {
        let bad = |status, message: &str| self.complain(status, ErrorCode::BadRequest, message);
        match refused {
            Refused::MediaType(message) => bad(StatusCode::UNSUPPORTED_MEDIA_TYPE, message),
            Refused::Coding => {
                let message = format!("the body's Content-Encoding must be one of {CODINGS}");
                let mut response = bad(StatusCode::UNSUPPORTED_MEDIA_TYPE, &message);
                response.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static(CODINGS));
                response
            }
            Refused::TooLarge => {
                let message = format!("the body is larger than {} bytes", self.shared.options.body_limit);
                bad(StatusCode::PAYLOAD_TOO_LARGE, &message)
            }
            Refused::CutOff => bad(StatusCode::BAD_REQUEST, "the body is cut off"),
            Refused::Late => bad(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time"),
            Refused::Undecoded => {
                let message = "the body is not in the coding that its Content-Encoding names";
                bad(StatusCode::BAD_REQUEST, message)
            }
            Refused::Busy => {
                let message = "the server is too busy for this call, and did nothing; try again later";
                let status = StatusCode::SERVICE_UNAVAILABLE;
                let mut busy = self.complain(status, ErrorCode::ApiError, message);
                busy.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
                busy
            }
        }
    }

    pub(super) fn wrong_method(&self, allowed: &'static str) -> Response {
        response::wrong_method(allowed, |status, message| {
            self.complain(status, ErrorCode::BadRequest, message)
        })
    }
}

/// Why a call does not reach its capability.
#[derive(Clone, Copy, Debug)]
enum Refused {
    MediaType(&'static str),
    Coding,
    TooLarge,
    CutOff,
    Late,
    Undecoded,
    /// There are too many calls, or their bodies take too much memory.
    Busy,
}

impl From<Unread> for Refused {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLarge => Self::TooLarge,
            Unread::NoRoom => Self::Busy,
            Unread::CutOff => Self::CutOff,
            Unread::Late => Self::Late,
        }
    }
}

impl From<Undecoded> for Refused {
    fn from(undecoded: Undecoded) -> Self {
        match undecoded {
            Undecoded::TooLarge => Self::TooLarge,
            Undecoded::NoRoom | Undecoded::Late => Self::Busy,
            Undecoded::Broken => Self::Undecoded,
        }
    }
}
