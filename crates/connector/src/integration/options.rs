//! Options of an [`IntegrationBuilder`], apart from types and capabilities.

use std::time::Duration;

use super::{BuildError, IntegrationBuilder, Registered};
use crate::auth::{Auth, Settings};
use crate::capability::same_name;
use crate::error::ErrorCodes;
use crate::model::{AppCategory, RateLimitMode};
use crate::request::PageSizes;
use crate::wire::Wire;

impl<S: Settings, A: Auth, State: Send + Sync + 'static> IntegrationBuilder<S, A, State> {
    /// Sets a registered capability's display name and description.
    pub fn describe(self, name: &str, display_name: &str, description: &str) -> Self {
        self.change(name, |registered| {
            display_name.clone_into(&mut registered.display_name);
            description.clone_into(&mut registered.description);
        })
    }

    /// Sets how handlers treat the upstream's rate limits, unless
    /// [`rate_limit_mode_of`](Self::rate_limit_mode_of) sets it for their capability. It overrides what the caller wants.
    ///
    /// Handlers read it from [`request.rate_limit_mode()`](crate::Request::rate_limit_mode). If it isn't set, callers in
    /// the openapi format can choose the mode, and the default depends on the capability's effect.
    pub const fn rate_limit_mode(mut self, mode: RateLimitMode) -> Self {
        self.integration.rate_limit_mode = Some(mode);
        self
    }

    /// Sets how the handler of a registered capability treats the upstream's rate limits. It overrides
    /// [`rate_limit_mode`](Self::rate_limit_mode) and what the caller wants.
    ///
    /// For example, a write that makes many requests may have to throttle them:
    ///
    /// ```
    /// use connector::capability::{ReleaseResources, ReleaseResourcesRequest, ReleaseResourcesResponse};
    /// use connector::model::RateLimitMode;
    /// use connector::{Integration, NoAuth, NoSettings, Response};
    ///
    /// type Request<P> = connector::Request<P, NoSettings, NoAuth>;
    ///
    /// async fn release_resources(
    ///     request: Request<ReleaseResourcesRequest>,
    /// ) -> connector::Result<Response<ReleaseResourcesResponse>> {
    ///     assert_eq!(request.rate_limit_mode(), RateLimitMode::Enforce);
    ///     Ok(ReleaseResourcesResponse::new(true).into())
    /// }
    ///
    /// let integration = Integration::builder("acme")
    ///     .register(ReleaseResources, release_resources)
    ///     .rate_limit_mode_of("release_resources", RateLimitMode::Enforce)
    ///     .build();
    /// # drop(integration);
    /// ```
    pub fn rate_limit_mode_of(self, name: &str, mode: RateLimitMode) -> Self {
        self.change(name, |registered| registered.rate_limit_mode = Some(mode))
    }

    fn change(mut self, name: &str, change: impl FnOnce(&mut Registered)) -> Self {
        let mut registered = self.integration.capabilities.iter_mut().chain(&mut self.built_in);
        match registered.find(|known| same_name(known.definition.name, name)) {
            Some(registered) => {
                change(registered);
                self
            }
            None => self.mistake(BuildError::NotRegistered(name.to_owned())),
        }
    }

    /// Adds a connector's own error codes to `info` and to its documentation.
    pub fn error_codes<T: ErrorCodes>(mut self) -> Self {
        self.integration.error_codes.extend_from_slice(T::DOCUMENTED);
        self
    }

    /// Sets whether errors of handlers are turned into responses. On by default.
    /// See [`try_dispatch`](crate::Integration::try_dispatch).
    pub const fn handle_errors(mut self, handle: bool) -> Self {
        self.integration.handle_errors = handle;
        self
    }

    /// Sets the wire format. The default is classic. `--wire` and `CONNECTOR_WIRE` override it.
    pub const fn wire(mut self, wire: Wire) -> Self {
        self.integration.wire = wire;
        self
    }

    /// Sets how long a handler may take. Unlimited by default. `--deadline` overrides it.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.integration.deadline = Some(deadline);
        self
    }

    /// Sets the default and the maximum number of items on a page. They are 100 and 10 000 by default.
    pub fn page_size(mut self, default: usize, max: usize) -> Self {
        self.integration.page_sizes = PageSizes { default, max };
        if default == 0 || default > max { self.mistake(BuildError::InvalidPageSize) } else { self }
    }

    /// Sets the connector's version, usually `env!("CARGO_PKG_VERSION")`. The default is `0.0.0`.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.integration.version = version.into();
        self
    }

    /// Sets the URL of the app's logo.
    pub fn logo_url(mut self, url: impl Into<String>) -> Self {
        self.integration.description.logo_url = Some(url.into());
        self
    }

    /// Sets the domain of the company that makes the app: `example.com`. Openapi format only.
    pub fn app_vendor_domain(mut self, domain: impl Into<String>) -> Self {
        self.integration.description.app_vendor_domain = Some(domain.into());
        self
    }

    /// Sets the app's display name.
    pub fn user_friendly_name(mut self, name: impl Into<String>) -> Self {
        self.integration.description.user_friendly_name = Some(name.into());
        self
    }

    /// Sets a description of the connector, for people.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.integration.description.description = Some(description.into());
        self
    }

    /// Sets the categories that the app is listed under.
    pub fn categories(mut self, categories: impl IntoIterator<Item = AppCategory>) -> Self {
        self.integration.description.categories.extend(categories);
        self
    }
}
