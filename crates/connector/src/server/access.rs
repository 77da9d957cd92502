//! The access log: a line for each request.

#[cfg(feature = "cli")]
pub(crate) mod lines;

use std::time::Duration;

/// What is said of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Visible ASCII, without secrets.
    pub(super) request_id: &'a str,
    pub(super) capability: &'static str,
    pub(super) status: u16,
    pub(super) outcome: &'static str,
    /// Of a call that failed: free text, since a connector may have codes of its own.
    pub(super) code: Option<&'a str>,
    pub(super) received: u64,
    pub(super) sent: u64,
    pub(super) took: Duration,
}

/// Where the access log goes.
#[derive(Debug)]
pub(crate) enum AccessLog {
    /// Nowhere.
    Off,
    /// To `tracing`, as events at level info.
    Events,
    /// Into lines that are written in the background.
    #[cfg(feature = "cli")]
    Lines(lines::Lines),
}

impl AccessLog {
    pub(super) fn write(&self, line: &Line<'_>) {
        match self {
            Self::Off => {}
            Self::Events => tracing::info!(
                target: crate::ACCESS_LOG,
                request_id = line.request_id,
                capability = line.capability,
                status = line.status,
                outcome = line.outcome,
                code = line.code,
                micros = micros(line.took),
                received = line.received,
                bytes = line.sent,
            ),
            #[cfg(feature = "cli")]
            Self::Lines(lines) => lines.write(line),
        }
    }
}

fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}
