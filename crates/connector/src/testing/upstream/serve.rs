//! The HTTP server of the mock upstream. It has its own thread and runtime, so blocking clients can call it too.

use std::convert::Infallible;
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread::JoinHandle;

use http_body_util::BodyExt as _;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;

use super::book::{Book, InFlight};
use super::received::{Received, pairs};
use super::reply::{Fault, Reply};
use super::stream::Stream;

/// A server that runs until it is dropped.
#[derive(Debug)]
pub(super) struct Running {
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    pub(super) fn start(listener: TcpListener, book: Arc<Book>) -> std::io::Result<Self> {
        listener.set_nonblocking(true)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _context = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        #[cfg(feature = "paused")]
        super::super::paused::watch(runtime.handle(), &book);
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("mock-upstream".to_owned()).spawn(move || {
            // Open connections are closed together with the runtime.
            runtime.block_on(async {
                let accepting = tokio::spawn(accept(listener, book));
                let _ = stopped.await;
                accepting.abort();
            });
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn accept(listener: tokio::net::TcpListener, book: Arc<Book>) {
    while let Ok((stream, _)) = listener.accept().await {
        let _ = stream.set_nodelay(true);
        let stream = Stream::new(stream, Arc::clone(&book));
        let book = Arc::clone(&book);
        let service = service_fn(move |request| respond(request, Arc::clone(&book)));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn respond(
    request: hyper::Request<Incoming>,
    book: Arc<Book>,
) -> Result<hyper::Response<ReplyBody>, Closed> {
    let in_flight = book.begin();
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Closed)?.to_bytes();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let received = Received {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: pairs(head.uri.query().unwrap_or_default().as_bytes()),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())))
            .collect(),
        body: body.to_vec(),
    };
    let reply = book.receive(received);
    if !reply.delay.is_zero() {
        book.delay(reply.delay).await;
    }
    match reply.fault {
        Fault::BrokenOff => Err(Closed),
        Fault::None | Fault::CutOff(_) => response(&reply, in_flight).map_err(|error| {
            book.fail(format!("a reply can't be sent: {error}"));
            Closed
        }),
    }
}

fn response(reply: &Reply, in_flight: InFlight) -> Result<hyper::Response<ReplyBody>, hyper::http::Error> {
    let mut response = hyper::Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name, value);
    }
    let whole = Bytes::copy_from_slice(&reply.body);
    let length = whole.len() as u64;
    let (first, end) = match reply.fault {
        Fault::CutOff(bytes) if bytes < whole.len() => (whole.slice(..bytes), End::Flush),
        _ => (whole, End::Regular),
    };
    response.body(ReplyBody {
        first: (!first.is_empty()).then_some(first),
        end,
        length,
        _in_flight: in_flight,
    })
}

/// The connection is closed without a reply, or in the middle of one.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed on purpose")]
struct Closed;

/// The body of a reply, which may end too early.
struct ReplyBody {
    first: Option<Bytes>,
    end: End,
    length: u64,
    _in_flight: InFlight,
}

enum End {
    Regular,
    /// The bytes before the end are sent first.
    Flush,
    Break,
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Closed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Closed>>> {
        if let Some(bytes) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.end {
            End::Regular => Poll::Ready(None),
            End::Flush => {
                self.end = End::Break;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            End::Break => Poll::Ready(Some(Err(Closed))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && matches!(self.end, End::Regular)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
