//! Accepts, serves and closes connections.

use std::convert::Infallible;
use std::fmt::Display;
use std::future::Future;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use axum::BoxError;
use axum::body::{Body, HttpBody};
use axum::http::{HeaderValue, Request, Version, header};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::rt::{Read, Write};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use prometheus_client::metrics::counter::Counter;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::Service;

use super::connection::Connection;
use super::slow_client::{Limits, Stream};
use crate::scrub::unscrubbed;

/// How long to wait after accepting a connection has failed, for example because of too many open files.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);

/// The kernel's send buffer for each client. By default it grows to several megabytes, which count as the container's
/// memory but not towards the memory limit.
const SEND_BUFFER: usize = 256 << 10;

/// How much of it may be unsent.
#[cfg(any(target_os = "linux", target_os = "android"))]
const UNSENT: u32 = 32 << 10;

/// How long an idle connection stays open once the server stops, because a proxy may have just sent a call on it. A
/// client that has sent part of a request gets twice as long for the rest.
const IDLE_GRACE: Duration = Duration::from_millis(500);

/// The buffer size of a connection, and so the maximum size of a head that can be read. It must be larger than heads
/// that are rejected with 431.
const BUFFER: usize = 2 * super::head::LIMIT;

/// The time limits of connections.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    /// For the head of a request to arrive, once the server waits for it.
    pub(super) head: Duration,
    /// For the client to receive something of a response.
    pub(super) write: Duration,
    /// For calls in progress when the server stops.
    pub(super) grace: Duration,
}

/// Serves until `shutdown` completes, then waits for the calls in progress. `connections` is the maximum number of
/// concurrent connections. `stalled` counts clients that don't receive their responses.
pub(super) async fn serve<S>(
    listener: TcpListener,
    service: S,
    stalled: Counter,
    shutdown: impl Future<Output = ()>,
    connections: usize,
    times: Times,
) where
    S: Service<Request<Body>, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    let places = Arc::new(Semaphore::new(connections.min(Semaphore::MAX_PERMITS)));
    let stopping = watch::Sender::new(false);
    let mut shutdown = std::pin::pin!(shutdown);
    let begin = |stream: TcpStream, place| {
        let connection = Arc::new(Connection::default());
        let served = serve_connection(stream, service.clone(), Arc::clone(&connection), times);
        let (stalled, stopping) = (stalled.clone(), stopping.subscribe());
        tokio::spawn(async move {
            run(served, &connection, stopping).await;
            if connection.is_stalled() {
                stalled.inc();
                unscrubbed(|| {
                    tracing::warn!(limit = ?times.write, "a client did not read its response and was disconnected");
                });
            }
            drop(place);
        });
    };
    loop {
        // Connections beyond the limit wait in the kernel.
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut shutdown => break,
        };
        match accepted {
            Ok((stream, _)) => begin(stream, place.ok()),
            Err(error) => {
                unscrubbed(|| tracing::warn!("cannot accept a connection: {error}"));
                tokio::time::sleep(ACCEPT_RETRY).await;
            }
        }
    }
    for stream in accepted_by_kernel(listener) {
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { break };
        begin(stream, Some(place));
    }
    stopping.send_replace(true);
    // Every connection holds a receiver until it is closed.
    if tokio::time::timeout(times.grace, stopping.closed()).await.is_err() {
        unscrubbed(|| tracing::warn!(grace = ?times.grace, "abandoning calls that did not end in time"));
    }
}

/// Returns the connections that the kernel has already accepted for `listener`. Their clients may have sent calls,
/// which would be lost.
fn accepted_by_kernel(listener: TcpListener) -> impl Iterator<Item = TcpStream> {
    let listener = listener.into_std().ok();
    std::iter::from_fn(move || {
        loop {
            match listener.as_ref()?.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(true).ok()?;
                    return TcpStream::from_std(stream).ok();
                }
                // This client has disconnected, but there may be others.
                Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
                Err(_) => return None,
            }
        }
    })
}

/// Runs a connection to its end. When the server stops or the client is abandoned, it accepts no more requests.
async fn run(
    served: impl GracefulConnection<Error: Display + Send>,
    connection: &Connection,
    mut stopping: watch::Receiver<bool>,
) {
    let mut served = std::pin::pin!(served);
    let ended = tokio::select! {
        ended = &mut served => Some(ended),
        // An error means that the server is gone, and with it the grace period.
        _ = stopping.wait_for(|stopping| *stopping) => None,
        () = connection.stalled.notified() => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            connection.end();
            // The library closes an idle connection immediately, even if a call has arrived but hasn't been read.
            let rest = if connection.is_busy() { Duration::ZERO } else { IDLE_GRACE };
            match tokio::time::timeout(rest, &mut served).await {
                Ok(ended) => ended,
                Err(_) => {
                    served.as_mut().graceful_shutdown();
                    tokio::select! {
                        ended = &mut served => ended,
                        () = until_idle(connection) => return,
                    }
                }
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!("a connection ended early: {error}");
    }
}

/// Completes when `connection` has no call in progress: the client is idle or has sent only part of a request.
async fn until_idle(connection: &Connection) {
    loop {
        tokio::time::sleep(IDLE_GRACE).await;
        if !connection.is_busy() {
            return;
        }
    }
}

fn serve_connection<S>(
    stream: TcpStream,
    service: S,
    connection: Arc<Connection>,
    times: Times,
) -> impl GracefulConnection<Error: Display + Send> + Send
where
    S: Service<Request<Body>, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    // Responses are written in one piece, so waiting for more data would only delay them.
    let _ = stream.set_nodelay(true);
    let socket = SockRef::from(&stream);
    let _ = socket.set_send_buffer_size(SEND_BUFFER);
    // Otherwise, a slow client would appear to receive nothing for long, then much at once.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = socket.set_tcp_notsent_lowat(UNSENT);
    let stream =
        Stream::new(stream, Arc::clone(&connection), Limits { begin: times.head, write: times.write });
    let counting = service_fn(move |request: Request<Incoming>| {
        let connection = Arc::clone(&connection);
        let is_http2 = request.version() == Version::HTTP_2;
        let counted = connection.request();
        let response = service.clone().call(request.map(|body| Body::new(connection.arriving(body))));
        async move {
            let Ok(response) = response.await;
            let mut response = response.map(|body| connection.answer(body, is_http2));
            if connection.is_ending() && !is_http2 {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            drop(counted);
            Ok::<_, Infallible>(response)
        }
    });
    protocol(TokioIo::new(stream), counting, times.head)
}

/// Serves a connection over HTTP/1.1, or over HTTP/2 if that is enabled and the client starts with it.
fn protocol<I, S, B>(
    stream: I,
    service: S,
    head: Duration,
) -> impl GracefulConnection<Error: Display + Send> + Send
where
    I: Read + Write + Unpin + Send + 'static,
    S: hyper::service::Service<
            Request<Incoming>,
            Response = axum::http::Response<B>,
            Error = Infallible,
            Future: Send,
        > + Send
        + 'static,
    B: HttpBody<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    #[cfg(feature = "http2")]
    {
        let mut builder = hyper_util::server::conn::auto::Builder::new(hyper_util::rt::TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(head).max_buf_size(BUFFER);
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(head)
            .keep_alive_timeout(head)
            .max_header_list_size(BUFFER as u32);
        builder.serve_connection(stream, service).into_owned()
    }
    #[cfg(not(feature = "http2"))]
    {
        let mut builder = hyper::server::conn::http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(head).max_buf_size(BUFFER);
        builder.serve_connection(stream, service)
    }
}
