//! Registered capabilities, with the types of their handlers erased.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use schemars::{Schema, SchemaGenerator};
use serde_json::Value;
use tokio::time::Instant;

use super::Integration;
use super::invoke::Invoke;
use crate::auth::{Auth, ById, CarriedCredentials as _, Kinds, NoAuth, Settings, WithCredentials};
use crate::cancellation::Cancellation;
use crate::capability::{
    Arguments, Capability, CustomCapability, CustomRequestOf, Effect, Family, RequestPayload,
};
use crate::error::{ConnectorError, Error, ErrorCode, Result};
use crate::facts::CapabilityInfo;
use crate::model::RateLimitMode;
use crate::read::{Problem, Section, section};
use crate::request::{PageSizes, Request};
use crate::response::{Frame, Response};
use crate::wire::{Call, Codec, Wire};

pub(super) type HandlerFuture<'a> = Pin<Box<dyn Future<Output = Result<Encoded>> + Send + 'a>>;

/// A handler's response: the encoded payload, and the other parts of the envelope.
pub(super) struct Encoded {
    /// The beginning of the response, up to the end of its payload.
    pub(super) body: Vec<u8>,
    pub(super) frame: Frame,
}

/// Information about a call in addition to the request itself.
pub(super) struct CallMetadata {
    pub(super) capability: &'static str,
    pub(super) effect: Effect,
    /// The rate limit mode that the connector declares for this capability.
    pub(super) mode: Option<RateLimitMode>,
    pub(super) sizes: PageSizes,
    /// When the caller stops waiting for the response.
    pub(super) until: Option<Instant>,
    /// Passed to the handler.
    pub(super) cancellation: Cancellation,
}

impl CallMetadata {
    /// Creates the request that a handler takes. Reads the settings and the page from the call.
    pub(super) fn request<P, S: Settings, A, State>(
        self,
        call: Call<'_>,
        request: P,
        auth: A,
        state: Arc<State>,
    ) -> Result<Request<P, S, A, State>, Problem> {
        Ok(Request {
            request,
            auth,
            settings: section(Section::Settings, call.settings)?,
            state,
            page_size: self.sizes.resolve(call.page.size)?,
            page: call.page,
            include_raw_data: call.include_raw_data,
            request_id: call.request_id,
            rate_limit: call.rate_limit,
            capability: self.capability,
            effect: self.effect,
            declared_mode: self.mode,
            until: self.until,
            cancellation: self.cancellation,
        })
    }
}

/// The part of a registered capability that depends on its types.
pub(super) trait Erased: Send + Sync {
    /// Reads the request and starts the handler.
    fn start<'a>(
        &'a self,
        integration: &'a Integration,
        call: Call<'a>,
        metadata: CallMetadata,
    ) -> Result<HandlerFuture<'a>, Problem>;

    /// Reads the request without starting the handler.
    fn check(&self, wire: Wire, call: Call<'_>, metadata: CallMetadata) -> Result<(), Problem>;

    /// Reads the request again, to find its secrets.
    fn reread(&self, wire: Wire, call: Call<'_>);

    /// The IDs of credentials in requests. They aren't secret, even though they are among secrets.
    fn credential_ids(&self) -> Option<ById> {
        None
    }

    /// The schemas of request and response payload in `wire`.
    fn schemas(&self, wire: Wire, generator: &mut SchemaGenerator) -> Option<(Schema, Schema)>;
}

/// A capability's properties, from its type.
#[derive(Clone, Copy)]
pub(super) struct Definition {
    pub(super) name: &'static str,
    /// The name in the classic format, if that format has the capability.
    classic_name: Option<&'static str>,
    /// `None` for a custom capability.
    pub(super) family: Option<Family>,
    pub(super) effect: Effect,
    summary: &'static str,
    is_paged: bool,
    /// Whether openapi requests carry credentials.
    carries_credentials: bool,
}

impl Definition {
    pub(super) fn standard<C: Capability>() -> Self {
        Self {
            name: C::NAME,
            classic_name: C::CLASSIC_NAME,
            family: Some(C::FAMILY),
            effect: C::EFFECT,
            summary: C::SUMMARY,
            is_paged: C::IS_PAGED,
            carries_credentials: C::Credentials::CARRIED,
        }
    }

    pub(super) const fn custom<C: CustomCapability>() -> Self {
        Self {
            name: C::NAME,
            classic_name: Some(C::NAME),
            family: None,
            effect: C::EFFECT,
            summary: C::SUMMARY,
            is_paged: C::IS_PAGED,
            carries_credentials: WithCredentials::CARRIED,
        }
    }

    /// The name in `wire`, if that format has the capability.
    const fn name_in(self, wire: Wire) -> Option<&'static str> {
        match wire {
            Wire::Classic => self.classic_name,
            Wire::OpenApi => Some(self.name),
        }
    }
}

/// A registered capability.
pub(crate) struct Registered {
    pub(super) definition: Definition,
    pub(super) display_name: String,
    pub(super) description: String,
    /// The path of the handler, as `module.path:function`.
    pub(super) raised_in: String,
    /// Whether requests may need settings. If not, any settings are accepted.
    pub(super) reads_settings: bool,
    /// Whether the SDK implements it.
    pub(super) is_provided: bool,
    pub(super) erased: Arc<dyn Erased>,
    pub(super) rate_limit_mode: Option<RateLimitMode>,
    /// What the fingerprints of its requests cover.
    pub(super) fingerprint_schema: OnceLock<Value>,
}

impl Registered {
    pub(super) fn new(definition: Definition, raised_in: String, erased: Arc<dyn Erased>) -> Self {
        Self {
            definition,
            display_name: display_name(definition.name),
            description: definition.summary.to_owned(),
            raised_in,
            reads_settings: true,
            is_provided: false,
            erased,
            rate_limit_mode: None,
            fingerprint_schema: OnceLock::new(),
        }
    }

    pub(super) fn supports(&self, wire: Wire) -> bool {
        self.definition.name_in(wire).is_some()
    }

    /// The kinds of credentials in requests, if the integration accepts `declared`.
    pub(super) const fn kinds(&self, wire: Wire, declared: Kinds) -> Kinds {
        if wire.carries_credentials(self.definition.carries_credentials) {
            declared
        } else {
            Kinds::of::<NoAuth>()
        }
    }

    /// Information about a call whose caller stops waiting at `until`.
    pub(super) fn metadata(
        &self,
        integration: &Integration,
        until: Option<Instant>,
        cancellation: Cancellation,
    ) -> CallMetadata {
        CallMetadata {
            capability: self.definition.name,
            effect: self.definition.effect,
            mode: self.rate_limit_mode.or(integration.rate_limit_mode),
            sizes: integration.page_sizes,
            until,
            cancellation,
        }
    }

    pub(super) fn info(&self, wire: Wire) -> CapabilityInfo<'_> {
        CapabilityInfo {
            name: self.definition.name_in(wire).unwrap_or(self.definition.name),
            family: self.definition.family,
            effect: self.definition.effect,
            is_paged: self.definition.is_paged,
            display_name: &self.display_name,
            description: &self.description,
            is_provided: self.is_provided,
        }
    }
}

/// `list_accounts` → `List Accounts`.
fn display_name(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut chars = word.chars();
        chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The error for a response that can't be encoded, because a field is missing that the wire format requires, or because
/// the handler's own type returned an error.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(super) fn encoding_error(error: serde_json::Error) -> Error {
    let message = format!("the connector's response cannot be written: {error}");
    // The call may have changed something, and a retry would fail in the same way.
    ConnectorError::new(message, ErrorCode::InternalError).with_retryable(false).into()
}

/// Returns the codec of a capability that is known to be in the wire format.
pub(super) fn supported_codec<Q, R>(codec: Option<Codec<Q, R>>) -> Result<Codec<Q, R>, Problem> {
    codec.ok_or_else(|| Problem::at("", "not a capability of this wire format"))
}

/// Encodes a response, in a buffer with an initial capacity.
pub(super) fn encode<Q, R>(
    codec: Codec<Q, R>,
    mut response: Response<R>,
    capacity: usize,
) -> Result<Encoded> {
    if let Some(fault) = response.fault.take() {
        return Err(fault);
    }
    let mut body = Vec::with_capacity(capacity);
    (codec.encode)(&response.response, &mut body).map_err(encoding_error)?;
    Ok(Encoded { body, frame: response.frame })
}

/// A handler and the codecs of its capability. `P` is the payload that the handler takes, `Q` the standard payload in
/// it.
pub(super) struct Typed<P, Q, R, S, A, State, H> {
    handler: H,
    state: Arc<State>,
    codecs: fn(Wire) -> Option<Codec<Q, R>>,
    credentials: fn(Wire, &Call<'_>) -> Result<A, Problem>,
    decode: fn(&str, Codec<Q, R>) -> Result<P, Problem>,
    args_schema: fn(&mut SchemaGenerator) -> Option<Schema>,
    /// The length of the last response, used as the initial capacity for the next one.
    size: Arc<AtomicUsize>,
    types: std::marker::PhantomData<fn(S)>,
}

/// The maximum initial capacity, so that one long response doesn't waste memory.
const MAX_RESERVED: usize = 1 << 20;
/// The space reserved for the rest of the envelope.
const ENVELOPE_RESERVE: usize = 128;

impl<P, R, S, A, State, H> Typed<P, P::Standard, R, S, A, State, H>
where
    P: RequestPayload<Args: Arguments>,
{
    /// Creates a handler of a standard capability.
    pub(super) fn standard(
        handler: H,
        state: Arc<State>,
        codecs: fn(Wire) -> Option<Codec<P::Standard, R>>,
        credentials: fn(Wire, &Call<'_>) -> Result<A, Problem>,
    ) -> Self {
        Self {
            handler,
            state,
            codecs,
            credentials,
            decode: |text, codec| {
                let standard = (codec.decode)(text)?;
                let args = if P::HAS_ARGS { text } else { "{}" };
                Ok(P::assemble(standard, section(Section::Request, args)?))
            },
            args_schema: |generator| P::HAS_ARGS.then(|| generator.subschema_for::<P::Args>()),
            size: Arc::default(),
            types: std::marker::PhantomData,
        }
    }
}

impl<P, Q, R, S, A, State, H> Typed<P, Q, R, S, A, State, H> {
    /// Creates a handler of the custom capability `C`.
    pub(super) fn custom<C>(
        handler: H,
        state: Arc<State>,
        codecs: fn(Wire) -> Option<Codec<Q, R>>,
        credentials: fn(Wire, &Call<'_>) -> Result<A, Problem>,
    ) -> Self
    where
        P: CustomRequestOf<C, Q>,
    {
        Self {
            handler,
            state,
            codecs,
            credentials,
            decode: |text, codec| (codec.decode)(text).map(P::of),
            args_schema: |_| None,
            size: Arc::default(),
            types: std::marker::PhantomData,
        }
    }
}

impl<P, Q, R, S: Settings, A: Auth, State, H> Typed<P, Q, R, S, A, State, H> {
    fn request(
        &self,
        wire: Wire,
        call: Call<'_>,
        codec: Codec<Q, R>,
        metadata: CallMetadata,
    ) -> Result<Request<P, S, A, State>, Problem> {
        let auth = (self.credentials)(wire, &call)?;
        let request = (self.decode)(call.request, codec)?;
        metadata.request(call, request, auth, Arc::clone(&self.state))
    }
}

impl<P, Q, R, S, A, State, H> Erased for Typed<P, Q, R, S, A, State, H>
where
    P: Send + 'static,
    Q: 'static,
    R: Send + 'static,
    S: Settings,
    A: Auth,
    State: Send + Sync + 'static,
    H: Invoke<Request<P, S, A, State>, R>,
{
    fn start<'a>(
        &'a self,
        integration: &'a Integration,
        call: Call<'a>,
        metadata: CallMetadata,
    ) -> Result<HandlerFuture<'a>, Problem> {
        let wire = integration.wire;
        let codec = supported_codec((self.codecs)(wire))?;
        let request = self.request(wire, call, codec, metadata)?;
        let cancellation = request.cancellation();
        let cancel_on_drop = cancellation.guard();
        let running = self.handler.invoke(request, cancellation);
        let size = Arc::clone(&self.size);
        Ok(Box::pin(async move {
            // Lives as long as the call. An abandoned call is dropped.
            let _cancel_on_drop = cancel_on_drop;
            let encoded = encode(codec, running.await?, size.load(Ordering::Relaxed))?;
            size.store((encoded.body.len() + ENVELOPE_RESERVE).min(MAX_RESERVED), Ordering::Relaxed);
            Ok(encoded)
        }))
    }

    fn check(&self, wire: Wire, call: Call<'_>, metadata: CallMetadata) -> Result<(), Problem> {
        self.request(wire, call, supported_codec((self.codecs)(wire))?, metadata).map(drop)
    }

    fn reread(&self, wire: Wire, call: Call<'_>) {
        if let Some(codec) = (self.codecs)(wire) {
            let _ = (self.decode)(call.request, codec);
            let _ = section::<S>(Section::Settings, call.settings);
        }
    }

    fn credential_ids(&self) -> Option<ById> {
        Kinds::of::<A>().by_id()
    }

    fn schemas(&self, wire: Wire, generator: &mut SchemaGenerator) -> Option<(Schema, Schema)> {
        let codec = (self.codecs)(wire)?;
        let mut request = (codec.request_schema)(generator);
        if let Some(args) = (self.args_schema)(generator) {
            request = schemars::json_schema!({ "allOf": [request, args] });
        }
        Some((request, (codec.response_schema)(generator)))
    }
}
