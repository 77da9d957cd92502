//! The built-in [`FulfillArbitraryEndpoint`](crate::capability::FulfillArbitraryEndpoint): passes a request of the caller
//! on to the upstream's API.
//!
//! A connector adds it with [`IntegrationBuilder::arbitrary_endpoint`](crate::IntegrationBuilder::arbitrary_endpoint). It
//! provides two things: an [`EndpointPolicy`], which lists what callers may do in addition to plain reads, and a function
//! that returns the [`Endpoint`] of a call, with the tenant's base URL and credentials.

mod fulfill;
mod policy;
pub(crate) mod retry_after;
pub(crate) mod target;

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
pub(crate) use fulfill::fulfill;
pub use policy::{EndpointPolicy, RateLimitReset};
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use zeroize::Zeroizing;

use crate::error::{ConnectorError, Result};

/// A `reqwest` client that neither follows redirects nor repeats requests.
///
/// Both would send credentials or requests where the policy doesn't allow them. Create one for all calls, usually in the
/// integration's [state](crate::IntegrationBuilder::state): a clone shares its connections.
#[derive(Clone, Debug)]
pub struct EndpointClient(reqwest::Client);

impl EndpointClient {
    /// Builds a client. The builder's redirect policy, retry policy and `Referer` option are replaced.
    ///
    /// Don't put credentials into its default headers: they belong to an [`Endpoint`]. Don't give it a cookie store: it would
    /// send the session of one tenant with the requests of another.
    ///
    /// # Errors
    /// If `reqwest` can't build the client, for example because there is no TLS backend.
    pub fn new(builder: reqwest::ClientBuilder) -> Result<Self> {
        let builder =
            builder.redirect(reqwest::redirect::Policy::none()).retry(reqwest::retry::never()).referer(false);
        Ok(Self(builder.build()?))
    }
}

/// Where a request goes, and with which credentials: the upstream's API, for one tenant.
pub struct Endpoint {
    client: EndpointClient,
    /// Its path ends with `/`.
    base: Url,
    headers: HeaderMap,
    /// What must not occur in a response.
    secrets: Vec<Zeroizing<String>>,
}

impl Endpoint {
    /// Creates the endpoint with this base URL, such as `https://api.acme.example/v2`. Requests can't leave its path. The
    /// base URL is shown to callers, so it must not contain a secret.
    ///
    /// # Errors
    /// `bad_request` if it isn't an absolute `http` or `https` URL, or if it has user info, a query or a fragment.
    pub fn new(client: &EndpointClient, base_url: &str) -> Result<Self> {
        Ok(Self {
            client: client.clone(),
            base: target::base(base_url).map_err(|reason| invalid("the base URL", reason))?,
            headers: HeaderMap::new(),
            secrets: Vec::new(),
        })
    }

    /// Adds a header to the request. Callers can't set it.
    ///
    /// # Errors
    /// `bad_request` if the name or the value isn't valid in HTTP.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self> {
        let (name, value) = header(name, value)?;
        self.headers.insert(name, value);
        Ok(self)
    }

    /// Adds a header whose value is a secret, such as an API key.
    ///
    /// # Errors
    /// `bad_request` if the name or the value isn't valid in HTTP.
    pub fn secret_header(self, name: &str, value: &str) -> Result<Self> {
        self.secret(name, value, [value])
    }

    /// Adds the header `Authorization: Bearer <token>`.
    ///
    /// # Errors
    /// `bad_request` if the token isn't valid in a header.
    pub fn bearer_auth(self, token: &str) -> Result<Self> {
        self.secret(AUTHORIZATION.as_str(), &Zeroizing::new(format!("Bearer {token}")), [token])
    }

    /// Adds the header `Authorization: Basic …`.
    ///
    /// # Errors
    /// Never: it has the signature of the other methods.
    pub fn basic_auth(self, username: &str, password: &str) -> Result<Self> {
        let pair = Zeroizing::new(format!("{username}:{password}"));
        let encoded = Zeroizing::new(BASE64_STANDARD.encode(pair.as_bytes()));
        let value = Zeroizing::new(format!("Basic {}", *encoded));
        self.secret(AUTHORIZATION.as_str(), &value, [password, encoded.as_str()])
    }

    fn secret<const N: usize>(mut self, name: &str, value: &str, secrets: [&str; N]) -> Result<Self> {
        let (name, mut value) = header(name, value)?;
        value.set_sensitive(true);
        self.headers.insert(name, value);
        self.secrets.extend(secrets.map(|secret| Zeroizing::new(secret.to_owned())));
        Ok(self)
    }
}

/// Shows the names of the headers, but not their values.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("base", &self.base.as_str())
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue)> {
    let Ok(header) = HeaderName::try_from(name) else {
        return Err(invalid("a header name", "it is not a valid HTTP header name"));
    };
    match HeaderValue::from_str(value) {
        Ok(value) => Ok((header, value)),
        Err(_) => Err(invalid(&format!("the header {header}"), "its value is not valid in HTTP")),
    }
}

fn invalid(what: &str, reason: &str) -> crate::error::Error {
    ConnectorError::bad_request(format!("{what} can't be used: {reason}")).into()
}
