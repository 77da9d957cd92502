//! Counts and times of requests, in the text format of Prometheus (version 0.0.4).

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::StatusCode;

use super::verdict::Verdict;
use crate::capability::same_name;

/// The upper bounds of the histogram's buckets, in microseconds.
const BUCKETS: [u64; 12] = [
    500,
    1_000,
    5_000,
    10_000,
    50_000,
    100_000,
    500_000,
    1_000_000,
    5_000_000,
    10_000_000,
    60_000_000,
    300_000_000,
];

/// The statuses that are counted apart; the last stands for all others.
const STATUSES: [u16; 19] = [
    200,
    400,
    401,
    403,
    404,
    405,
    408,
    413,
    415,
    421,
    422,
    431,
    Verdict::CANCELLED,
    500,
    501,
    502,
    503,
    504,
    0,
];

/// What has been counted of one integration, or of what led to none. The labels are registered names and the server's
/// own words and numbers, so that no caller can make the set grow; all of it is set aside at the start, and counting
/// takes no lock.
#[derive(Debug)]
pub(super) struct Metrics {
    capabilities: Box<[Capability]>,
}

/// What is counted for the server as a whole.
#[derive(Debug)]
pub(super) struct OfServer {
    pub(super) body_bytes: u64,
    pub(super) stalled: u64,
    pub(super) dropped_lines: u64,
}

/// What has been counted of one capability.
#[derive(Debug)]
pub(super) struct Capability {
    name: &'static str,
    in_flight: AtomicU64,
    verdicts: [Series; Verdict::ALL.len()],
}

#[derive(Debug, Default)]
struct Series {
    statuses: [AtomicU64; STATUSES.len()],
    /// The last is of what took longer than the longest bound.
    buckets: [AtomicU64; BUCKETS.len() + 1],
    micros: AtomicU64,
    received: AtomicU64,
    sent: AtomicU64,
}

impl Metrics {
    /// Makes room for `names`. What is asked for under any other name counts as `unknown`.
    pub(super) fn new(names: impl Iterator<Item = &'static str>) -> Self {
        let capability = |name| Capability {
            name,
            in_flight: AtomicU64::new(0),
            verdicts: std::array::from_fn(|_| Series::default()),
        };
        Self { capabilities: std::iter::once(UNKNOWN).chain(names).map(capability).collect() }
    }

    /// The capability of this name.
    pub(super) fn capability(&self, name: &str) -> Option<&Capability> {
        self.capabilities.iter().skip(1).find(|capability| same_name(capability.name, name))
    }

    /// What stands for names that are none.
    pub(super) fn unknown(&self) -> &Capability {
        &self.capabilities[0]
    }

    /// The series of all apps, by id: those of one metric stand together, as the format demands. What counts for no app
    /// has an empty id, which to Prometheus is the same as no label.
    pub(super) fn render(apps: &[(&str, &Self)], server: &OfServer) -> String {
        // Writing to a string cannot fail.
        let mut text = String::new();
        for (name, kind, help, value) in [
            (
                "connector_body_bytes",
                "gauge",
                "Bytes of request and response bodies under way.",
                server.body_bytes,
            ),
            (
                "connector_stalled_clients_total",
                "counter",
                "Clients disconnected because they did not take their answers.",
                server.stalled,
            ),
            (
                "connector_log_lines_dropped_total",
                "counter",
                "Log lines dropped because the log was not read.",
                server.dropped_lines,
            ),
        ] {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
        }
        text.push_str(IN_FLIGHT);
        for (app, capability) in capabilities(apps) {
            let count = capability.in_flight.load(Ordering::Relaxed);
            let _ = writeln!(text, "connector_requests_in_flight{{{}}} {count}", capability.labels(app));
        }
        for (head, write) in METRICS {
            text.push_str(head);
            for (app, capability) in capabilities(apps) {
                for (verdict, series) in Verdict::ALL.iter().zip(&capability.verdicts) {
                    if series.has_any() {
                        let labels = format!("{},outcome=\"{}\"", capability.labels(app), verdict.as_str());
                        write(series, &labels, &mut text);
                    }
                }
            }
        }
        text
    }
}

fn capabilities<'a>(apps: &'a [(&str, &Metrics)]) -> impl Iterator<Item = (&'a str, &'a Capability)> {
    apps.iter().flat_map(|(app, metrics)| metrics.capabilities.iter().map(|capability| (*app, capability)))
}

const IN_FLIGHT: &str = "\
# HELP connector_requests_in_flight Requests that are being answered.
# TYPE connector_requests_in_flight gauge
";

/// Adds the samples of a series with these labels to a text.
type Write = fn(&Series, &str, &mut String);

/// What a metric of requests that have ended means, and how its samples are written.
const METRICS: [(&str, Write); 4] = [
    (
        "# HELP connector_requests_total Requests that have ended.\n# TYPE connector_requests_total counter\n",
        Series::write_counts,
    ),
    (
        "# HELP connector_request_duration_seconds Time from a request's arrival to its answer.\n\
         # TYPE connector_request_duration_seconds histogram\n",
        Series::write_times,
    ),
    (
        "# HELP connector_request_bytes_total Bytes of the bodies of requests.\n\
         # TYPE connector_request_bytes_total counter\n",
        Series::write_received,
    ),
    (
        "# HELP connector_response_bytes_total Bytes of the bodies of answers.\n\
         # TYPE connector_response_bytes_total counter\n",
        Series::write_sent,
    ),
];

/// The name of what is no capability.
const UNKNOWN: &str = "unknown";

impl Capability {
    pub(super) const fn name(&self) -> &'static str {
        self.name
    }

    /// Counts a request that begins.
    pub(super) fn enter(&self) {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a request that ends; `received` and `sent` are the bytes of its bodies.
    pub(super) fn leave(
        &self,
        verdict: Verdict,
        status: StatusCode,
        took: Duration,
        received: u64,
        sent: u64,
    ) {
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let status =
            STATUSES.iter().position(|known| *known == status.as_u16()).unwrap_or(STATUSES.len() - 1);
        let bucket = BUCKETS.iter().position(|bound| micros <= *bound).unwrap_or(BUCKETS.len());
        let series = &self.verdicts[verdict as usize];
        for (counter, more) in [
            (&series.statuses[status], 1),
            (&series.buckets[bucket], 1),
            (&series.micros, micros),
            (&series.received, received),
            (&series.sent, sent),
        ] {
            counter.fetch_add(more, Ordering::Relaxed);
        }
    }

    fn labels(&self, app: &str) -> String {
        let app = app.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        format!("app=\"{app}\",capability=\"{}\"", self.name.replace('-', "_"))
    }
}

impl Series {
    fn has_any(&self) -> bool {
        self.buckets.iter().any(|bucket| bucket.load(Ordering::Relaxed) > 0)
    }

    fn write_counts(&self, labels: &str, text: &mut String) {
        for (status, count) in STATUSES.iter().zip(&self.statuses) {
            let count = count.load(Ordering::Relaxed);
            if count > 0 {
                let status = if *status == 0 { "other".to_owned() } else { status.to_string() };
                let _ = writeln!(text, "connector_requests_total{{{labels},status=\"{status}\"}} {count}");
            }
        }
    }

    fn write_times(&self, labels: &str, text: &mut String) {
        const NAME: &str = "connector_request_duration_seconds";
        let mut count = 0;
        let bounds = BUCKETS.iter().map(|micros| (*micros as f64 / 1e6).to_string());
        for (bound, bucket) in bounds.chain(["+Inf".to_owned()]).zip(&self.buckets) {
            count += bucket.load(Ordering::Relaxed);
            let _ = writeln!(text, "{NAME}_bucket{{{labels},le=\"{bound}\"}} {count}");
        }
        let seconds = Duration::from_micros(self.micros.load(Ordering::Relaxed)).as_secs_f64();
        let _ = writeln!(text, "{NAME}_sum{{{labels}}} {seconds}");
        // The buckets' own sum, so that the two agree while others count on.
        let _ = writeln!(text, "{NAME}_count{{{labels}}} {count}");
    }

    fn write_received(&self, labels: &str, text: &mut String) {
        let bytes = self.received.load(Ordering::Relaxed);
        let _ = writeln!(text, "connector_request_bytes_total{{{labels}}} {bytes}");
    }

    fn write_sent(&self, labels: &str, text: &mut String) {
        let bytes = self.sent.load(Ordering::Relaxed);
        let _ = writeln!(text, "connector_response_bytes_total{{{labels}}} {bytes}");
    }
}
