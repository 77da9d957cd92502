//! [`IntegrationBuilder`]: how an integration is put together.

use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use super::declared::{Declarations, Takes};
use super::handler::{Async, Blocking, Definition, Erased, Registered, Typed};
use super::{BuildError, Integration, info, names};
use crate::auth::{Auth, Kinds, NoAuth, NoSettings, Settings};
use crate::capability::{
    Answers, Arguments, BlockingAnswers, CustomCapability, CustomRequestOf, RequestOf, same_name,
};
use crate::error::{self, Classifier, Entry, Error, ErrorCodes, ExceptionHandler};
use crate::facts::Description;
use crate::model::{AppCategory, CredentialKind};
use crate::request::{PageSizes, Request};
use crate::wire::{Codec, Wire, WireCapability};

/// Puts an [`Integration`] together: credentials and settings first, then capabilities.
///
/// `S` are the settings, `A` the credentials and `State` the shared state that every handler gets.
#[must_use = "a builder does nothing until `build`"]
pub struct IntegrationBuilder<S = NoSettings, A = NoAuth, State = ()> {
    integration: Integration,
    state: Arc<State>,
    /// What the author did wrong first; reported by `build`.
    mistake: Option<BuildError>,
    types: PhantomData<fn(S, A)>,
}

impl Integration {
    /// Begins an integration for the app of this id, `github` say: ASCII letters, digits, `-` and `_`. Space around
    /// the id is dropped.
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
                description: Description::default(),
                capabilities: Vec::new(),
                classifier: Classifier::default(),
                kinds: Kinds::of::<NoAuth>(),
                schemas: info::Schemas::of::<NoSettings>(),
                error_codes: Vec::new(),
            },
            state: Arc::new(()),
            mistake,
            types: PhantomData,
        }
    }
}

impl<S: Settings, A: Auth, State: Send + Sync + 'static> IntegrationBuilder<S, A, State> {
    /// The credentials that a request carries for the upstream.
    #[track_caller]
    pub fn auth<B: Auth>(mut self) -> IntegrationBuilder<S, B, State> {
        self.integration.kinds = Kinds::of::<B>();
        self.declared("auth").retyped(Arc::clone)
    }

    /// The settings that a request carries.
    #[track_caller]
    pub fn settings<T: Settings>(mut self) -> IntegrationBuilder<T, A, State> {
        self.integration.schemas = info::Schemas::of::<T>();
        if !self.integration.schemas.settings_are_an_object() {
            self = self.mistake(BuildError::SettingsNotAnObject);
        }
        self.declared("settings").retyped(Arc::clone)
    }

    /// What all calls share: a connection pool, a cache, a budget. Handlers find it in
    /// [`request.state`](Request::state); several things are fields of one struct.
    ///
    /// It is dropped with the integration, once the calls that use it have ended. The SDK puts no lock around it.
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

    /// Notes a declaration that comes too late: capabilities were registered with other types.
    #[track_caller]
    fn declared(self, method: &'static str) -> Self {
        if self.integration.capabilities.is_empty() {
            return self;
        }
        self.mistake(BuildError::DeclaredLate { method, at: Location::caller() })
    }

    fn retyped<T, B, N>(self, state: impl FnOnce(&Arc<State>) -> Arc<N>) -> IntegrationBuilder<T, B, N> {
        IntegrationBuilder {
            state: state(&self.state),
            integration: self.integration,
            mistake: self.mistake,
            types: PhantomData,
        }
    }

    /// Registers an async handler of a standard capability.
    ///
    /// `S2`, `A2` and `State2` are what the handler takes: the types that were declared, as [`Takes`] demands. The
    /// builder goes on with the handler's, so that the compiler reports a mismatch once and not for each handler.
    pub fn register<C, P, F, S2, A2, State2, Fut>(
        self,
        _capability: C,
        handler: F,
    ) -> IntegrationBuilder<S2, A2, State2>
    where
        C: WireCapability,
        P: RequestOf<C, C::Request, Args: Arguments>,
        F: Takes<Declarations, (S, A), (S2, A2), (), State, State2, Request<P, S, A, State>, Fut>,
        F: Fn(Request<P, S2, A2, State2>) -> Fut + Send + Sync + 'static,
        Fut: Answers<C, C::Response> + Send + 'static,
    {
        let raised_in = error::handler_path(std::any::type_name::<F>());
        let typed = Typed::<P, _, _, S, A, _, _>::standard(Async(handler), Arc::clone(&self.state), C::codec);
        self.push(Definition::standard::<C>(), raised_in, Arc::new(typed)).retyped(F::state)
    }

    /// Registers a blocking handler of a standard capability. It runs on the pool for blocking calls.
    pub fn register_blocking<C, P, F, S2, A2, State2, Out>(
        self,
        _capability: C,
        handler: F,
    ) -> IntegrationBuilder<S2, A2, State2>
    where
        C: WireCapability,
        P: RequestOf<C, C::Request, Args: Arguments>,
        F: Takes<Declarations, (S, A), (S2, A2), (), State, State2, Request<P, S, A, State>, Out>,
        F: Fn(Request<P, S2, A2, State2>) -> Out + Send + Sync + 'static,
        Out: BlockingAnswers<C, C::Response>,
    {
        let raised_in = error::handler_path(std::any::type_name::<F>());
        let blocking = Blocking(Arc::new(move |request: Request<P, S, A, State>| handler(request).result()));
        let typed = Typed::<P, _, _, S, A, _, _>::standard(blocking, Arc::clone(&self.state), C::codec);
        self.push(Definition::standard::<C>(), raised_in, Arc::new(typed)).retyped(F::state)
    }

    /// Registers an async handler of a capability of the connector's own.
    pub fn register_custom<C, P, F, S2, A2, State2, Fut>(
        self,
        _capability: C,
        handler: F,
    ) -> IntegrationBuilder<S2, A2, State2>
    where
        C: CustomCapability,
        P: CustomRequestOf<C, C::Request>,
        F: Takes<Declarations, (S, A), (S2, A2), (), State, State2, Request<P, S, A, State>, Fut>,
        F: Fn(Request<P, S2, A2, State2>) -> Fut + Send + Sync + 'static,
        Fut: Answers<C, C::Response> + Send + 'static,
    {
        let raised_in = error::handler_path(std::any::type_name::<F>());
        let typed =
            Typed::<P, _, _, S, A, _, _>::custom::<C>(Async(handler), Arc::clone(&self.state), custom_codec);
        self.push_custom::<C>(raised_in, Arc::new(typed)).retyped(F::state)
    }

    /// Registers a blocking handler of a capability of the connector's own.
    pub fn register_custom_blocking<C, P, F, S2, A2, State2, Out>(
        self,
        _capability: C,
        handler: F,
    ) -> IntegrationBuilder<S2, A2, State2>
    where
        C: CustomCapability,
        P: CustomRequestOf<C, C::Request>,
        F: Takes<Declarations, (S, A), (S2, A2), (), State, State2, Request<P, S, A, State>, Out>,
        F: Fn(Request<P, S2, A2, State2>) -> Out + Send + Sync + 'static,
        Out: BlockingAnswers<C, C::Response>,
    {
        let raised_in = error::handler_path(std::any::type_name::<F>());
        let blocking = Blocking(Arc::new(move |request: Request<P, S, A, State>| handler(request).result()));
        let typed =
            Typed::<P, _, _, S, A, _, _>::custom::<C>(blocking, Arc::clone(&self.state), custom_codec);
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

    fn push(mut self, definition: Definition, raised_in: Option<String>, erased: Arc<dyn Erased>) -> Self {
        let name = definition.name;
        let raised_in = raised_in.unwrap_or_else(|| format!("{}:{name}", self.integration.app_id));
        if self.integration.find(name).is_some() {
            self = self.mistake(BuildError::DuplicateCapability(name.to_owned()));
        }
        self.integration.capabilities.push(Registered::new(definition, raised_in, erased));
        self
    }

    /// Names and describes a registered capability, for people.
    pub fn describe(mut self, name: &str, display_name: &str, description: &str) -> Self {
        let found =
            self.integration.capabilities.iter_mut().find(|known| same_name(known.definition.name, name));
        match found {
            Some(registered) => {
                display_name.clone_into(&mut registered.display_name);
                description.clone_into(&mut registered.description);
                self
            }
            None => self.mistake(BuildError::NotRegistered(name.to_owned())),
        }
    }

    /// Handles errors of type `E`, whether one is returned or is the cause of what is returned.
    ///
    /// Handlers run in the order of their registration, each on the answer of the one before.
    pub fn on_error<E>(mut self, handler: impl ExceptionHandler<E>) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        self.integration.classifier.push(Entry::for_type::<E, _>(handler, None));
        self
    }

    /// Handles errors of type `E` and codes them `<app_id>.<code>`.
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

    /// Handles every error that was not raised as a [`ConnectorError`](crate::error::ConnectorError).
    pub fn on_any_error(mut self, handler: impl ExceptionHandler<Error>) -> Self {
        self.integration.classifier.push(Entry::for_any(handler));
        self
    }

    /// Lists a connector's own error codes in `info` and in its documentation.
    pub fn error_codes<T: ErrorCodes>(mut self) -> Self {
        self.integration.error_codes.extend_from_slice(T::DOCUMENTED);
        self
    }

    /// Whether errors of handlers become answers; on by default.
    /// See [`try_dispatch`](Integration::try_dispatch).
    pub const fn handle_errors(mut self, handle: bool) -> Self {
        self.integration.handle_errors = handle;
        self
    }

    /// The wire format; classic by default. `--wire` and `CONNECTOR_WIRE` win over it.
    pub const fn wire(mut self, wire: Wire) -> Self {
        self.integration.wire = wire;
        self
    }

    /// How long a handler may take; unlimited by default. `--deadline` wins over it.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.integration.deadline = Some(deadline);
        self
    }

    /// How many items a page has if the request does not say, and at the most. By default 100 and 10 000.
    pub fn page_size(mut self, default: usize, max: usize) -> Self {
        self.integration.page_sizes = PageSizes { default, max };
        if default == 0 || default > max { self.mistake(BuildError::InvalidPageSize) } else { self }
    }

    /// The connector's version: `env!("CARGO_PKG_VERSION")`. `0.0.0` by default.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.integration.version = version.into();
        self
    }

    /// The address of the app's logo.
    pub fn logo_url(mut self, url: impl Into<String>) -> Self {
        self.integration.description.logo_url = Some(url.into());
        self
    }

    /// The app's name, for people.
    pub fn user_friendly_name(mut self, name: impl Into<String>) -> Self {
        self.integration.description.user_friendly_name = Some(name.into());
        self
    }

    /// What the connector does, for people.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.integration.description.description = Some(description.into());
        self
    }

    /// The categories that the app is filed under.
    pub fn categories(mut self, categories: impl IntoIterator<Item = AppCategory>) -> Self {
        self.integration.description.categories.extend(categories);
        self
    }

    /// The integration.
    ///
    /// # Panics
    /// If something is wrong that the compiler cannot see: see [`BuildError`]. The panic shows the caller's line.
    #[track_caller]
    #[must_use]
    pub fn build(self) -> Integration {
        match self.try_build() {
            Ok(integration) => integration,
            Err(error) => panic!("cannot build the integration: {error}"),
        }
    }

    /// The integration.
    ///
    /// # Errors
    /// If something is wrong that the compiler cannot see.
    pub fn try_build(mut self) -> std::result::Result<Integration, BuildError> {
        if let Some(mistake) = self.mistake {
            return Err(mistake);
        }
        check_kinds(self.integration.kinds.all(), self.integration.wire)?;
        self.integration.capabilities.sort_by_key(|registered| registered.definition.name);
        Ok(self.integration)
    }

    fn mistake(mut self, mistake: BuildError) -> Self {
        self.mistake.get_or_insert(mistake);
        self
    }
}

impl<S, A, State> std::fmt::Debug for IntegrationBuilder<S, A, State> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("IntegrationBuilder").field(&self.integration).finish()
    }
}

/// Refuses a single kind of credentials that `wire` does not have. A connector that takes any takes those it has.
pub(super) fn check_kinds(kinds: &[CredentialKind], wire: Wire) -> std::result::Result<(), BuildError> {
    match kinds {
        [kind] if wire.kind_name(*kind).is_none() => {
            Err(BuildError::UnsupportedCredentials { wire, kind: format!("{kind:?}") })
        }
        _ => Ok(()),
    }
}

/// Every wire format has a custom capability, as its own serde spells it.
fn custom_codec<Q, R>(_: Wire) -> Option<Codec<Q, R>>
where
    Q: serde::de::DeserializeOwned + schemars::JsonSchema,
    R: serde::Serialize + schemars::JsonSchema,
{
    Some(Codec::custom())
}
