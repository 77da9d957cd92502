//! The metrics at `/metrics`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use prometheus_client::encoding::{EncodeLabel as _, EncodeLabelSet, LabelSetEncoder, prometheus_text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::verdict::Verdict;

/// The media type of the metrics.
pub(super) const CONTENT_TYPE: &str = prometheus_text::CONTENT_TYPE;

/// The label of requests that don't lead to a capability.
pub(super) const UNKNOWN: &str = "unknown";

/// The upper bounds of the histogram's buckets, in seconds.
const BUCKETS: [f64; 12] = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 60.0, 300.0];

/// The metrics of a server.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    in_flight: Family<Labels, Gauge>,
    ended: Ended,
    body_bytes: Gauge,
    dropped_log_lines: Counter,
    /// Clients that were disconnected because they didn't receive their responses.
    pub(super) stalled_clients: Counter,
}

/// Metrics that are updated when a request ends.
#[derive(Clone, Debug)]
struct Ended {
    requests: Family<Labels, Counter>,
    durations: Family<Labels, Histogram, fn() -> Histogram>,
    received: Family<Labels, Counter>,
    sent: Family<Labels, Counter>,
}

/// The metrics of a capability, or of requests that don't lead to one.
#[derive(Debug)]
pub(super) struct CapabilityMetrics {
    name: &'static str,
    labels: Labels,
    in_flight: Gauge,
    ended: Ended,
}

/// The labels of a series. They never contain text from callers, who could otherwise create an unlimited number of
/// series.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Labels {
    app: Arc<str>,
    capability: Arc<str>,
    /// Only for requests that have ended.
    outcome: Option<&'static str>,
    /// Only for requests counted by status.
    status: Option<u16>,
}

impl EncodeLabelSet for Labels {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        ("app", &*self.app).encode(encoder.encode_label())?;
        ("capability", &*self.capability).encode(encoder.encode_label())?;
        if let Some(outcome) = self.outcome {
            ("outcome", outcome).encode(encoder.encode_label())?;
        }
        if let Some(status) = self.status {
            ("status", status).encode(encoder.encode_label())?;
        }
        Ok(())
    }
}

impl Metrics {
    pub(super) fn new() -> Self {
        let metrics = Self {
            registry: Registry::default(),
            in_flight: Family::default(),
            ended: Ended {
                requests: Family::default(),
                durations: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
                received: Family::default(),
                sent: Family::default(),
            },
            body_bytes: Gauge::default(),
            dropped_log_lines: Counter::default(),
            stalled_clients: Counter::default(),
        };
        metrics.registered()
    }

    /// Registers all metrics. The registry appends `_total` to the names of counters, and a period to the help texts.
    fn registered(mut self) -> Self {
        let registry = &mut self.registry;
        registry.register(
            "connector_body_bytes",
            "Bytes of request and response bodies in progress",
            self.body_bytes.clone(),
        );
        registry.register(
            "connector_stalled_clients",
            "Clients disconnected because they did not receive their responses",
            self.stalled_clients.clone(),
        );
        registry.register(
            "connector_log_lines_dropped",
            "Log lines dropped because the log was read too slowly",
            self.dropped_log_lines.clone(),
        );
        registry.register("connector_requests_in_flight", "Requests in progress", self.in_flight.clone());
        let Ended { requests, durations, received, sent } = self.ended.clone();
        registry.register("connector_requests", "Requests that have ended", requests);
        registry.register(
            "connector_request_duration_seconds",
            "Time from a request's arrival to its response",
            durations,
        );
        registry.register("connector_request_bytes", "Bytes of request bodies", received);
        registry.register("connector_response_bytes", "Bytes of response bodies", sent);
        self
    }

    /// Returns the metrics of a capability of an app.
    pub(super) fn capability(&self, app: &str, name: &'static str) -> CapabilityMetrics {
        let labels = Labels { app: app.into(), capability: name.into(), outcome: None, status: None };
        CapabilityMetrics {
            name,
            in_flight: self.in_flight.get_or_create_owned(&labels),
            ended: self.ended.clone(),
            labels,
        }
    }

    /// Formats all metrics in the Prometheus text format. `body_bytes` is the size of the bodies in progress.
    pub(super) fn render(&self, body_bytes: usize) -> String {
        self.body_bytes.set(i64::try_from(body_bytes).unwrap_or(i64::MAX));
        #[cfg(feature = "cli")]
        self.dropped_log_lines
            .inner()
            .store(crate::log_writer::dropped_lines(), std::sync::atomic::Ordering::Relaxed);
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = prometheus_text::encode(&mut text, &self.registry);
        text
    }
}

impl CapabilityMetrics {
    pub(super) const fn name(&self) -> &'static str {
        self.name
    }

    /// Counts a request that starts.
    pub(super) fn begin(&self) {
        self.in_flight.inc();
    }

    /// Counts a request that ends. `received` and `sent` are the sizes of its bodies, in bytes.
    pub(super) fn end(&self, verdict: Verdict, status: StatusCode, took: Duration, received: u64, sent: u64) {
        self.in_flight.dec();
        let mut labels = Labels { outcome: Some(verdict.as_str()), ..self.labels.clone() };
        self.ended.durations.get_or_create(&labels).observe(took.as_secs_f64());
        self.ended.received.get_or_create(&labels).inc_by(received);
        self.ended.sent.get_or_create(&labels).inc_by(sent);
        labels.status = Some(status.as_u16());
        self.ended.requests.get_or_create(&labels).inc();
    }
}
