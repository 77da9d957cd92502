//! Counts and times of calls, in the text format of Prometheus (version 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use axum::http::StatusCode;

/// The upper bounds of the histogram's buckets, in seconds.
const BUCKETS: [f64; 12] = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 60.0, 300.0];

/// What has been counted of one integration. Labels are registered names and the server's own status codes, so that
/// no caller can make the set grow.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    series: RwLock<BTreeMap<(&'static str, u16), Series>>,
    in_flight: AtomicUsize,
}

#[derive(Debug, Default)]
struct Series {
    buckets: [AtomicU64; BUCKETS.len()],
    count: AtomicU64,
    micros: AtomicU64,
    bytes: AtomicU64,
}

/// Counts a request as under way while it lives, however it ends.
#[derive(Debug)]
pub(super) struct InFlight<'a>(&'a AtomicUsize);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    pub(super) fn enter(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        InFlight(&self.in_flight)
    }

    pub(super) fn record(&self, capability: &'static str, status: StatusCode, took: Duration, bytes: u64) {
        let key = (capability, status.as_u16());
        if let Some(series) = self.series.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return series.add(took, bytes);
        }
        self.series.write().unwrap_or_else(PoisonError::into_inner).entry(key).or_default().add(took, bytes);
    }

    /// Adds the series of one integration to `text`.
    pub(super) fn render(&self, app_id: &str, text: &mut String) {
        let app = label_value(app_id);
        // Writing to a string cannot fail.
        let in_flight = self.in_flight.load(Ordering::Relaxed);
        let _ = writeln!(text, "connector_requests_in_flight{{app=\"{app}\"}} {in_flight}");
        for ((capability, status), series) in
            self.series.read().unwrap_or_else(PoisonError::into_inner).iter()
        {
            let capability = capability.replace('-', "_");
            series.render(&format!("app=\"{app}\",capability=\"{capability}\",status=\"{status}\""), text);
        }
    }
}

impl Series {
    fn add(&self, took: Duration, bytes: u64) {
        let seconds = took.as_secs_f64();
        if let Some(bucket) = BUCKETS.iter().position(|bound| seconds <= *bound) {
            self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    fn render(&self, labels: &str, text: &mut String) {
        let mut sum = 0;
        for (bound, count) in BUCKETS.iter().zip(&self.buckets) {
            sum += count.load(Ordering::Relaxed);
            let _ =
                writeln!(text, "connector_request_duration_seconds_bucket{{{labels},le=\"{bound}\"}} {sum}");
        }
        let count = self.count.load(Ordering::Relaxed);
        let seconds = Duration::from_micros(self.micros.load(Ordering::Relaxed)).as_secs_f64();
        let bytes = self.bytes.load(Ordering::Relaxed);
        let _ = writeln!(text, "connector_request_duration_seconds_bucket{{{labels},le=\"+Inf\"}} {count}");
        let _ = writeln!(text, "connector_request_duration_seconds_sum{{{labels}}} {seconds}");
        let _ = writeln!(text, "connector_request_duration_seconds_count{{{labels}}} {count}");
        let _ = writeln!(text, "connector_response_bytes_total{{{labels}}} {bytes}");
    }
}

/// What the series mean.
pub(super) const HEAD: &str = "\
# HELP connector_requests_in_flight Requests that are being answered.
# TYPE connector_requests_in_flight gauge
# HELP connector_request_duration_seconds Time from a request's arrival to its answer.
# TYPE connector_request_duration_seconds histogram
# HELP connector_response_bytes_total Bytes of the bodies of answers.
# TYPE connector_response_bytes_total counter
";

fn label_value(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
