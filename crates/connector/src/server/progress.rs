//! A request under way: told to metrics and the access log however it ends.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::HttpBody as _;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;

use super::access_log::Line;
use super::metrics::CapabilityMetrics;
use super::verdict::Verdict;
use crate::integration::Outcome;
use crate::integration::trace::Caller;
use crate::secret::Secret;

/// The head that carries a request's id.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request under way. If it is dropped before it has [ended](Self::end), its client went away.
pub(super) struct Progress<'a> {
    capability: &'a CapabilityMetrics,
    is_logged: bool,
    caller: Caller,
    /// The length of the request's body.
    pub(super) received: u64,
    /// Whether dispatch has the call, and has made a span for it.
    is_dispatched: bool,
    outcome: Option<Outcome>,
    begun: Instant,
    has_ended: bool,
}

impl<'a> Progress<'a> {
    pub(super) fn begin(capability: &'a CapabilityMetrics, is_logged: bool, caller: Caller) -> Self {
        capability.begin();
        Self {
            capability,
            is_logged,
            caller,
            received: 0,
            is_dispatched: false,
            outcome: None,
            begun: Instant::now(),
            has_ended: false,
        }
    }

    /// Hands the call to dispatch.
    pub(super) const fn dispatch(&mut self) -> (&'static str, &mut Caller) {
        self.is_dispatched = true;
        (self.capability.name(), &mut self.caller)
    }

    /// Notes what dispatch said.
    pub(super) fn answered(&mut self, outcome: Outcome) {
        self.outcome = Some(outcome);
    }

    /// Ends with `response`, which is told the request's id.
    pub(super) fn end(mut self, response: &mut Response) {
        self.has_ended = true;
        let status = response.status();
        let verdict = self.outcome.as_ref().map_or_else(|| Verdict::of_status(status), Verdict::of);
        let sent = response.body().size_hint().exact().unwrap_or_default();
        self.tell(verdict, status, sent);
        set_request_id(response, &mut self.caller);
    }

    fn tell(&mut self, verdict: Verdict, status: StatusCode, sent: u64) {
        let took: Duration = self.begun.elapsed();
        self.capability.end(verdict, status, took, self.received, sent);
        let capability = self.capability.name();
        if !self.is_dispatched {
            self.caller.ended(capability, verdict.as_str());
        }
        if !self.is_logged {
            return;
        }
        let line = Line {
            request_id: self.caller.id(),
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
            self.tell(Verdict::Cancelled, status, 0);
        }
    }
}

/// Who sends a request with these headers. No ID that holds the server's token is taken from them.
pub(super) fn caller(headers: &HeaderMap, token: Option<&Arc<Secret>>) -> Caller {
    let id = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let caller = Caller::told(id, token.cloned());
    #[cfg(feature = "otlp")]
    let caller = caller.part_of(super::traceparent::of(headers));
    caller
}

/// Adds the request's ID to `response`.
pub(super) fn set_request_id(response: &mut Response, caller: &mut Caller) {
    // An id is visible ASCII, which any head can have.
    if let Ok(id) = HeaderValue::try_from(caller.take_id()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
}
