//! Wire formats: bytes ⇄ typed envelope. The only place that knows how either format spells a thing.
//!
//! A format is a module that opens a request and closes an answer. How it spells a payload is a type under the
//! format's own folder where it is not the payload's own serde. Which format has a capability, and which types spell it
//! there, is said in the table of [`capability`](crate::capability).

mod call;
pub(crate) mod classic;
mod codec;
pub(crate) mod openapi;
mod page;
#[cfg(feature = "conformance")]
pub mod vectors;

use std::fmt;
use std::str::FromStr;

use schemars::{Schema, SchemaGenerator};
use serde_json::Value;
use serde_with::Same;

pub(crate) use call::Call;
pub(crate) use codec::Codec;

use crate::auth::{Auth, Kinds};
use crate::capability as cap;
use crate::error::ErrorResponse;
use crate::facts::Facts;
use crate::model::{AnyCredentials, CredentialKind};
use crate::read::Problem;
use crate::response::Frame;
use crate::schema::RequestParts;

/// A wire format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Wire {
    /// The envelope of connector-py 3: the default.
    #[default]
    Classic,
    /// The Lumos Connector API that the platform speaks today.
    OpenApi,
}

impl Wire {
    /// All formats.
    pub const ALL: &'static [Self] = &[Self::Classic, Self::OpenApi];

    /// The format's name, as [`FromStr`] reads it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::OpenApi => "openapi",
        }
    }

    /// Whether the format has codes for the ways in which talking to an upstream fails. In classic such an error is
    /// `unexpected_error` unless an exception handler says otherwise.
    pub(crate) const fn has_upstream_codes(self) -> bool {
        matches!(self, Self::OpenApi)
    }

    /// Opens a request.
    pub(crate) fn open(self, bytes: &[u8]) -> Result<Call<'_>, Problem> {
        let call = match self {
            Self::Classic => classic::open(bytes),
            Self::OpenApi => openapi::open(bytes),
        }?;
        call.check_credentials()?;
        Ok(call)
    }

    /// The credentials of a call, as the integration takes them. One that takes none does not look at them.
    pub(crate) fn credentials<A: Auth>(self, call: &Call<'_>) -> Result<A, Problem> {
        A::pick(self.read_credentials(call, A::KINDS)?).ok_or_else(|| self.lacks(A::KINDS))
    }

    /// What a call carries of the credentials that are `wanted`, if that is enough or not.
    fn read_credentials(self, call: &Call<'_>, wanted: &[CredentialKind]) -> Result<AnyCredentials, Problem> {
        match self {
            _ if wanted.is_empty() => Ok(AnyCredentials::default()),
            Self::Classic => classic::auth::credentials(call, wanted),
            Self::OpenApi => openapi::auth::credentials(call, wanted),
        }
    }

    /// Of a request without credentials.
    fn lacks(self, kinds: &[CredentialKind]) -> Problem {
        match kinds {
            [kind] => Problem::missing(format!("auth.{}", self.kind_name(*kind).unwrap_or_default())),
            _ => Problem::missing("auth"),
        }
    }

    /// Ends an answer whose payload has been written.
    pub(crate) fn close(self, app_id: &str, frame: Frame, out: &mut Vec<u8>) -> serde_json::Result<()> {
        match self {
            Self::Classic => codec::close(&classic::Rest::of(frame), out),
            Self::OpenApi => codec::close(&openapi::Rest::of(app_id, frame), out),
        }
    }

    /// The answer to a call that failed.
    pub(crate) fn error(self, app_id: &str, error: &ErrorResponse) -> serde_json::Result<Vec<u8>> {
        let mut out = Vec::new();
        match self {
            Self::Classic => classic::write_error(app_id, error, &mut out),
            Self::OpenApi => openapi::write_error(app_id, error, &mut out),
        }?;
        Ok(out)
    }

    /// The schema of a request's envelope; `kinds` are the credentials that the connector takes.
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

    /// The schema of what carries a request's credentials.
    pub(crate) fn auth_schema(self, kinds: Kinds, generator: &mut SchemaGenerator) -> Value {
        match self {
            Self::Classic => classic::schema::auth(kinds, generator),
            Self::OpenApi => openapi::schema::auth(kinds, generator),
        }
    }

    /// The key of a kind of credentials in what carries them; `None` where they stand in it by themselves.
    pub(crate) const fn auth_key(self, kind: CredentialKind) -> Option<&'static str> {
        match self {
            Self::Classic => None,
            Self::OpenApi => Some(openapi::auth::kind_name(kind)),
        }
    }

    /// The schema of the answer to a call that succeeded with `response`.
    pub(crate) fn answer_schema(self, response: &Schema, generator: &mut SchemaGenerator) -> Value {
        match self {
            Self::Classic => classic::schema::answer(response, generator),
            Self::OpenApi => openapi::schema::answer(response, generator),
        }
    }

    /// The schema of the answer to a call that failed.
    pub(crate) fn failure_schema(self, generator: &mut SchemaGenerator) -> Value {
        match self {
            Self::Classic => classic::schema::failure(generator),
            Self::OpenApi => openapi::schema::failure(generator),
        }
    }

    /// The answer to `info`.
    pub(crate) fn info(self, facts: &Facts<'_>) -> Value {
        match self {
            Self::Classic => classic::info::document(facts),
            Self::OpenApi => openapi::info::document(facts),
        }
    }

    /// The schema of the answer to `info`.
    pub(crate) fn info_schema(self) -> Value {
        match self {
            Self::Classic => classic::schema::info(),
            Self::OpenApi => openapi::schema::info(),
        }
    }

    /// What the format calls a kind of credentials; `None` if it does not have that kind.
    pub(crate) const fn kind_name(self, kind: CredentialKind) -> Option<&'static str> {
        match self {
            Self::Classic => classic::auth::kind_name(kind),
            Self::OpenApi => Some(openapi::auth::kind_name(kind)),
        }
    }
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no wire format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown wire format, expected classic or openapi")]
pub struct UnknownWire;

impl FromStr for Wire {
    type Err = UnknownWire;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|wire| wire.as_str() == name).ok_or(UnknownWire)
    }
}

/// A standard capability whose request and response the wire formats can spell.
///
/// Implemented for every [`Capability`](cap::Capability).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a standard capability",
    note = "pass one of the markers in `connector::capability`, such as `ListAccounts`; a capability of your own \
            implements `CustomCapability` and is registered with `register_custom`, as a method with \
            `#[custom_capability(…)]`"
)]
pub trait WireCapability: cap::Capability {
    /// How `wire` spells the capability; `None` if it does not have it.
    #[doc(hidden)]
    fn codec(wire: Wire) -> Option<Codec<Self::Request, Self::Response>>;

    /// Reads an answer as `wire` spells it and writes it again; `None` if it does not have the capability.
    ///
    /// Not a part of the codec: no connector reads answers.
    #[cfg(feature = "conformance")]
    #[doc(hidden)]
    fn rewrite(wire: Wire, text: &str) -> Option<serde_json::Result<Vec<u8>>>;
}

/// The codec of a row of the table in a format, if it has the capability.
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

/// Reading and writing an answer again, likewise.
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
        $marker:ident, $name:literal, $effect:ident, $paging:ident, $request:ident => $response:ident, $summary:literal
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

        /// The standard capability of this name.
        #[cfg(feature = "conformance")]
        pub(crate) fn standard(name: &str) -> Option<vectors::Standard> {
            $(if cap::same_name($name, name) {
                return Some(vectors::Standard::of::<cap::$marker>());
            })*
            None
        }

        /// The standard capabilities, sorted by name.
        #[must_use]
        pub fn standard_capabilities() -> Vec<StandardCapability> {
            vec![$(StandardCapability::of::<cap::$marker>(stringify!($marker))),*]
        }
    };
}
cap::each_capability!(wire_capabilities);

/// What the SDK knows of a standard capability.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StandardCapability {
    /// Its name, as the openapi format spells it: in snake case.
    pub name: &'static str,
    /// Its name as the classic format spells it; `None` if that does not have it.
    pub classic_name: Option<&'static str>,
    /// The marker type in [`capability`](crate::capability).
    pub marker: &'static str,
    /// What a call does to the upstream.
    pub effect: cap::Effect,
    /// What it does, in one line.
    pub summary: &'static str,
    /// Whether it answers a listing page by page.
    pub is_paged: bool,
    /// The wire formats that have it.
    pub wires: Vec<Wire>,
}

impl StandardCapability {
    fn of<C: WireCapability>(marker: &'static str) -> Self {
        Self {
            name: C::NAME,
            classic_name: C::CLASSIC_NAME,
            marker,
            effect: C::EFFECT,
            summary: C::SUMMARY,
            is_paged: C::IS_PAGED,
            wires: match C::CLASSIC_NAME {
                Some(_) => Wire::ALL.to_vec(),
                None => vec![Wire::OpenApi],
            },
        }
    }
}
