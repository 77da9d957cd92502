//! Wire formats: bytes ⇄ typed envelope. Only this module knows how each format is written.
//!
//! A format is a module that opens requests and closes responses. If a payload's own serde doesn't match the format, a
//! type in the format's folder defines it. The table in [`capability`](crate::capability) lists which capabilities each
//! format has, and these types.

mod call;
pub(crate) mod classic;
mod codec;
pub(crate) mod openapi;
mod page;
mod standard;
#[cfg(feature = "conformance")]
pub mod vectors;

use std::fmt;
use std::str::FromStr;

use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value};
use serde_with::Same;

pub(crate) use call::Call;
pub(crate) use codec::Codec;
pub(crate) use openapi::by_id::PayloadCredential;
pub(crate) use openapi::white_space::is_in as extra_white_space;
pub use standard::StandardCapability;

use crate::auth::sealed::{Pick as _, Source};
use crate::auth::{Auth, ById, CarriedCredentials, FoundCredentials, Kinds};
use crate::capability as cap;
use crate::error::ErrorResponse;
use crate::facts::{CapabilityInfo, Facts};
use crate::model::{AnyCredentials, CredentialKind};
use crate::read::Problem;
use crate::response::Frame;
use crate::schema::RequestParts;

/// A wire format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Wire {
    /// The envelope of connector-py 3. This is the default.
    #[default]
    Classic,
    /// The current Lumos Connector API.
    OpenApi,
}

impl Wire {
    /// All formats.
    pub const ALL: &'static [Self] = &[Self::Classic, Self::OpenApi];

    /// The format's name, as parsed by [`FromStr`].
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::OpenApi => "openapi",
        }
    }

    /// Whether the format has codes for failures to reach or understand an upstream. In the classic format, such an
    /// error is `unexpected_error` unless an exception handler sets another code.
    pub(crate) const fn has_upstream_codes(self) -> bool {
        matches!(self, Self::OpenApi)
    }

    /// Whether responses have an execution summary.
    pub(crate) const fn has_summaries(self) -> bool {
        matches!(self, Self::OpenApi)
    }

    /// Parses a request's envelope.
    pub(crate) fn open(self, bytes: &[u8]) -> Result<Call<'_>, Problem> {
        let call = match self {
            Self::Classic => classic::open(bytes),
            Self::OpenApi => openapi::open(bytes),
        }?;
        call.check_credentials()?;
        Ok(call)
    }

    /// Returns the call's credentials in the type that the handler takes. `A` is the integration's. If that needs none,
    /// or if requests carry none, they aren't read.
    pub(crate) fn credentials<C: CarriedCredentials, A: Auth>(
        self,
        call: &Call<'_>,
    ) -> Result<C::Taken<A>, Problem> {
        let source = CallCredentials { wire: self, call };
        if !C::CARRIED && self.carries_credentials(C::CARRIED) {
            // Checked, even though the handler doesn't take them.
            A::pick(&source)?;
        }
        C::Taken::<A>::pick(&source)
    }

    /// Whether requests can carry the credentials that a connector needs.
    pub(crate) fn can_carry(self, by_id: ById) -> bool {
        match self {
            Self::Classic => classic::auth::can_carry(by_id),
            Self::OpenApi => true,
        }
    }

    /// Whether requests for a capability carry credentials. In the classic format, all requests do, even if the handler
    /// doesn't take them.
    pub(crate) const fn carries_credentials(self, in_openapi: bool) -> bool {
        match self {
            Self::Classic => true,
            Self::OpenApi => in_openapi,
        }
    }

    /// Completes a response after its payload.
    pub(crate) fn close(self, app_id: &str, frame: Frame, out: &mut Vec<u8>) -> serde_json::Result<()> {
        match self {
            Self::Classic => codec::close(&classic::Rest::of(frame), out),
            Self::OpenApi => codec::close(&openapi::Rest::of(app_id, frame), out),
        }
    }

    /// Returns the response to a failed call.
    pub(crate) fn error(self, app_id: &str, error: &ErrorResponse) -> serde_json::Result<Vec<u8>> {
        let mut out = Vec::new();
        match self {
            Self::Classic => classic::write_error(app_id, error, &mut out),
            Self::OpenApi => openapi::write_error(app_id, error, &mut out),
        }?;
        Ok(out)
    }

    /// The schema of a request's envelope. `kinds` are the credentials that the connector accepts.
    pub(crate) fn request_schema(
        self,
        parts: RequestParts,
        kinds: Kinds,
        generator: &mut SchemaGenerator,
    ) -> Value {
        match self {
            Self::Classic => classic::schema::request(parts, generator),
            Self::OpenApi => openapi::schema::request(parts, kinds, generator),
        }
    }

    /// The schema of one of the declared credentials, as an object with its ID.
    pub(crate) fn credential_schema(self, by_id: ById, generator: &mut SchemaGenerator) -> Value {
        match self {
            // Not part of the format.
            Self::Classic => Value::Bool(false),
            Self::OpenApi => openapi::schema::credential(by_id, generator),
        }
    }

    /// The schema of the `auth` section.
    pub(crate) fn auth_schema(self, kinds: Kinds, generator: &mut SchemaGenerator) -> Value {
        match self {
            Self::Classic => classic::schema::auth(kinds, generator),
            Self::OpenApi => openapi::schema::auth(kinds, generator),
        }
    }

    /// The key of a kind of credentials in the `auth` section, or `None` if the section contains them directly.
    pub(crate) const fn auth_key(self, kind: CredentialKind) -> Option<&'static str> {
        match self {
            Self::Classic => None,
            Self::OpenApi => Some(openapi::auth::kind_name(kind)),
        }
    }

    /// The schema of the response to a successful call whose payload matches `response`.
    pub(crate) fn success_schema(self, response: &Schema, generator: &mut SchemaGenerator) -> Value {
        match self {
            Self::Classic => classic::schema::success(response, generator),
            Self::OpenApi => openapi::schema::success(response, generator),
        }
    }

    /// The schema of the response to a failed call.
    pub(crate) fn failure_schema(self, generator: &mut SchemaGenerator) -> Value {
        match self {
            Self::Classic => classic::schema::failure(generator),
            Self::OpenApi => openapi::schema::failure(generator),
        }
    }

    /// Returns the response to `info`.
    pub(crate) fn info(self, facts: &Facts<'_>) -> Value {
        match self {
            Self::Classic => classic::info::document(facts),
            Self::OpenApi => openapi::info::document(facts),
        }
    }

    /// The schema of the response to `info`.
    pub(crate) fn info_schema(self, generator: &mut SchemaGenerator) -> Value {
        match self {
            Self::Classic => classic::schema::info(),
            Self::OpenApi => openapi::schema::info(generator),
        }
    }

    /// Writes the marks on a schema, as [`Field`](crate::schema::Field) and secrets have them, the way the format does.
    pub(crate) fn write_marks(self, fields: &mut Map<String, Value>) {
        match self {
            Self::Classic => {}
            Self::OpenApi => openapi::marks::write(fields),
        }
    }

    /// Marks the schema of a capability's request with what the capability does.
    pub(crate) fn mark_request(self, capability: &CapabilityInfo<'_>, request: &mut Schema) {
        match self {
            Self::Classic => {}
            Self::OpenApi => openapi::marks::write_level(capability, request),
        }
    }

    /// The format's name for a kind of credentials, or `None` if it doesn't have that kind.
    pub(crate) const fn kind_name(self, kind: CredentialKind) -> Option<&'static str> {
        match self {
            Self::Classic => classic::auth::kind_name(kind),
            Self::OpenApi => Some(openapi::auth::kind_name(kind)),
        }
    }
}

/// The credentials of a call.
struct CallCredentials<'c, 'a> {
    wire: Wire,
    call: &'c Call<'a>,
}

impl Source for CallCredentials<'_, '_> {
    fn by_kind(&self, wanted: &[CredentialKind]) -> Result<AnyCredentials, Problem> {
        match self.wire {
            Wire::Classic => classic::auth::credentials(self.call, wanted),
            Wire::OpenApi => openapi::auth::credentials(self.call, wanted),
        }
    }

    fn by_id(&self, declared: ById) -> Result<FoundCredentials<'_>, Problem> {
        match self.wire {
            Wire::Classic => classic::auth::find(self.call, declared),
            Wire::OpenApi => openapi::by_id::find(self.call, declared),
        }
    }

    fn required(&self, wanted: &[CredentialKind]) -> Problem {
        match wanted {
            [kind] => Problem::required(format!("auth.{}", self.wire.kind_name(*kind).unwrap_or_default())),
            _ => Problem::required("auth"),
        }
    }
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The error for an unknown wire format name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown wire format, expected classic or openapi")]
pub struct UnknownWire;

impl FromStr for Wire {
    type Err = UnknownWire;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|wire| wire.as_str() == name).ok_or(UnknownWire)
    }
}

/// A standard capability that the wire formats can encode.
///
/// Implemented for every [`Capability`](cap::Capability).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a standard capability",
    note = "pass one of the markers in `connector::capability`, such as `ListAccounts`; a custom capability \
            implements `CustomCapability` and is registered with `register_custom`, as a method with \
            `#[custom_capability(…)]`"
)]
pub trait WireCapability: cap::Capability {
    /// The codec for `wire`, or `None` if that format doesn't have the capability.
    #[doc(hidden)]
    fn codec(wire: Wire) -> Option<Codec<Self::Request, Self::Response>>;

    /// Reads a response in the format `wire` and writes it again, or returns `None` if the format doesn't have the
    /// capability.
    ///
    /// It isn't part of the codec, because connectors never read responses.
    #[cfg(feature = "conformance")]
    #[doc(hidden)]
    fn rewrite(wire: Wire, text: &str) -> Option<serde_json::Result<Vec<u8>>>;
}

/// The codec of a table row in a format, if that format has the capability.
macro_rules! codec {
    (classic) => {
        None
    };
    (classic $request:ident $response:ident) => {
        Some(Codec::of::<classic::$request, classic::$response>())
    };
    (openapi) => {
        Some(Codec::of::<Same, Same>())
    };
    (openapi $request:ident $response:ident) => {
        Some(Codec::of::<openapi::$request, openapi::$response>())
    };
}

/// The function that reads and rewrites a response of a table row in a format.
#[cfg(feature = "conformance")]
macro_rules! rewrite {
    ($text:ident classic) => {
        None
    };
    ($text:ident classic $response:ident) => {
        Some(codec::rewrite::<classic::Rest, Self::Response, classic::$response>($text))
    };
    ($text:ident openapi) => {
        Some(codec::rewrite::<openapi::Rest, Self::Response, Same>($text))
    };
    ($text:ident openapi $response:ident) => {
        Some(codec::rewrite::<openapi::Rest, Self::Response, openapi::$response>($text))
    };
}

macro_rules! wire_capabilities {
    ($(
        $(#[$doc:meta])*
        $marker:ident, $name:literal, $family:ident, $effect:ident, $paging:ident $(without $credentials:ident)?,
        $request:ident => $response:ident, $summary:literal
        $(, classic($classic_name:literal: $classic_request:ident => $classic_response:ident))?
        $(, openapi($openapi_request:ident => $openapi_response:ident))?;
    )*) => {
        $(impl WireCapability for cap::$marker {
            fn codec(wire: Wire) -> Option<Codec<Self::Request, Self::Response>> {
                match wire {
                    Wire::Classic => codec!(classic $($classic_request $classic_response)?),
                    Wire::OpenApi => codec!(openapi $($openapi_request $openapi_response)?),
                }
            }

            #[cfg(feature = "conformance")]
            fn rewrite(wire: Wire, text: &str) -> Option<serde_json::Result<Vec<u8>>> {
                match wire {
                    Wire::Classic => rewrite!(text classic $($classic_response)?),
                    Wire::OpenApi => rewrite!(text openapi $($openapi_response)?),
                }
            }
        })*

        /// Returns the standard capability with this name.
        #[cfg(feature = "conformance")]
        pub(crate) fn standard(name: &str) -> Option<vectors::Standard> {
            $(if cap::same_name($name, name) {
                return Some(vectors::Standard::of::<cap::$marker>());
            })*
            None
        }

        /// Returns the standard capabilities, sorted by name.
        #[must_use]
        pub fn standard_capabilities() -> Vec<StandardCapability> {
            vec![$(StandardCapability::of::<cap::$marker>([
                stringify!($marker),
                stringify!($request),
                stringify!($response),
            ])),*]
        }
    };
}
cap::each_capability!(wire_capabilities);
