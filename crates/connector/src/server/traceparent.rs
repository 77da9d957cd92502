//! The trace that a request is a part of, as it says in `traceparent` (W3C Trace Context).

use axum::http::HeaderMap;
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;

/// The span that the request was sent in; none if it does not say so, or not in good form.
pub(super) fn of(headers: &HeaderMap) -> Option<Context> {
    let parent = TraceContextPropagator::new().extract_with_context(&Context::new(), &Heads(headers));
    parent.span().span_context().is_valid().then_some(parent)
}

struct Heads<'a>(&'a HeaderMap);

impl Extractor for Heads<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|key| key.as_str()).collect()
    }
}
