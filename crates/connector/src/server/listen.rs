//! Connections: accepted, served, and closed.

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

/// How long to wait after a connection could not be accepted, for lack of file descriptors for instance.
const RECOVER: Duration = Duration::from_millis(100);

/// How much of an answer the kernel holds for a client. By default that grows to some megabytes, which count as memory
/// of the container and not towards the memory limit.
const SEND_BUFFER: usize = 256 << 10;

/// How much of it the kernel holds that it cannot send yet.
#[cfg(any(target_os = "linux", target_os = "android"))]
const UNSENT: u32 = 32 << 10;

/// How long an idle connection stays open once the server stops: a proxy may have sent a call on it by then. A client
/// that has sent half a request gets twice as long for the rest of it.
const REST: Duration = Duration::from_millis(500);

/// How much of a connection is buffered, and so how large a head may be to be read at all: larger than what is answered
/// with 431.
const BUFFER: usize = 2 * super::head::LIMIT;

/// How connections are served.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    /// For the head of a request to arrive, from the moment that the server waits for it.
    pub(super) head: Duration,
    /// For something of an answer to be taken.
    pub(super) write: Duration,
    /// For what is under way when the server stops.
    pub(super) grace: Duration,
}

/// Serves until `shutdown` is ready, then lets what is under way end. `connections` limits how many there are at once;
/// clients that do not take their answers are counted in `stalled`.
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
                    tracing::warn!(limit = ?times.write, "a client did not take its answer and was disconnected");
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
                tokio::time::sleep(RECOVER).await;
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
        unscrubbed(|| tracing::warn!(grace = ?times.grace, "calls that did not end in time are given up"));
    }
}

/// The connections that the kernel has accepted for `listener` by now. Their clients may have sent calls already, which
/// would be lost.
fn accepted_by_kernel(listener: TcpListener) -> impl Iterator<Item = TcpStream> {
    let listener = listener.into_std().ok();
    std::iter::from_fn(move || {
        loop {
            match listener.as_ref()?.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(true).ok()?;
                    return TcpStream::from_std(stream).ok();
                }
                // This client has left; others may be behind it.
                Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
                Err(_) => return None,
            }
        }
    })
}

/// Runs a connection to its end. It takes no more requests when the server stops, or when its client is given up.
async fn run(
    served: impl GracefulConnection<Error: Display + Send>,
    connection: &Connection,
    mut stopping: watch::Receiver<bool>,
) {
    let mut served = std::pin::pin!(served);
    let ended = tokio::select! {
        ended = &mut served => Some(ended),
        // If the server is gone, so is its grace.
        _ = stopping.wait_for(|stopping| *stopping) => None,
        () = connection.stalled.notified() => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            connection.end();
            // The library closes an idle connection at once, even if a call has arrived that it has not read.
            let rest = if connection.is_busy() { Duration::ZERO } else { REST };
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

/// Ready when `connection` has nothing under way: it is an idle peer's, or half a request has come.
async fn until_idle(connection: &Connection) {
    loop {
        tokio::time::sleep(REST).await;
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
    // An answer is written in one piece; waiting for more would only delay it.
    let _ = stream.set_nodelay(true);
    let socket = SockRef::from(&stream);
    let _ = socket.set_send_buffer_size(SEND_BUFFER);
    // Otherwise a client that is slow would seem to take nothing for long, and then much at once.
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

/// A connection over HTTP/1.1, and over HTTP/2 if that is on and the client begins with it.
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
