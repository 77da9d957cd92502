//! Capabilities that the SDK implements itself, on top of the integration they belong to.

use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;

use schemars::{Schema, SchemaGenerator};

use super::builder::IntegrationBuilder;
use super::handler::{CallMetadata, Definition, Erased, HandlerFuture, Registered, encode, supported_codec};
use super::{BuildError, Integration};
use crate::auth::{Auth, Settings};
use crate::capability::{AppInfo, Capability, ValidateCredentialConfig};
use crate::error::Result;
use crate::read::{Problem, Section, section};
use crate::response::Response;
use crate::wire::{Call, Wire, WireCapability};

/// Implements a standard capability for any integration.
pub(super) trait BuiltIn: Send + Sync + 'static {
    /// The capability.
    type Capability: WireCapability;
    /// Whether a call without valid credentials is rejected, as it is for a handler that takes them.
    const REQUIRES_CREDENTIALS: bool = false;
    /// Whether requests may need settings. If not, any settings are accepted.
    const READS_SETTINGS: bool = true;

    /// Responds to a call.
    fn respond<'a>(
        &'a self,
        call: BuiltInCall<'a, <Self::Capability as Capability>::Request>,
    ) -> impl Future<Output = Result<Response<<Self::Capability as Capability>::Response>>> + Send + 'a;
}

/// A call of a built-in capability.
pub(super) struct BuiltInCall<'a, Q> {
    pub(super) integration: &'a Integration,
    /// The capability's payload.
    pub(super) request: Q,
    /// The other sections. Settings have been checked if the capability [reads](BuiltIn::READS_SETTINGS) them, and
    /// credentials if they are [required](BuiltIn::REQUIRES_CREDENTIALS).
    pub(super) envelope: Call<'a>,
    pub(super) metadata: CallMetadata,
}

impl<S: Settings, A: Auth, State: Send + Sync + 'static> IntegrationBuilder<S, A, State> {
    /// Adds a built-in capability. A handler that the author registers for the same capability replaces it.
    pub(super) fn built_in<B: BuiltIn>(mut self, built_in: B) -> Self {
        let definition = Definition::standard::<B::Capability>();
        if self.built_in.iter().any(|known| known.definition.name == definition.name) {
            self = self.mistake(BuildError::DuplicateCapability(definition.name.to_owned()));
        }
        let credentials: CheckCredentials = if B::REQUIRES_CREDENTIALS {
            |wire, call| wire.credentials::<<B::Capability as Capability>::Credentials, A>(call).map(drop)
        } else {
            |_, _| Ok(())
        };
        let handler = Handler { built_in, credentials, settings: PhantomData::<fn(S)> };
        let registered = Registered::new(definition, RAISED_IN.to_owned(), Arc::new(handler));
        self.built_in.push(Registered { reads_settings: B::READS_SETTINGS, is_provided: true, ..registered });
        self
    }

    /// Omits a capability that the SDK provides.
    ///
    /// ```
    /// use connector::capability::AppInfo;
    /// use connector::{Integration, Wire};
    ///
    /// let integration = Integration::builder("acme").wire(Wire::OpenApi).without(AppInfo).build();
    /// assert_eq!(integration.capabilities().count(), 0);
    /// ```
    pub fn without<C: Provided>(mut self, _capability: C) -> Self {
        self.omitted.push(C::NAME);
        self
    }
}

/// A standard capability that the SDK provides by itself, in the wire formats that have it: [`AppInfo`], and
/// [`ValidateCredentialConfig`] if credentials have IDs.
///
/// A handler that you register for it replaces the SDK's. [`without`](IntegrationBuilder::without) omits it.
#[diagnostic::on_unimplemented(
    message = "the SDK does not provide `{Self}`",
    note = "only capabilities that the SDK provides can be omitted; don't register the others"
)]
pub trait Provided: Capability {}

impl Provided for AppInfo {}
impl Provided for ValidateCredentialConfig {}

/// The location of errors that a built-in capability raises.
pub(super) const RAISED_IN: &str = "connector:built_in";

type CheckCredentials = fn(Wire, &Call<'_>) -> Result<(), Problem>;

/// A built-in capability with its types erased. `S` is the type of the integration's settings.
struct Handler<B, S> {
    built_in: B,
    credentials: CheckCredentials,
    settings: PhantomData<fn(S)>,
}

impl<B: BuiltIn, S: Settings> Erased for Handler<B, S> {
    fn start<'a>(
        &'a self,
        integration: &'a Integration,
        call: Call<'a>,
        metadata: CallMetadata,
    ) -> Result<HandlerFuture<'a>, Problem> {
        let codec = supported_codec(B::Capability::codec(integration.wire))?;
        (self.credentials)(integration.wire, &call)?;
        let request = (codec.decode)(call.request)?;
        check_settings::<B, S>(call.settings)?;
        metadata.sizes.resolve(call.page.size)?;
        let running = self.built_in.respond(BuiltInCall { integration, request, envelope: call, metadata });
        Ok(Box::pin(async move { encode(codec, running.await?, 0) }))
    }

    fn check(&self, wire: Wire, call: Call<'_>, metadata: CallMetadata) -> Result<(), Problem> {
        (self.credentials)(wire, &call)?;
        (supported_codec(B::Capability::codec(wire))?.decode)(call.request)?;
        check_settings::<B, S>(call.settings)?;
        metadata.sizes.resolve(call.page.size).map(drop)
    }

    fn reread(&self, wire: Wire, call: Call<'_>) {
        if let Some(codec) = B::Capability::codec(wire) {
            let _ = (codec.decode)(call.request);
            let _ = section::<S>(Section::Settings, call.settings);
        }
    }

    fn schemas(&self, wire: Wire, generator: &mut SchemaGenerator) -> Option<(Schema, Schema)> {
        let codec = B::Capability::codec(wire)?;
        Some(((codec.request_schema)(generator), (codec.response_schema)(generator)))
    }
}

fn check_settings<B: BuiltIn, S: Settings>(settings: &str) -> Result<(), Problem> {
    if B::READS_SETTINGS { section::<S>(Section::Settings, settings).map(drop) } else { Ok(()) }
}
