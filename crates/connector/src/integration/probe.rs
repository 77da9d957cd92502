//! [`Probe`]: the built-in `probe_integration`.

mod caller;
mod checks;
mod finding;
mod run;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use super::builder::IntegrationBuilder;
use super::handler::{Definition, Registered, Typed};
use super::invoke::Async;
use super::{BuildError, Integration};
use crate::auth::{Auth, NoAuth, NoSettings, Settings, WithCredentials};
use crate::capability::{ProbeCheck, ProbeCheckName, ProbeIntegration, ProbeIntegrationRequest};
use crate::error::{self, Result};
use crate::request::Request;
use crate::response::Response;
use crate::wire::{Codec, Wire};
use run::{BuiltInProbe, CustomCheck, Spec};

/// The checks that the SDK runs itself, in this order.
const BASELINE: [ProbeCheckName; 3] =
    [ProbeCheckName::Accounts, ProbeCheckName::Entitlements, ProbeCheckName::EntitlementAssociations];

/// Sets up the built-in [`ProbeIntegration`]: which checks it runs, and how.
///
/// By default, it runs three checks: accounts, entitlements and entitlement associations. Each one calls the
/// connector's own capabilities for a page of 10 items, with the credentials and settings of the request, and may take
/// 180 seconds. A check whose capabilities aren't registered is reported as unsupported. See
/// [`IntegrationBuilder::probe`].
///
/// A check only passes if a listing returns records and continues as it should. It fails if the listing is
/// [partial](Response::partial), repeats a page token or a page, contains records without IDs, or can't be read further.
///
/// ```
/// use connector::capability::{
///     ListAccounts, ListAccountsRequest, ListAccountsResponse, ProbeCheck, ProbeCheckName, ProbeIntegrationRequest,
/// };
/// use connector::{Integration, NoAuth, NoSettings, Probe, Request, Response, Wire};
///
/// async fn list_accounts(
///     _: Request<ListAccountsRequest, NoSettings, NoAuth>,
/// ) -> connector::Result<Response<ListAccountsResponse>> {
///     Ok(ListAccountsResponse::default().into())
/// }
///
/// async fn check_config(
///     _: Request<ProbeIntegrationRequest, NoSettings, NoAuth>,
/// ) -> connector::Result<ProbeCheck> {
///     Ok(ProbeCheck::skipped("No capabilities are configured."))
/// }
///
/// let integration = Integration::builder("acme")
///     .wire(Wire::OpenApi)
///     .register(ListAccounts, list_accounts)
///     .probe(Probe::new().check(ProbeCheckName::CapabilityConfig, check_config))
///     .build();
/// assert!(integration.capabilities().any(|capability| capability.name == "probe_integration"));
/// ```
#[must_use = "pass it to `IntegrationBuilder::probe`"]
pub struct Probe<S = NoSettings, A = NoAuth, State = ()> {
    custom: Vec<(ProbeCheckName, CreateCheck<State>)>,
    omitted: Vec<ProbeCheckName>,
    optional: Vec<ProbeCheckName>,
    options: Options,
    types: std::marker::PhantomData<fn(S, A)>,
}

/// Creates an author's check from the integration's state.
type CreateCheck<State> = Box<dyn FnOnce(Arc<State>) -> CustomCheck>;

/// How the SDK's own checks read listings.
#[derive(Clone)]
pub(super) struct Options {
    page_size: i64,
    entitlement_pages: usize,
    time_limit: Duration,
    entitlement_types: Vec<String>,
}

impl<S, A, State> Default for Probe<S, A, State> {
    fn default() -> Self {
        Self {
            custom: Vec::new(),
            omitted: Vec::new(),
            optional: Vec::new(),
            options: Options {
                page_size: 10,
                entitlement_pages: 5,
                time_limit: Duration::from_secs(180),
                entitlement_types: Vec::new(),
            },
            types: std::marker::PhantomData,
        }
    }
}

impl<S, A, State> Probe<S, A, State> {
    /// Creates a probe with the SDK's own checks.
    pub fn new() -> Self {
        Self::default()
    }

    /// Omits one of the SDK's own checks. It is reported as unsupported.
    pub fn without(mut self, check: ProbeCheckName) -> Self {
        self.omitted.push(check);
        self
    }

    /// Makes a check optional. If it fails, the result of the probe is `partial` instead of `failed`.
    pub fn optional(mut self, check: ProbeCheckName) -> Self {
        self.optional.push(check);
        self
    }

    /// Declares the connector's types of entitlements. The check reads up to
    /// [`entitlement_pages`](Self::entitlement_pages) until it has seen one entitlement of each, and reports which types
    /// it has found. None by default.
    pub fn entitlement_types<T: Into<String>>(mut self, types: impl IntoIterator<Item = T>) -> Self {
        self.options.entitlement_types = types.into_iter().map(Into::into).collect();
        self
    }

    /// Sets how many items the checks request per page, and so how many samples they return of each. 10 by default.
    pub const fn page_size(mut self, size: u16) -> Self {
        self.options.page_size = size as i64;
        self
    }

    /// Sets how many pages of entitlements may be read. 5 by default.
    pub const fn entitlement_pages(mut self, pages: u16) -> Self {
        self.options.entitlement_pages = pages as usize;
        self
    }

    /// Sets how long each check may take. 180 seconds by default. The probe's own deadline also applies.
    pub const fn time_limit(mut self, limit: Duration) -> Self {
        self.options.time_limit = limit;
        self
    }
}

impl<S: Settings, A: Auth, State: Send + Sync + 'static> Probe<S, A, State> {
    /// Adds a check of your own, or replaces one of the SDK's.
    ///
    /// It receives the request of the probe. The name, source, duration and an absent capability of the result are
    /// filled in. If it returns an error, panics, or takes too long, only this check fails. Errors pass through the
    /// exception handlers as usual. The request's secrets are removed from the result's messages.
    pub fn check<F, Fut>(mut self, name: ProbeCheckName, check: F) -> Self
    where
        F: Fn(Request<ProbeIntegrationRequest, S, A, State>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<ProbeCheck>> + Send + 'static,
    {
        let raised_in = error::handler_path(std::any::type_name::<F>()).unwrap_or_default();
        let handler = Async(move |request| {
            let running = check(request);
            async move { running.await.map(Response::new) }
        });
        let create = move |state| {
            let typed = Typed::<ProbeIntegrationRequest, _, _, S, A, State, _>::standard(
                handler,
                state,
                |_: Wire| Some(Codec::custom()),
                Wire::credentials::<WithCredentials, A>,
            );
            let definition = Definition::standard::<ProbeIntegration>();
            CustomCheck {
                registered: Registered::new(definition, raised_in, Arc::new(typed)),
                read: |text| serde_json::from_str(text),
            }
        };
        self.custom.push((name, Box::new(create)));
        self
    }

    /// Returns the probe, or what is wrong with its options.
    fn built_in(self, state: &Arc<State>) -> std::result::Result<BuiltInProbe, String> {
        let Self { custom, omitted, optional, options, .. } = self;
        if options.page_size < 1 || options.entitlement_pages < 1 || options.time_limit.is_zero() {
            return Err("page size, number of pages and time limit must be at least 1".to_owned());
        }
        let mut specs: Vec<Spec> = BASELINE.into_iter().map(Spec::default).collect();
        let mut replaced = Vec::new();
        for (name, create) in custom {
            let check = create(Arc::clone(state));
            if replaced.contains(&name) {
                return Err(format!("the check {name:?} is set twice"));
            }
            replaced.push(name);
            match specs.iter_mut().find(|spec| spec.name == name) {
                Some(spec) => spec.custom = Some(check),
                None => specs.push(Spec { custom: Some(check), ..Spec::default(name) }),
            }
        }
        for name in omitted {
            if replaced.contains(&name) || !BASELINE.contains(&name) {
                return Err(format!("the check {name:?} is not one of the SDK's, so it can't be omitted"));
            }
            specs.retain(|spec| spec.name != name);
        }
        for name in optional {
            match specs.iter_mut().find(|spec| spec.name == name) {
                Some(spec) => spec.is_optional = true,
                None => return Err(format!("the optional check {name:?} is not run")),
            }
        }
        Ok(BuiltInProbe { specs, options })
    }
}

impl<S, A, State> std::fmt::Debug for Probe<S, A, State> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let custom: Vec<_> = self.custom.iter().map(|(name, _)| name).collect();
        f.debug_struct("Probe").field("custom", &custom).finish_non_exhaustive()
    }
}

impl<S: Settings, A: Auth, State: Send + Sync + 'static> IntegrationBuilder<S, A, State> {
    /// Adds the built-in [`ProbeIntegration`], which tries out what a first sync depends on. Openapi format only.
    ///
    /// A handler that you register for [`ProbeIntegration`] replaces it.
    pub fn probe(self, probe: Probe<S, A, State>) -> Self {
        match probe.built_in(&self.state) {
            Ok(probe) => self.built_in(probe),
            Err(reason) => self.mistake(BuildError::InvalidProbe(reason)),
        }
    }
}

impl Integration {
    /// Returns the capability with this name, if it is available in the wire format.
    fn available(&self, name: &str) -> Option<&Registered> {
        self.find(name).filter(|registered| registered.supports(self.wire))
    }
}
