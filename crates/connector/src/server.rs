//! The HTTP server that every connector gets.
//!
//! `POST /<capability>` takes what [`dispatch`](crate::Integration::dispatch) takes and answers what it answers, in
//! the integration's wire format; hyphens and underscores are the same. `GET` and `POST /info`, `GET /openapi.json`
//! (the OpenAPI document of all this), `/docs` (a page to try it on), `/livez`, `/readyz` and `/metrics` are there
//! besides.
//!
//! Malformed JSON returns 400 and an invalid request 422. Errors raised by a handler return 200 with an error body, as
//! the Python server does; [`status_from_error`](Server::status_from_error) maps them to HTTP statuses instead. A call
//! that takes too long is 504, and one too many 503 with `Retry-After`. A request that does not name its host in one
//! valid `Host` (RFC 9112, section 3.2) is 400, and one whose head is larger than 32 KiB 431. Every answer carries a JSON
//! document in the wire format, that of the first integration if it belongs to no other. Input that is not valid HTTP
//! gets a bare status and the connection is closed. Errors are always handled, even if the integration's
//! [`handle_errors`](crate::IntegrationBuilder::handle_errors) is off.
//!
//! What a client can take of the server is bounded: see [`timeout`](Server::timeout),
//! [`memory_limit`](Server::memory_limit) and [`concurrency`](Server::concurrency). A client that takes less than 16 KiB
//! of an answer in 30 seconds, or in the timeout if that is shorter, is disconnected once the calls that it has under way
//! have ended.
//!
//! HTTP/1.1 is spoken, and on the same port HTTP/2 (by prior knowledge, without TLS) with the feature `http2`. An answer
//! of 1 KiB or more is compressed if the request's `Accept-Encoding` asks for it, and a request's body may be
//! compressed, as its `Content-Encoding` says: with gzip, and with zstd and Brotli if the features `zstd` and `brotli`
//! are on. An unknown coding is 415.
//!
//! A body must be of a JSON type (else 415), or of none if no page in a browser sends it: what has an `Origin` has to
//! have a type, so that a page of another origin needs the leave that [`cors`](Server::cors) gives. JSON is UTF-8
//! (RFC 8259, section 8.1): any other charset is 415 as well. A request with both `Content-Length` and chunks is read by
//! its chunks, and its connection closed (RFC 9112, section 6.3).
//!
//! Every answer has an `X-Request-Id`: the `request_id` of the body, else the request's own `X-Request-Id`, else one
//! that is made; from outside only up to 128 visible ASCII characters are taken. The access log and the span
//! `connector::request`, which all that a handler logs belongs to, have it as well. No secret of the request is shown
//! in any of them, not even as an id.
//!
//! A client that goes away cancels its call: an async handler ends at its next await, a blocking one runs to its end.

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

/// How long a client may take nothing of an answer, unless the server's timeout is shorter.
const WRITE: Duration = Duration::from_secs(30);

/// A server of one or several integrations.
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

/// What every integration of a server is served with.
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

    /// Serves one integration, its capabilities right below the root.
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

    /// Serves several integrations, each below `/<app_id>`; in a path hyphens and underscores are the same.
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

    /// Puts the capabilities below `/<app_id>` even if there is one integration only.
    pub const fn prefix_app_id(mut self, prefixed: bool) -> Self {
        self.prefixed = prefixed;
        self
    }

    /// The largest body that is read, in bytes; 32 MiB by default. A larger one is 413. A compressed body has the same
    /// limit once more when it is decompressed.
    pub const fn body_limit(mut self, bytes: usize) -> Self {
        self.options.body_limit = bytes;
        self
    }

    /// How long a body may take to arrive (else 408), and then the call to be answered (else 504), including its time in
    /// the queue (503 if it never got its turn); 5 minutes by default. An integration with a shorter deadline keeps it.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = timeout;
        self
    }

    /// How many calls run at once, and how many may wait for one of them to end; 256 and 1024 by default. One more
    /// is 503 with `Retry-After`.
    pub const fn concurrency(mut self, at_once: usize, waiting: usize) -> Self {
        self.options.concurrency = at_once;
        self.options.queue = waiting;
        self
    }

    /// How many bytes the bodies of all requests and answers under way may take together; 256 MiB by default. A request
    /// for which there is no room gets 503 with `Retry-After`. An answer is under way until its client has taken it.
    /// The answer of a write is always sent.
    pub const fn memory_limit(mut self, bytes: usize) -> Self {
        self.options.memory = bytes;
        self
    }

    /// How many connections [`serve`](Self::serve) has at once; 4096 by default. Further ones wait in the kernel until
    /// one is closed. One may hold up to 64 KiB of a head that is not complete.
    pub const fn connections(mut self, at_once: usize) -> Self {
        self.options.connections = at_once;
        self
    }

    /// Gives an error of the connector the status of its class instead of 200: 400 `bad_request` and other faults of
    /// the request, 401 `unauthorized`, 403 `permission_denied`, 404 `not_found`, 501 `not_implemented` and
    /// `unsupported_operation`, 502 `api_error`, 500 all else.
    pub const fn status_from_error(mut self, on: bool) -> Self {
        self.options.status_from_error = on;
        self
    }

    /// Whether each request is logged, at level info with the target `connector::access`; on by default. What the
    /// server tells of itself is not (`/docs`, `openapi.json`, `/livez`, `/readyz`, `/metrics`), unless it is refused.
    pub const fn access_log(mut self, on: bool) -> Self {
        self.options.access_log = on;
        self
    }

    /// The name of the program, for the OpenAPI document; by default the app's id, with `-connector` behind it.
    pub fn program(mut self, name: impl Into<String>) -> Self {
        self.options.program = Some(name.into());
        self
    }

    /// The bearer token (RFC 6750) that every request but those to `/livez`, `/readyz` and the files of `/docs` has to
    /// carry; none by default. Anything else is 401.
    pub fn token(mut self, token: Secret) -> Self {
        self.token = Some(token);
        self
    }

    /// Pages of which origins may read answers (CORS); none by default. Preflights are answered, the headers
    /// `Authorization` and `Content-Type` are allowed, `X-Partial` and `X-Request-Id` exposed; cookies and other
    /// credentials that a browser adds by itself never are allowed.
    ///
    /// [`Origin::ANY`] without a [`token`](Self::token) lets each page that someone on this machine opens call this
    /// server.
    pub fn cors(mut self, origins: impl IntoIterator<Item = Origin>) -> Self {
        self.origins.extend(origins);
        self
    }

    /// The hosts that [`serve`](Self::serve) answers to, besides `localhost` and loopback addresses: those in the
    /// address of a reverse proxy that passes the `Host` of its clients on. None by default. Then every `Host` is answered
    /// to, except on a loopback address. Any other host is 421, except for `/livez` and `/readyz`.
    ///
    /// Allow only names that you control. A page whose name is allowed can call a server that asks for no token.
    pub fn allow_hosts(mut self, hosts: impl IntoIterator<Item = HostName>) -> Self {
        self.hosts.extend(hosts);
        self
    }

    /// How long a client may take to send the head of a request, and how long a connection may idle until the next;
    /// 15 s by default. Such a connection is closed without an answer. A client of HTTP/2 is asked for a sign of life
    /// instead when it is silent for so long.
    pub const fn head_timeout(mut self, timeout: Duration) -> Self {
        self.head_timeout = timeout;
        self
    }

    /// How long calls that are under way may take after the shutdown began; 25 s by default. Half a request that has
    /// arrived by then gets one second, an idle connection half of one.
    pub const fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// The routes, to nest into a router of one's own.
    ///
    /// The checks of a request's head that [`serve`](Self::serve) makes are not among them, nor is the time limit for
    /// taking an answer.
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

    /// Serves until `shutdown` is ready, then finishes what is under way and returns.
    ///
    /// A request must name one host (RFC 9112, section 3.2; RFC 9113, section 8.3.1), else it gets 400. On a loopback
    /// address that must be this machine or one of the [allowed hosts](Self::allow_hosts): a page on the internet whose
    /// name is made to point here (DNS rebinding) gets 421. `/livez` and `/readyz` answer to any host.
    ///
    /// # Errors
    /// If the listener has no address.
    pub async fn serve(
        mut self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let times =
            Times { head: self.head_timeout, write: self.options.timeout.min(WRITE), grace: self.grace };
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
