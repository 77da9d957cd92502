//! The access log, with an event at level info for each request.

use std::time::Duration;

use crate::scrub::unscrubbed;

/// An entry in the access log.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Visible ASCII, without secrets.
    pub(super) request_id: &'a str,
    pub(super) capability: &'static str,
    pub(super) status: u16,
    pub(super) outcome: &'static str,
    /// The error code of a failed call, without secrets. Connectors may have their own codes.
    pub(super) code: Option<&'a str>,
    pub(super) received: u64,
    pub(super) sent: u64,
    pub(super) took: Duration,
}

impl Line<'_> {
    pub(super) fn log(&self) {
        let log = || {
            tracing::info!(
                target: "connector::access",
                request_id = self.request_id,
                capability = self.capability,
                status = self.status,
                outcome = self.outcome,
                code = self.code,
                micros = u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX),
                received = self.received,
                bytes = self.sent,
            );
        };
        unscrubbed(log);
    }
}
