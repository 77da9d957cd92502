//! Tracks a request in progress for metrics and the access log.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::HttpBody as _;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;

use super::access_log::Line;
use super::metrics::CapabilityMetrics;
use super::verdict::Verdict;
use crate::integration::Outcome;
use crate::integration::trace::CallOrigin;
use crate::secret::Secret;

/// The header with the request's id.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request in progress. If it is dropped before it has [ended](Self::end), its client disconnected.
pub(super) struct Progress<'a> {
    capability: &'a CapabilityMetrics,
    is_logged: bool,
    origin: CallOrigin,
    /// The length of the request body.
    pub(super) received: u64,
    /// Whether the call was passed to dispatch, which creates its span.
    is_dispatched: bool,
    outcome: Option<Outcome>,
    started: Instant,
    has_ended: bool,
}

impl<'a> Progress<'a> {
    pub(super) fn begin(capability: &'a CapabilityMetrics, is_logged: bool, origin: CallOrigin) -> Self {
        capability.begin();
        Self {
            capability,
            is_logged,
            origin,
            received: 0,
            is_dispatched: false,
            outcome: None,
            started: Instant::now(),
            has_ended: false,
        }
    }

    /// Marks the call as passed to dispatch.
    pub(super) const fn dispatch(&mut self) -> (&'static str, &mut CallOrigin) {
        self.is_dispatched = true;
        (self.capability.name(), &mut self.origin)
    }

    /// Records the outcome from dispatch.
    pub(super) fn answered(&mut self, outcome: Outcome) {
        self.outcome = Some(outcome);
    }

    /// Ends the request with `response`, and adds the request id to it.
    pub(super) fn end(mut self, response: &mut Response) {
        self.has_ended = true;
        let status = response.status();
        let verdict = self.outcome.as_ref().map_or_else(|| Verdict::of_status(status), Verdict::of);
        let sent = response.body().size_hint().exact().unwrap_or_default();
        self.report(verdict, status, sent);
        set_request_id(response, &mut self.origin);
    }

    fn report(&mut self, verdict: Verdict, status: StatusCode, sent: u64) {
        let took: Duration = self.started.elapsed();
        self.capability.end(verdict, status, took, self.received, sent);
        let capability = self.capability.name();
        if !self.is_dispatched {
            self.origin.record_early_end(capability, verdict.as_str());
        }
        if !self.is_logged {
            return;
        }
        let line = Line {
            request_id: self.origin.id(),
            capability,
            status: status.as_u16(),
            outcome: verdict.as_str(),
            code: self.outcome.as_ref().and_then(Outcome::code),
            received: self.received,
            sent,
            took,
        };
        line.log();
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if !self.has_ended {
            let status = StatusCode::from_u16(Verdict::CANCELLED).unwrap_or_default();
            self.report(Verdict::Cancelled, status, 0);
        }
    }
}

/// Creates the origin of a call from its headers. An id that contains the server's token is ignored.
pub(super) fn origin(headers: &HeaderMap, token: Option<&Arc<Secret>>) -> CallOrigin {
    let id = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let origin = CallOrigin::exposing_id(id, token.cloned());
    #[cfg(feature = "otlp")]
    let origin = origin.with_parent(super::traceparent::of(headers));
    origin
}

/// Adds the request id to `response`.
pub(super) fn set_request_id(response: &mut Response, origin: &mut CallOrigin) {
    // Can't fail: an id is visible ASCII.
    if let Ok(id) = HeaderValue::try_from(origin.take_id()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
}
