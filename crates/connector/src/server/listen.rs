//! Connections: accepted, served, and let go.

use std::convert::Infallible;
use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::rt::{Read, Write};
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use tokio::net::TcpListener;

use super::opening::Opening;
use super::routes::Site;
use super::timer::ConnectionTimer;
use super::unparsed::Unparsed;

/// How long to wait after a connection could not be accepted, for lack of file descriptors say.
const RECOVER: Duration = Duration::from_millis(100);

/// Serves until `shutdown` is ready, then lets what is under way end within `grace`. A client has the time `head` to
/// send the head of a request, from the moment that the server waits for it. What is no request the `site` answers.
pub(super) async fn serve<S>(
    listener: TcpListener,
    service: S,
    site: Arc<Site>,
    shutdown: impl Future<Output = ()>,
    head: Duration,
    grace: Duration,
) where
    S: Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send>
        + Clone
        + Send
        + 'static,
{
    let connections = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!("cannot accept a connection: {error}");
                tokio::time::sleep(RECOVER).await;
                continue;
            }
        };
        // An answer is written in one piece; waiting for more would only delay it.
        let _ = stream.set_nodelay(true);
        let stream = Unparsed::new(Opening::new(stream, head), Arc::clone(&site));
        let watched = connections.watch(connection(TokioIo::new(stream), service.clone(), head));
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!("a connection ended early: {error}");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(grace, connections.shutdown()).await.is_err() {
        tracing::warn!(?grace, "calls that did not end in time are given up");
    }
}

/// A connection to be served: over HTTP/1.1, and over HTTP/2 if that is on and the client begins with it.
fn connection<I, S>(stream: I, service: S, head: Duration) -> impl GracefulConnection<Error: Display> + Send
where
    I: Read + Write + Unpin + Send + 'static,
    S: Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send> + Send + 'static,
{
    #[cfg(feature = "http2")]
    {
        use hyper_util::rt::{TokioExecutor, TokioTimer};

        let mut builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
        builder.http1().timer(ConnectionTimer::default()).header_read_timeout(head);
        builder.http2().timer(TokioTimer::new()).keep_alive_interval(head).keep_alive_timeout(head);
        builder.serve_connection(stream, service).into_owned()
    }
    #[cfg(not(feature = "http2"))]
    {
        let mut builder = hyper::server::conn::http1::Builder::new();
        builder.timer(ConnectionTimer::default()).header_read_timeout(head);
        builder.serve_connection(stream, service)
    }
}
