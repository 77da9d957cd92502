//! Standard capabilities without handlers: for what is said of all of them, whatever a connector has.

use std::sync::Arc;

use schemars::{Schema, SchemaGenerator};

use super::handler::{Erased, Registered, Running};
use super::{Integration, builder};
use crate::capability::Capability;
use crate::model::AnyCredentials;
use crate::read::Problem;
use crate::request::PageSizes;
use crate::wire::{self, Call, Codec, Spoken, Wire};

/// The codecs of a capability that nobody handles.
struct Unhandled<Q, R>(fn(Wire) -> Option<Codec<Q, R>>);

impl Registered {
    pub(crate) fn unhandled<C: Spoken>() -> Self {
        Self {
            name: C::NAME,
            effect: C::EFFECT,
            display_name: builder::display_name(C::NAME),
            description: <C as Capability>::SUMMARY.to_owned(),
            raised_in: String::new(),
            erased: Arc::new(Unhandled(C::codec)),
        }
    }
}

impl Integration {
    /// An integration of every standard capability of `wire`, of which none is handled.
    pub(crate) fn unhandled(wire: Wire) -> Self {
        let mut integration = Self::builder("my-app")
            .version(env!("CARGO_PKG_VERSION"))
            .user_friendly_name("My app")
            .description("The standard capabilities, as the connector of an app may have them")
            .auth::<AnyCredentials>()
            .wire(wire)
            .build();
        integration.capabilities = wire::all_unhandled();
        integration.capabilities.sort_by_key(|registered| registered.name);
        integration
    }
}

impl<Q, R> Unhandled<Q, R> {
    fn codec(&self, wire: Wire) -> Result<Codec<Q, R>, Problem> {
        (self.0)(wire).ok_or_else(|| Problem::at("", "not a capability of this wire format"))
    }
}

impl<Q, R> Erased for Unhandled<Q, R> {
    fn start(&self, _: Wire, _: Call<'_>, _: PageSizes) -> Result<Running, Problem> {
        Err(Problem::at("", "nobody handles this capability"))
    }

    fn check(&self, wire: Wire, call: Call<'_>, sizes: PageSizes) -> Result<(), Problem> {
        wire.credentials::<AnyCredentials>(&call)?;
        sizes.resolve(call.page.size)?;
        (self.codec(wire)?.decode)(call.request).map(drop)
    }

    fn reread(&self, _: Wire, _: Call<'_>) {}

    fn speaks(&self, wire: Wire) -> bool {
        (self.0)(wire).is_some()
    }

    fn schemas(&self, wire: Wire, generator: &mut SchemaGenerator) -> Option<(Schema, Schema)> {
        let codec = (self.0)(wire)?;
        Some(((codec.request_schema)(generator), (codec.response_schema)(generator)))
    }
}
