//! [`IntegrationBuilder`]: builds integrations.

use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

use super::app_info::Document;
use super::declared::Takes;
use super::handler::{Definition, Erased, Registered, Typed};
use super::invoke::{Async, Blocking};
use super::validation::Validation;
use super::{BuildError, Integration, info, names, types};
use crate::auth::{Auth, ById, CarriedCredentials, Kinds, NoAuth, NoSettings, Settings, WithCredentials};
use crate::capability::{
    Answers, Arguments, BlockingAnswers, Capability, CustomCapability, CustomRequestOf, RequestOf,
};
use crate::error::{self, Classifier, Entry, Error, ErrorCodes, ExceptionHandler};
use crate::facts::{Declarations, Description};
use crate::request::{PageSizes, Request};
use crate::wire::{Codec, Wire, WireCapability};

/// The credentials that a handler of `C` takes if the integration declares `A`.
type Taken<C, A> = <<C as Capability>::Credentials as CarriedCredentials>::Taken<A>;
/// The credentials of the builder after a handler of `C` that takes `A2` is registered.
type Declared<C, A, A2> = <<C as Capability>::Credentials as CarriedCredentials>::Declared<A, A2>;

/// Builds an [`Integration`]. Declare credentials, settings and state first, then register capabilities.
///
/// `S` is the type of the settings, `A` of the credentials, and `State` of the shared state that every handler
/// receives.
#[must_use = "a builder does nothing until `build`"]
pub struct IntegrationBuilder<S = NoSettings, A = NoAuth, State = ()> {
    pub(super) integration: Integration,
    pub(super) state: Arc<State>,
    /// Capabilities that the SDK implements, unless the author registers handlers for them.
    pub(super) built_in: Vec<Registered>,
    /// How the author validates credentials that are declared by ID.
    pub(super) validation: Validation,
    /// The names of built-in capabilities that the author doesn't want.
    pub(super) omitted: Vec<&'static str>,
    /// The author's first mistake, reported by `build`.
    mistake: Option<BuildError>,
    types: PhantomData<fn(S, A)>,
}

impl Integration {
    /// Starts an integration for an app, for example with the id `github`. The id may contain ASCII letters, digits,
    /// `-` and `_`. Surrounding white space is removed.
    pub fn builder(app_id: impl AsRef<str>) -> IntegrationBuilder {
        let app_id = app_id.as_ref().trim().to_owned();
        let mistake = if app_id.is_empty() {
            Some(BuildError::EmptyAppId)
        } else {
            let is_sound = app_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
            (!is_sound).then(|| BuildError::InvalidAppId(app_id.clone()))
        };
        IntegrationBuilder {
            integration: Self {
                app_id,
                version: "0.0.0".to_owned(),
                wire: Wire::default(),
                handle_errors: true,
                deadline: None,
                page_sizes: PageSizes::default(),
                rate_limit_mode: None,
                description: Description::default(),
                declared: Declarations::default(),
                capabilities: Vec::new(),
                classifier: Classifier::default(),
                kinds: Kinds::of::<NoAuth>(),
                schemas: info::Schemas::of::<NoSettings>(),
                error_codes: Vec::new(),
                #[cfg(feature = "cli")]
                settings_log: None,
            },
            state: Arc::new(()),
            built_in: Vec::new(),
            validation: Validation::default(),
            omitted: Vec::new(),
            mistake,
            types: PhantomData,
        }
    }
}

impl<S: Settings, A: Auth, State: Send + Sync + 'static> IntegrationBuilder<S, A, State> {
    /// Sets the type of credentials that requests carry for the upstream.
    #[track_caller]
    pub fn auth<B: Auth>(mut self) -> IntegrationBuilder<S, B, State> {
        self.integration.kinds = Kinds::of::<B>();
        if let Some(mistake) = self.integration.kinds.by_id().and_then(ById::mistake) {
            self = self.mistake(BuildError::InvalidCredentials(mistake));
        }
        self.declared("auth").retyped(Arc::clone)
    }

    /// Sets the type of settings that requests carry.
    #[track_caller]
    pub fn settings<T: Settings>(mut self) -> IntegrationBuilder<T, A, State> {
        self.integration.schemas = info::Schemas::of::<T>();
        if let Some(mistake) = self.integration.schemas.mistake_in_settings() {
            self = self.mistake(mistake);
        }
        self.declared("settings").retyped(Arc::clone)
    }

    /// Sets the state that all calls share, such as a connection pool, a cache or a budget. Handlers access it as
    /// [`request.state`](Request::state). To share several values, use a struct.
    ///
    /// The state is dropped with the integration, after all calls that use it have ended. The SDK doesn't lock it.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
    /// use connector::{Integration, NoAuth, NoSettings, Response};
    ///
    /// #[derive(Default)]
    /// struct Shared {
    ///     calls: AtomicU64,
    /// }
    ///
    /// type Request<P> = connector::Request<P, NoSettings, NoAuth, Shared>;
    ///
    /// async fn list_accounts(
    ///     request: Request<ListAccountsRequest>,
    /// ) -> connector::Result<Response<ListAccountsResponse>> {
    ///     request.state.calls.fetch_add(1, Ordering::Relaxed);
    ///     Ok(ListAccountsResponse::default().into())
    /// }
    ///
    /// let integration =
    ///     Integration::builder("acme").state(Shared::default()).register(ListAccounts, list_accounts).build();
    /// # drop(integration);
    /// ```
    #[track_caller]
    pub fn state<N: Send + Sync + 'static>(self, state: N) -> IntegrationBuilder<S, A, N> {
        self.declared("state").retyped(|_| Arc::new(state))
    }

    /// Records a declaration that comes too late: capabilities are already registered with other types.
    #[track_caller]
    fn declared(self, method: &'static str) -> Self {
        if self.integration.capabilities.is_empty() && self.built_in.is_empty() && self.validation.is_empty()
        {
            return self;
        }
        self.mistake(BuildError::DeclaredLate { method, at: Location::caller() })
    }

    fn retyped<T, B, N>(self, state: impl FnOnce(&Arc<State>) -> Arc<N>) -> IntegrationBuilder<T, B, N> {
        IntegrationBuilder {
            state: state(&self.state),
            integration: self.integration,
            built_in: self.built_in,
            validation: self.validation,
            omitted: self.omitted,
            mistake: self.mistake,
            types: PhantomData,
        }
    }

    /// Registers an async handler of a standard capability.
    ///
    /// `S2`, `A2` and `State2` are the types that the handler takes. [`Takes`] requires them to be the declared ones.
    /// If requests for the capability carry no credentials, such as those for
    /// [`GetAuthorizationUrl`](crate::capability::GetAuthorizationUrl), the handler takes [`NoAuth`].
    /// The returned builder uses the handler's types, so that the compiler reports a mismatch once and not for each
    /// handler.
    pub fn register<C, P, F, S2, A2, State2, Fut>(
        self,
        _capability: C,
        handler: F,
    ) -> IntegrationBuilder<S2, Declared<C, A, A2>, State2>
    where
        C: WireCapability,
        P: RequestOf<C, C::Request, Args: Arguments>,
        F: Takes<C::Credentials, (S, A), (S2, A2), (), State, State2, Request<P, S, Taken<C, A>, State>, Fut>,
        F: Fn(Request<P, S2, A2, State2>) -> Fut + Send + Sync + 'static,
        Fut: Answers<C, C::Response> + Send + 'static,
    {
        let raised_in = error::handler_path(std::any::type_name::<F>());
        let typed = Typed::<P, _, _, S, _, _, _>::standard(
            Async(handler),
            Arc::clone(&self.state),
            C::codec,
            Wire::credentials::<C::Credentials, A>,
        );
        self.push(Definition::standard::<C>(), raised_in, Arc::new(typed)).retyped(F::state)
    }

    /// Registers a blocking handler of a standard capability. It runs on the blocking thread pool.
    pub fn register_blocking<C, P, F, S2, A2, State2, Out>(
        self,
        _capability: C,
        handler: F,
    ) -> IntegrationBuilder<S2, Declared<C, A, A2>, State2>
    where
        C: WireCapability,
        P: RequestOf<C, C::Request, Args: Arguments>,
        F: Takes<C::Credentials, (S, A), (S2, A2), (), State, State2, Request<P, S, Taken<C, A>, State>, Out>,
        F: Fn(Request<P, S2, A2, State2>) -> Out + Send + Sync + 'static,
        Out: BlockingAnswers<C, C::Response>,
    {
        let raised_in = error::handler_path(std::any::type_name::<F>());
        let blocking =
            Blocking(Arc::new(move |request: Request<P, S, Taken<C, A>, State>| handler(request).result()));
        let typed = Typed::<P, _, _, S, _, _, _>::standard(
            blocking,
            Arc::clone(&self.state),
            C::codec,
            Wire::credentials::<C::Credentials, A>,
        );
        self.push(Definition::standard::<C>(), raised_in, Arc::new(typed)).retyped(F::state)
    }

    /// Registers an async handler of a custom capability.
    pub fn register_custom<C, P, F, S2, A2, State2, Fut>(
        self,
        _capability: C,
        handler: F,
    ) -> IntegrationBuilder<S2, A2, State2>
    where
        C: CustomCapability,
        P: CustomRequestOf<C, C::Request>,
        F: Takes<WithCredentials, (S, A), (S2, A2), (), State, State2, Request<P, S, A, State>, Fut>,
        F: Fn(Request<P, S2, A2, State2>) -> Fut + Send + Sync + 'static,
        Fut: Answers<C, C::Response> + Send + 'static,
    {
        let raised_in = error::handler_path(std::any::type_name::<F>());
        let typed = Typed::<P, _, _, S, A, _, _>::custom::<C>(
            Async(handler),
            Arc::clone(&self.state),
            custom_codec,
            Wire::credentials::<WithCredentials, A>,
        );
        self.push_custom::<C>(raised_in, Arc::new(typed)).retyped(F::state)
    }

    /// Registers a blocking handler of a custom capability. It runs on the blocking thread pool.
    pub fn register_custom_blocking<C, P, F, S2, A2, State2, Out>(
        self,
        _capability: C,
        handler: F,
    ) -> IntegrationBuilder<S2, A2, State2>
    where
        C: CustomCapability,
        P: CustomRequestOf<C, C::Request>,
        F: Takes<WithCredentials, (S, A), (S2, A2), (), State, State2, Request<P, S, A, State>, Out>,
        F: Fn(Request<P, S2, A2, State2>) -> Out + Send + Sync + 'static,
        Out: BlockingAnswers<C, C::Response>,
    {
        let raised_in = error::handler_path(std::any::type_name::<F>());
        let blocking = Blocking(Arc::new(move |request: Request<P, S, A, State>| handler(request).result()));
        let typed = Typed::<P, _, _, S, A, _, _>::custom::<C>(
            blocking,
            Arc::clone(&self.state),
            custom_codec,
            Wire::credentials::<WithCredentials, A>,
        );
        self.push_custom::<C>(raised_in, Arc::new(typed)).retyped(F::state)
    }

    fn push_custom<C: CustomCapability>(
        mut self,
        raised_in: Option<String>,
        erased: Arc<dyn Erased>,
    ) -> Self {
        if !names::is_snake_case(C::NAME) {
            self = self.mistake(BuildError::InvalidName(C::NAME.to_owned()));
        } else if names::is_reserved(C::NAME) {
            self = self.mistake(BuildError::ReservedName(C::NAME.to_owned()));
        }
        self.push(Definition::custom::<C>(), raised_in, erased)
    }

    pub(super) fn push(
        mut self,
        definition: Definition,
        raised_in: Option<String>,
        erased: Arc<dyn Erased>,
    ) -> Self {
        let name = definition.name;
        let raised_in = raised_in.unwrap_or_else(|| format!("{}:{name}", self.integration.app_id));
        if self.integration.find(name).is_some() {
            self = self.mistake(BuildError::DuplicateCapability(name.to_owned()));
        }
        self.integration.capabilities.push(Registered::new(definition, raised_in, erased));
        self
    }

    /// Registers an exception handler for errors of type `E`, both as the returned error and as one of its causes.
    ///
    /// Handlers run in order of registration. Each receives the response of the previous one.
    pub fn on_error<E>(mut self, handler: impl ExceptionHandler<E>) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        self.integration.classifier.push(Entry::for_type::<E, _>(handler, None));
        self
    }

    /// Like [`on_error`](Self::on_error), and sets the error code to `<app_id>.<code>`.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a code is a small enum or a literal; `&` would only be noise"
    )]
    pub fn on_error_with_code<E>(mut self, handler: impl ExceptionHandler<E>, code: impl ErrorCodes) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        self.integration.classifier.push(Entry::for_type::<E, _>(handler, Some(code.code().into_owned())));
        self
    }

    /// Registers an exception handler for every error except [`ConnectorError`](crate::error::ConnectorError).
    pub fn on_any_error(mut self, handler: impl ExceptionHandler<Error>) -> Self {
        self.integration.classifier.push(Entry::for_any(handler));
        self
    }

    /// Builds the integration.
    ///
    /// # Panics
    /// If there is a mistake that the compiler can't detect: see [`BuildError`]. The panic shows the caller's line.
    #[track_caller]
    #[must_use]
    pub fn build(self) -> Integration {
        match self.try_build() {
            Ok(integration) => integration,
            Err(error) => panic!("cannot build the integration: {error}"),
        }
    }

    /// Builds the integration, or returns an error.
    ///
    /// # Errors
    /// If there is a mistake that the compiler can't detect.
    pub fn try_build(mut self) -> std::result::Result<Integration, BuildError> {
        if let Some(mistake) = self.mistake.take() {
            return Err(mistake);
        }
        check_kinds(self.integration.kinds, self.integration.wire)?;
        self = self.add_validation()?.built_in(Document);
        for built_in in self.built_in {
            let name = built_in.definition.name;
            if self.integration.find(name).is_none() && !self.omitted.contains(&name) {
                self.integration.capabilities.push(built_in);
            }
        }
        self.integration.capabilities.sort_by_key(|registered| registered.definition.name);
        types::check(&self.integration)?;
        Ok(self.integration)
    }

    pub(super) fn mistake(mut self, mistake: BuildError) -> Self {
        self.mistake.get_or_insert(mistake);
        self
    }
}

impl<S, A, State> std::fmt::Debug for IntegrationBuilder<S, A, State> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("IntegrationBuilder").field(&self.integration).finish()
    }
}

/// Rejects credentials that `wire` can't carry. With several kinds, the connector accepts those that `wire` has.
pub(super) fn check_kinds(kinds: Kinds, wire: Wire) -> std::result::Result<(), BuildError> {
    match (kinds.by_id(), kinds.all()) {
        (Some(by_id), _) if wire.can_carry(by_id) => Ok(()),
        (Some(_), _) => Err(BuildError::CredentialsNotCarried(wire)),
        (None, [kind]) if wire.kind_name(*kind).is_none() => {
            Err(BuildError::UnsupportedCredentials { wire, kind: format!("{kind:?}") })
        }
        (None, _) => Ok(()),
    }
}

/// The codec of a custom capability, which uses plain serde in every wire format.
fn custom_codec<Q, R>(_: Wire) -> Option<Codec<Q, R>>
where
    Q: serde::de::DeserializeOwned + schemars::JsonSchema,
    R: serde::Serialize + schemars::JsonSchema,
{
    Some(Codec::custom())
}
