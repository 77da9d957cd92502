//! The checks of request heads in `serve`.

use axum::http::StatusCode;
use axum::http::request::Parts;

use super::host::{self, HostName};

/// The maximum size of a head, in bytes: its path and its fields. The HTTP library rejects much larger heads itself,
/// without a response body.
pub(super) const LIMIT: usize = 32 << 10;

/// Why a request's head is rejected: the status and the message.
pub(super) type Rejection = (StatusCode, &'static str);

/// The configuration of the checks.
#[derive(Debug)]
pub(super) struct Check {
    /// The accepted hosts in addition to this machine, or `None` to accept every host.
    pub(super) allowed: Option<Vec<HostName>>,
}

impl Check {
    /// Checks that a head isn't too large and that it names exactly one accepted host. Probes may name any host: load
    /// balancers use addresses, or HTTP/1.0 without a host, and a page that can read `ok` learns nothing.
    pub(super) fn check(&self, head: &Parts, is_probe: bool) -> Result<(), Rejection> {
        let fields = head.headers.iter().map(|(name, value)| name.as_str().len() + value.len());
        let path = head.uri.path_and_query().map_or(0, |path| path.as_str().len());
        if path + fields.sum::<usize>() > LIMIT {
            let message = "the head is larger than 32768 bytes";
            return Err((StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, message));
        }
        host::check(head, self.allowed.as_deref().filter(|_| !is_probe))
    }
}
