//! For the conformance runner: checks whether values are valid requests, responses or errors of a wire format.
//!
//! It uses the same decoders as dispatch.

use super::{Call, CallCredentials, Codec, Wire, WireCapability, openapi, standard};
use crate::auth::sealed::Source as _;
use crate::capability::{self as cap, Capability as _};
use crate::model::CredentialKind;

/// The reason why a value is rejected.
pub type Rejection = String;

/// A standard capability, with its types erased.
pub(crate) struct Standard {
    supports: fn(Wire) -> bool,
    decode: fn(Wire, &Call<'_>) -> Result<(), Rejection>,
    rewrite: fn(Wire, &str) -> Result<Vec<u8>, Rejection>,
}

impl Standard {
    pub(super) fn of<C: WireCapability>() -> Self {
        Self {
            supports: |wire| C::codec(wire).is_some(),
            decode: |wire, call| {
                (codec::<C>(wire)?.decode)(call.request).map(drop).map_err(|problem| problem.to_string())
            },
            rewrite: |wire, text| match C::rewrite(wire, text) {
                Some(rewritten) => rewritten.map_err(|error| error.to_string()),
                None => Err(unknown(wire, C::NAME)),
            },
        }
    }
}

fn codec<C: WireCapability>(wire: Wire) -> Result<Codec<C::Request, C::Response>, Rejection> {
    C::codec(wire).ok_or_else(|| unknown(wire, C::NAME))
}

fn unknown(wire: Wire, capability: &str) -> Rejection {
    format!("{capability} is not a capability of the {wire} wire format")
}

/// The name of the capability that every connector has, without a row in the table.
const INFO: &str = "info";

/// Returns whether the format has the capability (or is `error`).
#[must_use]
pub fn knows(wire: Wire, capability: &str) -> bool {
    match capability {
        "error" | INFO => wire == Wire::OpenApi,
        _ => standard(capability).is_some_and(|standard| (standard.supports)(wire)),
    }
}

/// Reads a request like dispatch does.
///
/// # Errors
/// If it is invalid.
pub fn request(wire: Wire, capability: &str, bytes: &[u8]) -> Result<(), Rejection> {
    let standard = standard(capability).ok_or_else(|| unknown(wire, capability))?;
    let call = wire.open(bytes).map_err(|problem| problem.to_string())?;
    (standard.decode)(wire, &call)?;
    // Each integration decides which credentials it requires, but every classic request carries some.
    CallCredentials { wire, call: &call }
        .by_kind(CredentialKind::ALL)
        .map(drop)
        .map_err(|problem| problem.to_string())
}

/// Reads a response and writes it again, through the model.
///
/// # Errors
/// If it is invalid.
pub fn response(wire: Wire, capability: &str, text: &str) -> Result<Vec<u8>, Rejection> {
    // The API has one schema for the payloads of `info` and `connected_info`.
    let capability = if capability == INFO { cap::ConnectedInfo::NAME } else { capability };
    let standard = standard(capability).ok_or_else(|| unknown(wire, capability))?;
    (standard.rewrite)(wire, text)
}

/// Reads the response to a failed call and writes it again.
///
/// # Errors
/// If it is invalid.
pub fn error(wire: Wire, text: &str) -> Result<Vec<u8>, Rejection> {
    match wire {
        Wire::Classic => Err(unknown(wire, "error")),
        Wire::OpenApi => openapi::rewrite_error(text).map_err(|error| error.to_string()),
    }
}
