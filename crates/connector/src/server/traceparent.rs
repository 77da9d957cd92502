//! The trace that a request is part of, from its `traceparent` (W3C Trace Context).

use axum::http::HeaderMap;
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;

/// Returns the span that the request was sent in, or `None` if the header is missing or invalid.
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
