//! Adds the built-in `fulfill_arbitrary_endpoint` to an integration.

use std::future::Future;
use std::sync::Arc;

use tokio::time::Instant;

use super::BuildError;
use super::builder::IntegrationBuilder;
use super::handler::{Definition, Typed};
use super::invoke::Async;
use crate::auth::{Auth, Settings, WithCredentials};
use crate::capability::{FulfillArbitraryEndpoint, FulfillArbitraryEndpointRequest};
use crate::endpoint::{Endpoint, EndpointPolicy, fulfill};
use crate::error::{self, Result};
use crate::request::Request;
use crate::response::Response;
use crate::wire::{Wire, WireCapability as _};

impl<S: Settings, A: Auth, State: Send + Sync + 'static> IntegrationBuilder<S, A, State> {
    /// Adds the built-in [`FulfillArbitraryEndpoint`], which passes requests on to the upstream's API. Openapi format
    /// only, with the feature `client`.
    ///
    /// `connect` is called for each request. It returns the base URL and the credentials for the upstream.
    ///
    /// - Callers can `GET` every path below the base URL, and whatever else `policy` allows. A URL that leaves it in any
    ///   way is rejected, as is a header that the policy doesn't list. A rejected request returns `ok: false` and an
    ///   `error` with the reason, and nothing is sent.
    /// - Redirects aren't followed and requests aren't repeated. Every status is a response, with `ok: false` if it isn't
    ///   2xx. Only 401 is an error, `unauthorized`, so that the platform renews the credentials.
    /// - If the upstream can't be reached, doesn't respond in time or returns too large a body, the response has
    ///   `ok: false` and an `error`.
    /// - Some upstreams repeat a request's headers in their response. The endpoint's secrets are removed from the body
    ///   and the headers in all usual encodings, if they have at least 8 characters. `Set-Cookie` is removed too.
    ///
    /// ```
    /// use connector::capability::FulfillArbitraryEndpointRequest;
    /// use connector::endpoint::{Endpoint, EndpointClient, EndpointPolicy};
    /// use connector::model::OAuthCredentials;
    /// use connector::{Integration, NoSettings, Result, Wire};
    ///
    /// type Request<P> = connector::Request<P, NoSettings, OAuthCredentials, EndpointClient>;
    ///
    /// async fn endpoint(request: Request<FulfillArbitraryEndpointRequest>) -> Result<Endpoint> {
    ///     Endpoint::new(&request.state, "https://api.acme.example/v2")?.bearer_auth(request.auth.access_token.expose())
    /// }
    ///
    /// fn integration(client: EndpointClient) -> Integration {
    ///     let policy = EndpointPolicy::new().post("/search", "application/json").header("If-None-Match");
    ///     Integration::builder("acme")
    ///         .wire(Wire::OpenApi)
    ///         .auth::<OAuthCredentials>()
    ///         .state(client)
    ///         .arbitrary_endpoint(policy, endpoint)
    ///         .build()
    /// }
    /// # let _ = integration;
    /// ```
    pub fn arbitrary_endpoint<F, Fut>(mut self, policy: EndpointPolicy, connect: F) -> Self
    where
        F: Fn(Request<FulfillArbitraryEndpointRequest, S, A, State>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Endpoint>> + Send + 'static,
    {
        if let Some(mistake) = policy.mistake() {
            self = self.mistake(BuildError::InvalidEndpointPolicy(mistake));
        }
        let raised_in = error::handler_path(std::any::type_name::<F>());
        let policy = Arc::new(policy);
        let handler = Async(move |request: Request<FulfillArbitraryEndpointRequest, S, A, State>| {
            let (payload, until) = (request.request.clone(), request.until);
            let (connecting, policy) = (connect(request), Arc::clone(&policy));
            async move {
                let endpoint = connecting.await?;
                let remaining = until.map(|until| until.saturating_duration_since(Instant::now()));
                fulfill(&endpoint, &policy, payload, remaining).await.map(Response::new)
            }
        });
        let typed = Typed::<FulfillArbitraryEndpointRequest, _, _, S, A, State, _>::standard(
            handler,
            Arc::clone(&self.state),
            FulfillArbitraryEndpoint::codec,
            Wire::credentials::<WithCredentials, A>,
        );
        self.push(Definition::standard::<FulfillArbitraryEndpoint>(), raised_in, Arc::new(typed))
    }
}
