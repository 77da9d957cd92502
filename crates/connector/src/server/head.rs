//! The checks of a request's head that `serve` makes.

use axum::http::StatusCode;
use axum::http::request::Parts;

use super::host::{self, HostName};

/// How large a head may be: its path and its fields, in bytes. Heads that are much larger never get here: the HTTP
/// library rejects them without a body.
pub(super) const LIMIT: usize = 32 << 10;

/// Why a request is rejected by its head: the status that it gets, and the message.
pub(super) type Rejection = (StatusCode, &'static str);

/// What heads are checked for.
#[derive(Debug)]
pub(super) struct Check {
    /// The hosts that are answered to besides this machine, or `None` if every host is.
    pub(super) allowed: Option<Vec<HostName>>,
}

impl Check {
    /// Checks that a head is not too large, and that it names one host, which is the right one. A probe may name any:
    /// load balancers ask by address, or in HTTP/1.0 without a name, and a page that reads `ok` has learned nothing.
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
