//! [`Client`]: the connections that all calls share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Certificate, Identity, Proxy};

use super::retry::Budget;
use super::upstream::Upstream;
use crate::error::{ConnectorError, Error, Result};
use crate::request::Request;

/// The connections to an upstream. Create one for the whole connector and put it into its
/// [state](crate::IntegrationBuilder::state). Clones share the connections.
#[derive(Clone)]
pub struct Client {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    /// The client, or why there is none: a connector without one can still describe itself.
    pub(super) http: Result<reqwest::Client, ConnectorError>,
    pub(super) timeout: Duration,
    pub(super) max_body: usize,
    pub(super) retries: u32,
    pub(super) budget: Budget,
}

impl Client {
    /// Starts to configure a client.
    #[must_use]
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Returns the upstream for one call of a capability, without credentials. Its calls must end within the time that
    /// `request` has left, and are repeated as its effect and its rate limit mode allow.
    ///
    /// `base_url` is the address of the API, such as `https://api.acme.example/v2`.
    ///
    /// # Errors
    /// `bad_request` if `base_url` isn't an absolute `http` or `https` URL, or has user info, a query or a fragment;
    /// `internal_error` if the client's options are invalid.
    pub fn upstream<P, S, A, State>(
        &self,
        request: &Request<P, S, A, State>,
        base_url: &str,
    ) -> Result<Upstream> {
        Upstream::new(self, request, base_url)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("timeout", &self.shared.timeout).finish_non_exhaustive()
    }
}

/// Configures a [`Client`].
#[derive(Debug)]
pub struct ClientBuilder {
    http: reqwest::ClientBuilder,
    mistake: Option<&'static str>,
    timeout: Duration,
    max_body: usize,
    retries: u32,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        // This fails if the program has already chosen a cryptography provider, which is then used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .user_agent(concat!("lumos-connector/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10))
            // A redirect must not decide where the credentials go, and a retry not what is repeated.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false);
        Self { http, mistake: None, timeout: Duration::from_secs(60), max_body: 32 << 20, retries: 3 }
    }
}

impl ClientBuilder {
    /// Sets the header `User-Agent`. By default, it names the SDK.
    #[must_use]
    pub fn user_agent(mut self, user_agent: &str) -> Self {
        self.http = self.http.user_agent(user_agent);
        self
    }

    /// Limits the time of one attempt, with its body. Default: 60 seconds.
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Limits how long a response may pause. By default, only [`timeout`](Self::timeout) limits it.
    #[must_use]
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.http = self.http.read_timeout(timeout);
        self
    }

    /// Limits the time to connect. Default: 10 seconds.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http = self.http.connect_timeout(timeout);
        self
    }

    /// Trusts these root certificates too, in PEM.
    #[must_use]
    pub fn root_certificates(mut self, pem: &[u8]) -> Self {
        match Certificate::from_pem_bundle(pem) {
            Ok(certificates) => self.http = self.http.tls_certs_merge(certificates),
            Err(_) => self.mistake = Some("the root certificates are not valid PEM"),
        }
        self
    }

    /// Shows this certificate to the upstream: a private key and its certificates, in PEM.
    #[must_use]
    pub fn identity(mut self, pem: &[u8]) -> Self {
        match Identity::from_pem(pem) {
            Ok(identity) => self.http = self.http.identity(identity),
            Err(_) => self.mistake = Some("the client certificate is not valid PEM"),
        }
        self
    }

    /// Sends all calls through this proxy. By default, the variables `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` apply.
    #[must_use]
    pub fn proxy(mut self, url: &str) -> Self {
        match Proxy::all(url) {
            Ok(proxy) => self.http = self.http.proxy(proxy),
            Err(_) => self.mistake = Some("the proxy's URL is not valid"),
        }
        self
    }

    /// Ignores the variables for proxies.
    #[must_use]
    pub fn no_proxy(mut self) -> Self {
        self.http = self.http.no_proxy();
        self
    }

    /// Limits the size of a response, in bytes after decompression. Default: 32 MiB.
    #[must_use]
    pub const fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Sets how often a call is repeated at most. Default: 3.
    #[must_use]
    pub const fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Builds the client. If an option is invalid, each call reports it as `internal_error`.
    #[must_use]
    pub fn build(self) -> Client {
        let http = match self.mistake {
            Some(mistake) => Err(ConnectorError::internal_error(format!("the HTTP client: {mistake}"))),
            None => self.http.build().map_err(|error| {
                let error = Error::from(error.without_url());
                ConnectorError::internal_error(format!("cannot build an HTTP client: {error}"))
            }),
        };
        let Self { timeout, max_body, retries, .. } = self;
        Client { shared: Arc::new(Shared { http, timeout, max_body, retries, budget: Budget::default() }) }
    }
}
