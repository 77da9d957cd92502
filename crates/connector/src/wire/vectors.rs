//! What the conformance runner asks: whether a value is a valid request, answer or error of a wire format.
//!
//! It goes through the decoders that dispatch uses.

use super::{Call, Codec, Wire, WireCapability, openapi, standard};
use crate::capability as cap;
use crate::model::CredentialKind;

/// Why a value does not pass.
pub type Refusal = String;

/// A standard capability, with its types erased.
pub(crate) struct Standard {
    speaks: fn(Wire) -> bool,
    decode: fn(Wire, &Call<'_>) -> Result<(), Refusal>,
    rewrite: fn(Wire, &str) -> Result<Vec<u8>, Refusal>,
}

impl Standard {
    pub(super) fn of<C: WireCapability>() -> Self {
        Self {
            speaks: |wire| C::codec(wire).is_some(),
            decode: |wire, call| {
                (codec::<C>(wire)?.decode)(call.request).map(drop).map_err(|problem| problem.to_string())
            },
            rewrite: |wire, text| match C::rewrite(wire, text) {
                Some(rewritten) => rewritten.map_err(|error| error.to_string()),
                None => Err(unknown(wire, <C as cap::Capability>::NAME)),
            },
        }
    }
}

fn codec<C: WireCapability>(wire: Wire) -> Result<Codec<C::Request, C::Response>, Refusal> {
    C::codec(wire).ok_or_else(|| unknown(wire, <C as cap::Capability>::NAME))
}

fn unknown(wire: Wire, capability: &str) -> Refusal {
    format!("{capability} is not a capability of the {wire} wire format")
}

/// Whether the format has the capability (or is `error`).
#[must_use]
pub fn knows(wire: Wire, capability: &str) -> bool {
    match capability {
        "error" => wire == Wire::OpenApi,
        _ => standard(capability).is_some_and(|standard| (standard.speaks)(wire)),
    }
}

/// Reads a request as dispatch does.
///
/// # Errors
/// What is wrong with it.
pub fn request(wire: Wire, capability: &str, bytes: &[u8]) -> Result<(), Refusal> {
    let standard = standard(capability).ok_or_else(|| unknown(wire, capability))?;
    let call = wire.open(bytes).map_err(|problem| problem.to_string())?;
    (standard.decode)(wire, &call)?;
    // Which credentials a request must carry is the integration's to say, but in classic every request carries some.
    wire.read_credentials(&call, CredentialKind::ALL).map(drop).map_err(|problem| problem.to_string())
}

/// Reads an answer and writes it again, through the model.
///
/// # Errors
/// What is wrong with it.
pub fn response(wire: Wire, capability: &str, text: &str) -> Result<Vec<u8>, Refusal> {
    let standard = standard(capability).ok_or_else(|| unknown(wire, capability))?;
    (standard.rewrite)(wire, text)
}

/// Reads the answer to a call that failed and writes it again.
///
/// # Errors
/// What is wrong with it.
pub fn error(wire: Wire, text: &str) -> Result<Vec<u8>, Refusal> {
    match wire {
        Wire::Classic => Err(unknown(wire, "error")),
        Wire::OpenApi => openapi::rewrite_error(text).map_err(|error| error.to_string()),
    }
}
