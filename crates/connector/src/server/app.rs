//! A call over HTTP, from the request body to the response.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use tokio::time::Instant;

use super::admission::Admission;
use super::budget::{Budget, Reservation};
use super::decompression::{CODINGS, Coding, DecompressionError, Limits};
use super::metrics::{CapabilityMetrics, Metrics, UNKNOWN};
use super::offload::{LARGE, Offload};
use super::openapi::Document;
use super::progress::Progress;
use super::request_body::{Arriving, ReadError};
use super::{Options, media_type, response};
use crate::capability::same_name;
use crate::error::ErrorCode;
use crate::integration::trace::CallOrigin;
use crate::integration::{Answer, Integration, Outcome, Target};

/// How much longer than its time limit to wait for a call that doesn't time out by itself.
const EXTRA_TIME: Duration = Duration::from_millis(250);

/// An integration, as served.
pub(super) struct App {
    pub(super) integration: Arc<Integration>,
    capabilities: Vec<(Target, CapabilityMetrics)>,
    /// Counts requests for unknown capabilities.
    pub(super) unknown: CapabilityMetrics,
    pub(super) document: Document,
    shared: Arc<Shared>,
}

/// State that all integrations of a server share.
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

    /// When a call that starts now must end.
    fn end_of_call(&self) -> Instant {
        // Avoids an overflow: this is practically unlimited.
        let never = Duration::from_secs(100 * 365 * 24 * 60 * 60);
        Instant::now() + self.options.timeout.min(never)
    }

    /// The response to `/metrics`.
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

    /// Responds to a request for `name`, the last part of its path.
    pub(super) async fn answer(
        &self,
        name: &str,
        head: &Parts,
        body: Arriving,
        origin: CallOrigin,
    ) -> Response {
        let known = self.capabilities.iter().find(|(_, metrics)| same_name(metrics.name(), name));
        let counted = known.map_or(&self.unknown, |(_, metrics)| metrics);
        let mut progress = Progress::begin(counted, self.shared.options.access_log, origin);
        let mut response = match (known.map(|(target, _)| *target), &head.method) {
            (None, _) => {
                let message = "no such path; GET /info lists the capabilities";
                self.error_response(StatusCode::NOT_FOUND, ErrorCode::NotImplemented, message)
            }
            (Some(target), &Method::POST) => match self.post(target, head, body, &mut progress).await {
                Ok(response) => response,
                Err(rejection) => self.reject(rejection),
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
    ) -> Result<Response, Rejection> {
        media_type::check(&head.headers).map_err(Rejection::MediaType)?;
        let coding = Coding::of(&head.headers).map_err(|_| Rejection::Coding)?;
        let Shared { options, admission, budget, offload, .. } = &*self.shared;
        let mut reservation = budget.open();
        let mut bytes = body.read(options.body_limit, options.timeout, &mut reservation).await?;
        progress.received = u64::try_from(bytes.len()).unwrap_or(u64::MAX);

        // From here on, the caller waits for the server: in the queue, for a core, or for the handler.
        let until = self.shared.end_of_call();
        let entered = tokio::time::timeout_at(until, admission.enter()).await;
        let Ok(Ok(_permit)) = entered else { return Err(Rejection::Busy) };
        if Instant::now() >= until {
            // With no time left, don't start work that can't be finished.
            return Err(Rejection::Busy);
        }
        if let Some(coding) = coding {
            let limits = Limits { bytes: options.body_limit, until: until.into_std() };
            let decompress = move || {
                let decompressed = coding.decompress(&bytes, limits, &mut reservation);
                decompressed.map(|bytes| (bytes, reservation))
            };
            let decompressed = tokio::time::timeout_at(until, offload.run(decompress)).await;
            let decompressed = decompressed.map_err(|_| Rejection::Busy)?;
            // `None` if the decoder panicked.
            (bytes, reservation) = decompressed.unwrap_or(Err(DecompressionError::Malformed))?;
        }
        Ok(self.call(target, bytes, reservation, until, progress).await)
    }

    /// Calls the capability. `reservation` covers the request, then the response until it is sent.
    async fn call(
        &self,
        target: Target,
        request: Bytes,
        reservation: Reservation,
        until: Instant,
        progress: &mut Progress<'_>,
    ) -> Response {
        let (name, origin) = progress.dispatch();
        origin.share_request(request.clone());
        origin.set_deadline(until);
        let Answer { body, outcome, retry_after } = if request.len() > LARGE {
            self.call_offloaded(target, name, request, until, origin).await
        } else {
            self.integration.answer_target(target, &request, origin).await
        };
        drop(reservation);
        let mut reservation = self.shared.budget.open();
        if reservation.grow(body.len()).is_err() {
            // A listing can be requested again, but the result of a write must be reported.
            if self.integration.only_reads(name) {
                return self.reject(Rejection::Busy);
            }
            reservation.grow_anyway(body.len());
        }
        let status = response::status(&outcome, self.shared.options.status_from_error);
        let mut response = response::of_type(status, "application/json", reservation.hold(body));
        if outcome == (Outcome::Success { partial: true }) {
            response.headers_mut().insert("x-partial", HeaderValue::from_static("true"));
        }
        // Clients don't look for it in a successful response.
        if let Some(after) = retry_after.filter(|_| !status.is_success()) {
            response.headers_mut().insert(header::RETRY_AFTER, crate::error::retry_seconds(after).into());
        }
        progress.answered(outcome);
        response
    }

    /// Calls the capability with a large request, on the threads for heavy work.
    async fn call_offloaded(
        &self,
        target: Target,
        name: &'static str,
        request: Bytes,
        until: Instant,
        origin: &mut CallOrigin,
    ) -> Answer {
        let integration = Arc::clone(&self.integration);
        let mut detached = origin.detach();
        let call = async move { integration.answer_target(target, &request, &mut detached).await };
        match tokio::time::timeout_at(until + EXTRA_TIME, self.shared.offload.call(Box::pin(call))).await {
            Ok(Some(answer)) => answer,
            Ok(None) => self.integration.answer_thread_ended(name),
            Err(_) => self.integration.answer_unresponsive(name, self.shared.options.timeout),
        }
    }

    /// An error response of the server itself.
    pub(super) fn error_response(&self, status: StatusCode, code: ErrorCode, message: &str) -> Response {
        response::json(status, self.integration.error_body(code, message, None))
    }

    fn reject(&self, rejection: Rejection) -> Response {
        let bad = |status, message: &str| self.error_response(status, ErrorCode::BadRequest, message);
        match rejection {
            Rejection::MediaType(message) => bad(StatusCode::UNSUPPORTED_MEDIA_TYPE, message),
            Rejection::Coding => {
                let message = format!("the body's Content-Encoding must be one of {CODINGS}");
                let mut response = bad(StatusCode::UNSUPPORTED_MEDIA_TYPE, &message);
                response.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static(CODINGS));
                response
            }
            Rejection::TooLarge => {
                let message = format!("the body is larger than {} bytes", self.shared.options.body_limit);
                bad(StatusCode::PAYLOAD_TOO_LARGE, &message)
            }
            Rejection::Truncated => bad(StatusCode::BAD_REQUEST, "the body is truncated"),
            Rejection::TimedOut => bad(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time"),
            Rejection::Undecoded => {
                let message = "the body does not match its Content-Encoding";
                bad(StatusCode::BAD_REQUEST, message)
            }
            Rejection::Busy => {
                let message = "the server is too busy for this call; nothing was changed, try again later";
                let wait = Some(Duration::from_secs(1));
                let body = self.integration.error_body(ErrorCode::ServiceError, message, wait);
                let mut busy = response::json(StatusCode::SERVICE_UNAVAILABLE, body);
                busy.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
                busy
            }
        }
    }

    pub(super) fn wrong_method(&self, allowed: &'static str) -> Response {
        response::wrong_method(allowed, |status, message| {
            self.error_response(status, ErrorCode::BadRequest, message)
        })
    }
}

/// Why a call doesn't reach its capability.
#[derive(Clone, Copy, Debug)]
enum Rejection {
    MediaType(&'static str),
    Coding,
    TooLarge,
    Truncated,
    TimedOut,
    Undecoded,
    /// There are too many calls, or their bodies use too much memory.
    Busy,
}

impl From<ReadError> for Rejection {
    fn from(unread: ReadError) -> Self {
        match unread {
            ReadError::TooLarge => Self::TooLarge,
            ReadError::NoRoom => Self::Busy,
            ReadError::Truncated => Self::Truncated,
            ReadError::TimedOut => Self::TimedOut,
        }
    }
}

impl From<DecompressionError> for Rejection {
    fn from(undecoded: DecompressionError) -> Self {
        match undecoded {
            DecompressionError::TooLarge => Self::TooLarge,
            DecompressionError::NoRoom | DecompressionError::TimedOut => Self::Busy,
            DecompressionError::Malformed => Self::Undecoded,
        }
    }
}
