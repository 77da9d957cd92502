//! The standard capabilities without handlers, for documents that don't depend on a connector.

use std::sync::Arc;

use schemars::{Schema, SchemaGenerator};
use serde_json::Value;

use super::Integration;
use super::handler::{CallMetadata, Definition, Erased, HandlerFuture, Registered, supported_codec};
#[cfg(feature = "conformance")]
use super::info;
use crate::capability::{self as cap, each_capability};
#[cfg(feature = "conformance")]
use crate::document;
use crate::model::AnyCredentials;
use crate::read::Problem;
use crate::wire::{Call, Codec, Wire, WireCapability};

/// A capability without a handler.
struct Unhandled<Q, R> {
    codecs: fn(Wire) -> Option<Codec<Q, R>>,
    check_credentials: fn(Wire, &Call<'_>) -> Result<(), Problem>,
}

impl Registered {
    fn unhandled<C: WireCapability>() -> Self {
        let unhandled = Unhandled {
            codecs: C::codec,
            check_credentials: |wire, call| {
                wire.credentials::<C::Credentials, AnyCredentials>(call).map(drop)
            },
        };
        Self::new(Definition::standard::<C>(), String::new(), Arc::new(unhandled))
    }
}

macro_rules! all {
    ($(
        $(#[$doc:meta])*
        $marker:ident, $name:literal, $family:ident, $effect:ident, $paging:ident $(without $credentials:ident)?,
        $request:ident => $response:ident, $summary:literal
        $(, classic($($classic:tt)*))? $(, openapi($($openapi:tt)*))?;
    )*) => {
        /// The standard capabilities, without handlers.
        fn all() -> Vec<Registered> {
            vec![$(Registered::unhandled::<cap::$marker>()),*]
        }
    };
}
each_capability!(all);

impl Integration {
    /// Creates an integration that has every standard capability of `wire`, without handlers.
    pub(crate) fn unhandled(wire: Wire) -> Self {
        let mut integration = Self::builder("my-app")
            .version(env!("CARGO_PKG_VERSION"))
            .user_friendly_name("My app")
            .description("All standard capabilities that an app's connector can have")
            .auth::<AnyCredentials>()
            .wire(wire)
            .build();
        // The table is sorted.
        integration.capabilities = all();
        integration
    }
}

/// Returns the OpenAPI document (version 3.1) of all standard capabilities in a wire format.
///
/// ```
/// let document = connector::standard_openapi_document(connector::Wire::Classic);
/// assert!(document["paths"]["/list_accounts"]["post"].is_object());
/// ```
#[must_use]
pub fn standard_openapi_document(wire: Wire) -> Value {
    Integration::unhandled(wire).openapi_document()
}

/// Returns the document that `app_info` would return for all standard capabilities.
#[cfg(feature = "conformance")]
#[doc(hidden)]
#[must_use]
pub fn standard_app_info() -> Value {
    Value::Object(document::app_info(&info::facts(&Integration::unhandled(Wire::OpenApi))))
}

impl<Q, R> Erased for Unhandled<Q, R> {
    fn start<'a>(
        &'a self,
        _: &'a Integration,
        _: Call<'a>,
        _: CallMetadata,
    ) -> Result<HandlerFuture<'a>, Problem> {
        Err(Problem::at("", "this capability has no handler"))
    }

    fn check(&self, wire: Wire, call: Call<'_>, metadata: CallMetadata) -> Result<(), Problem> {
        (self.check_credentials)(wire, &call)?;
        metadata.sizes.resolve(call.page.size)?;
        (supported_codec((self.codecs)(wire))?.decode)(call.request).map(drop)
    }

    fn reread(&self, _: Wire, _: Call<'_>) {}

    fn schemas(&self, wire: Wire, generator: &mut SchemaGenerator) -> Option<(Schema, Schema)> {
        let codec = (self.codecs)(wire)?;
        Some(((codec.request_schema)(generator), (codec.response_schema)(generator)))
    }
}
