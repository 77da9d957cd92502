//! The HTTP server of every connector.
//!
//! `POST /<capability>` takes the same request as [`dispatch`](crate::Integration::dispatch) and returns the same
//! response, in the integration's wire format. Hyphens and underscores in the name are equivalent. Other routes are
//! `GET` and `POST /info`, `GET /openapi.json` (the OpenAPI document), `/docs` (a page for trying the capabilities),
//! `/livez`, `/readyz` and `/metrics`.
//!
//! Malformed JSON returns 400 and an invalid request 422. Errors raised by a handler return 200 with an error body, as
//! the Python server does; [`status_from_error`](Server::status_from_error) maps them to HTTP statuses instead. A call
//! that takes too long returns 504, and 503 with `Retry-After` if there are too many. A request without exactly one
//! valid `Host` (RFC 9112, section 3.2) returns 400, and one whose head is larger than 32 KiB returns 431. Every
//! response is a JSON document in the wire format. If it belongs to no integration, the first one determines the
//! format. Input that isn't valid HTTP gets a bare status, and the connection is closed. Errors are always handled,
//! even if the integration's [`handle_errors`](crate::IntegrationBuilder::handle_errors) is off.
//!
//! The resources that a client can use are limited: see [`timeout`](Server::timeout),
//! [`memory_limit`](Server::memory_limit) and [`concurrency`](Server::concurrency). A client that receives less than 16
//! KiB of a response in 30 seconds, or in the timeout if that is shorter, is disconnected after its calls in progress
//! have ended.
//!
//! The server speaks HTTP/1.1 and, with the feature `http2`, HTTP/2 on the same port (with prior knowledge, without
//! TLS). A response of 1 KiB or more is compressed if the request's `Accept-Encoding` allows it. A request body may be
//! compressed with gzip, as declared in its `Content-Encoding`, or with Zstandard and Brotli if the features `zstd` and
//! `brotli` are enabled. An unknown coding returns 415.
//!
//! The type of a body must be JSON, otherwise the response is 415. It may be missing, but not if there is an `Origin`
//! header. That way, a page of another origin needs permission through [`cors`](Server::cors). JSON is UTF-8 (RFC 8259,
//! section 8.1), so any other charset returns 415 too. If a request has both `Content-Length` and chunks, the chunks
//! are used, and the connection is closed afterwards (RFC 9112, section 6.3).
//!
//! Every response has an `X-Request-Id`: the body's `request_id`, otherwise the request's `X-Request-Id`, otherwise a
//! generated one. Ids from outside are used only if they are at most 128 visible ASCII characters. The id is also in
//! the access log and in the span `connector::request`, which contains everything that a handler logs. None of them
//! ever contains a secret of the request, not even as an id.
//!
//! If a client disconnects, its call is cancelled: an async handler ends at its next await, a blocking one runs to its
//! end.

mod access_log;
mod admission;
mod app;
mod budget;
mod compression;
mod connection;
mod cors;
mod decompression;
mod docs;
mod etag;
mod head;
mod host;
mod listen;
mod media_type;
mod metrics;
mod offload;
mod openapi;
mod path;
mod progress;
mod request_body;
mod response;
mod routes;
mod slow_client;
mod token;
#[cfg(feature = "otlp")]
mod traceparent;
mod verdict;

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use zeroize::Zeroizing;

use app::{App, Shared};
pub use cors::{InvalidOrigin, Origin};
pub use host::{HostName, InvalidHostName};
use listen::Times;
use openapi::Document;
use routes::Apps;

use crate::document::Served;
use crate::integration::Integration;
use crate::scrub::Watch;
use crate::secret::Secret;

/// How long a client may receive nothing of a response, unless the server's timeout is shorter.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// A server for one or several integrations.
///
/// ```no_run
/// # async fn example(integration: connector::Integration) -> std::io::Result<()> {
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// connector::server::Server::new(integration).serve(listener, std::future::pending()).await
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub struct Server {
    integrations: Vec<Integration>,
    prefixed: bool,
    options: Options,
    token: Option<Secret>,
    origins: Vec<Origin>,
    hosts: Vec<HostName>,
    head_timeout: Duration,
    grace: Duration,
}

/// The options that apply to all integrations of a server.
#[derive(Clone, Debug)]
struct Options {
    body_limit: usize,
    timeout: Duration,
    concurrency: usize,
    queue: usize,
    memory: usize,
    connections: usize,
    status_from_error: bool,
    access_log: bool,
    program: Option<String>,
}

impl Server {
    pub(crate) const GRACE: Duration = Duration::from_secs(25);

    /// Creates a server for one integration. Its capabilities are directly below the root.
    pub fn new(integration: Integration) -> Self {
        Self {
            integrations: vec![integration],
            prefixed: false,
            options: Options {
                body_limit: 32 << 20,
                timeout: Duration::from_secs(300),
                concurrency: 256,
                queue: 1024,
                memory: 256 << 20,
                connections: 4096,
                status_from_error: false,
                access_log: true,
                program: None,
            },
            token: None,
            origins: Vec::new(),
            hosts: Vec::new(),
            head_timeout: Duration::from_secs(15),
            grace: Self::GRACE,
        }
    }

    /// Creates a server for several integrations, each below `/<app_id>`. Hyphens and underscores in a path are
    /// equivalent.
    pub fn several(integrations: impl IntoIterator<Item = Integration>) -> Self {
        let mut all = integrations.into_iter();
        let mut server = match all.next() {
            Some(first) => Self::new(first),
            None => Self { integrations: Vec::new(), ..Self::new(Integration::builder("none").build()) },
        };
        server.integrations.extend(all);
        server.prefixed = true;
        server
    }

    /// Puts the capabilities below `/<app_id>` even if there is only one integration.
    pub const fn prefix_app_id(mut self, prefixed: bool) -> Self {
        self.prefixed = prefixed;
        self
    }

    /// Sets the maximum size of a request body, in bytes. The default is 32 MiB. Larger bodies return 413. The limit
    /// applies to compressed bodies both before and after decompression.
    pub const fn body_limit(mut self, bytes: usize) -> Self {
        self.options.body_limit = bytes;
        self
    }

    /// Sets the time limit for receiving a request body (otherwise 408), and then for responding to the call (otherwise
    /// 504), including its time in the queue (503 if it never left the queue). The default is 5 minutes. An integration
    /// with a shorter deadline keeps it.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = timeout;
        self
    }

    /// Sets how many calls run concurrently and how many may wait in the queue. The defaults are 256 and 1024. Further
    /// calls return 503 with `Retry-After`.
    pub const fn concurrency(mut self, at_once: usize, waiting: usize) -> Self {
        self.options.concurrency = at_once;
        self.options.queue = waiting;
        self
    }

    /// Sets the maximum total size, in bytes, of all request and response bodies in progress. The default is 256 MiB. A
    /// request that doesn't fit returns 503 with `Retry-After`. A response counts until its client has received it. The
    /// response of a write is always sent.
    pub const fn memory_limit(mut self, bytes: usize) -> Self {
        self.options.memory = bytes;
        self
    }

    /// Sets the maximum number of concurrent connections for [`serve`](Self::serve). The default is 4096. Further
    /// connections wait in the kernel. Each may hold up to 64 KiB of an incomplete head.
    pub const fn connections(mut self, at_once: usize) -> Self {
        self.options.connections = at_once;
        self
    }

    /// Sets whether errors of the connector determine the HTTP status, instead of 200: 400 for `bad_request` and other
    /// invalid requests, 401 for `unauthorized`, 403 for `permission_denied`, 404 for `not_found`, 501 for
    /// `not_implemented` and `unsupported_operation`, 502 for `api_error`, and 500 otherwise.
    pub const fn status_from_error(mut self, on: bool) -> Self {
        self.options.status_from_error = on;
        self
    }

    /// Sets whether each request is logged, at level info with the target `connector::access`. On by default. Requests
    /// for the server's own paths (`/docs`, `openapi.json`, `/livez`, `/readyz`, `/metrics`) are logged only if they
    /// are rejected.
    pub const fn access_log(mut self, on: bool) -> Self {
        self.options.access_log = on;
        self
    }

    /// Sets the name of the program, for the OpenAPI document. The default is the app's id followed by `-connector`.
    pub fn program(mut self, name: impl Into<String>) -> Self {
        self.options.program = Some(name.into());
        self
    }

    /// Sets the bearer token (RFC 6750) that every request must carry, except for `/livez`, `/readyz` and the files of
    /// `/docs`. None by default. Requests without the token return 401.
    pub fn token(mut self, token: Secret) -> Self {
        self.token = Some(token);
        self
    }

    /// Sets the origins whose pages may read responses (CORS). None by default. Preflight requests are answered, the
    /// headers `Authorization` and `Content-Type` are allowed, and `X-Partial` and `X-Request-Id` are exposed. Cookies
    /// and other credentials that a browser adds by itself are never allowed.
    ///
    /// [`Origin::ANY`] without a [`token`](Self::token) lets every page that is open on this machine call the server.
    pub fn cors(mut self, origins: impl IntoIterator<Item = Origin>) -> Self {
        self.origins.extend(origins);
        self
    }

    /// Sets the hosts that [`serve`](Self::serve) accepts in addition to `localhost` and loopback addresses: those in
    /// the URL of a reverse proxy that passes on its clients' `Host`. None by default. Then every `Host` is accepted,
    /// except on a loopback address. Other hosts return 421, except for `/livez` and `/readyz`.
    ///
    /// Allow only names that you control. A page whose host is allowed can call a server that doesn't require a token.
    pub fn allow_hosts(mut self, hosts: impl IntoIterator<Item = HostName>) -> Self {
        self.hosts.extend(hosts);
        self
    }

    /// Sets how long a client may take to send the head of a request, and how long a connection may idle between
    /// requests. The default is 15 s. The connection is then closed without a response. A client of HTTP/2 is pinged
    /// instead after being silent for this long.
    pub const fn head_timeout(mut self, timeout: Duration) -> Self {
        self.head_timeout = timeout;
        self
    }

    /// Sets how long calls in progress may take once the shutdown has started. The default is 25 s. An incomplete
    /// request gets one second, an idle connection half a second.
    pub const fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Converts the server to a router that you can nest into your own.
    ///
    /// The router includes neither the checks of request heads that [`serve`](Self::serve) performs nor the time limit
    /// for receiving a response.
    pub fn into_router(mut self) -> Router {
        let origins = std::mem::take(&mut self.origins);
        Router::new().fallback_service(routes::service(Arc::new(self.into_apps()), origins))
    }

    fn into_apps(self) -> Apps {
        let Self { integrations, prefixed, options, token, .. } = self;
        let served = Served {
            status_from_error: options.status_from_error,
            requires_token: token.is_some(),
            prefixed,
            program: options.program.clone(),
        };
        let shared = Arc::new(Shared::new(options));
        let app = |integration| App::new(integration, Arc::clone(&shared), Document::new(served.clone()));
        let apps: Vec<App> = integrations.into_iter().map(app).collect();
        let sole = apps.first().filter(|_| !prefixed).map_or("", |app| app.integration.app_id());
        let unrouted = shared.metrics.capability(sole, metrics::UNKNOWN);
        let token = token.map(Arc::new);
        let watch = token
            .clone()
            .map(|token| Watch::call(0, || move || vec![Zeroizing::new(token.expose().clone())]));
        Apps { apps, prefixed, token, _token_is_scrubbed: watch, head_check: None, unrouted, shared }
    }

    /// Serves until `shutdown` completes, then finishes the calls in progress and returns.
    ///
    /// A request must name one host (RFC 9112, section 3.2; RFC 9113, section 8.3.1), otherwise it returns 400. On a
    /// loopback address, the host must be this machine or one of the [allowed hosts](Self::allow_hosts), otherwise it
    /// returns 421. This protects against pages on the internet whose name resolves to this machine (DNS rebinding).
    /// `/livez` and `/readyz` accept any host.
    ///
    /// # Errors
    /// If the address of the listener can't be determined.
    pub async fn serve(
        mut self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let times = Times {
            head: self.head_timeout,
            write: self.options.timeout.min(WRITE_TIMEOUT),
            grace: self.grace,
        };
        let connections = self.options.connections;
        let is_loopback = listener.local_addr()?.ip().is_loopback();
        let origins = std::mem::take(&mut self.origins);
        let hosts = std::mem::take(&mut self.hosts);
        let mut apps = self.into_apps();
        let allowed = (is_loopback || !hosts.is_empty()).then_some(hosts);
        apps.head_check = Some(head::Check { allowed });
        let stalled = apps.shared.metrics.stalled_clients.clone();
        let service = routes::service(Arc::new(apps), origins);
        listen::serve(listener, service, stalled, shutdown, connections, times).await;
        Ok(())
    }
}
