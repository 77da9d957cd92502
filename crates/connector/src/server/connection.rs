//! The state of a connection: how many calls are in progress, and whether its client receives the responses.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use axum::BoxError;
use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::sync::Notify;
use tokio::time::Instant;

/// How much of a response is passed to HTTP/2 at once. Until the client grants a window, it waits there, in memory.
const PIECE: usize = 16 << 10;

/// The state of a connection.
#[derive(Debug, Default)]
pub(super) struct Connection {
    /// Requests that have started to arrive and don't have a response yet.
    requests: AtomicUsize,
    /// Requests whose body hasn't arrived completely.
    arriving: AtomicUsize,
    /// Responses that haven't been passed on completely; over HTTP/2, those that haven't been received completely.
    answers: AtomicUsize,
    /// Whether the client currently doesn't receive the pending bytes.
    is_blocked: AtomicBool,
    /// When a piece of each response over HTTP/2 was last received.
    taken: Mutex<HashMap<usize, Instant>>,
    /// Whether the current request, or otherwise the next one, is the last.
    is_ending: AtomicBool,
    /// Whether the client was abandoned because it received nothing for too long.
    is_stalled: AtomicBool,
    /// Notified when the client is abandoned.
    pub(super) stalled: Notify,
}

impl Connection {
    /// Whether a request has arrived completely and doesn't have a response yet.
    pub(super) fn has_calls(&self) -> bool {
        self.requests.load(Ordering::Relaxed) > self.arriving.load(Ordering::Relaxed)
    }

    /// Whether there is a call or an incomplete response.
    pub(super) fn is_busy(&self) -> bool {
        let has_answers = self.answers.load(Ordering::Relaxed) > 0;
        has_answers || self.is_blocked.load(Ordering::Relaxed) || self.has_calls()
    }

    /// Records whether there are bytes that the client doesn't receive.
    pub(super) fn blocked(&self, is_blocked: bool) {
        self.is_blocked.store(is_blocked, Ordering::Relaxed);
    }

    /// Abandons the client, because it received nothing for too long.
    pub(super) fn abandon(&self) {
        self.is_stalled.store(true, Ordering::Relaxed);
        self.stalled.notify_one();
    }

    /// Ends the connection after the current request, or otherwise the next one.
    pub(super) fn end(&self) {
        self.is_ending.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_ending(&self) -> bool {
        self.is_ending.load(Ordering::Relaxed)
    }

    pub(super) fn is_stalled(&self) -> bool {
        self.is_stalled.load(Ordering::Relaxed)
    }

    /// When the longest-waiting response over HTTP/2 last made progress.
    pub(super) fn oldest_answer(&self) -> Option<Instant> {
        self.taken().values().min().copied()
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<usize, Instant>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request until the returned value is dropped.
    pub(super) fn request(self: &Arc<Self>) -> Counted {
        Counted::new(self, |connection| &connection.requests)
    }

    /// Counts a request's `body` as arriving until it is complete.
    pub(super) fn arriving<B: HttpBody>(self: &Arc<Self>, body: B) -> Arriving<B> {
        let arriving = (!body.is_end_stream()).then(|| Counted::new(self, |connection| &connection.arriving));
        Arriving { body, arriving }
    }

    /// Counts a response until its `body` is passed on; over HTTP/2, until it is received.
    pub(super) fn answer<B: HttpBody>(self: &Arc<Self>, body: B, is_http2: bool) -> Answer<B> {
        let pending = (!body.is_end_stream()).then(|| {
            let counted = Counted::new(self, |connection| &connection.answers);
            let pending = Arc::new(PendingResponse { counted, is_http2 });
            pending.piece_taken();
            pending
        });
        Answer { body, pending, rest: Bytes::new() }
    }
}

/// Decrements a counter when dropped.
#[derive(Debug)]
pub(super) struct Counted {
    connection: Arc<Connection>,
    counter: fn(&Connection) -> &AtomicUsize,
}

impl Counted {
    fn new(connection: &Arc<Connection>, counter: fn(&Connection) -> &AtomicUsize) -> Self {
        counter(connection).fetch_add(1, Ordering::Relaxed);
        Self { connection: Arc::clone(connection), counter }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        (self.counter)(&self.connection).fetch_sub(1, Ordering::Relaxed);
    }
}

/// The body of a request.
pub(super) struct Arriving<B> {
    body: B,
    arriving: Option<Counted>,
}

impl<B: HttpBody + Unpin> HttpBody for Arriving<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if !matches!(frame, Some(Ok(_))) || self.body.is_end_stream() {
            self.arriving = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A response that is counted until the value is dropped.
struct PendingResponse {
    counted: Counted,
    is_http2: bool,
}

impl PendingResponse {
    /// Its address, which is unique as long as it exists.
    fn key(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    fn piece_taken(&self) {
        if self.is_http2 {
            self.counted.connection.taken().insert(self.key(), Instant::now());
        }
    }
}

impl Drop for PendingResponse {
    fn drop(&mut self) {
        if self.is_http2 {
            self.counted.connection.taken().remove(&self.key());
        }
    }
}

/// The body of a response.
pub(super) struct Answer<B> {
    body: B,
    /// Set until the body is passed on completely.
    pending: Option<Arc<PendingResponse>>,
    /// The remainder of a frame that is passed on in pieces.
    rest: Bytes,
}

impl<B> Answer<B> {
    /// Takes the next piece of the remainder.
    fn piece(&mut self) -> Bytes {
        match &self.pending {
            Some(pending) if pending.is_http2 => {
                let length = self.rest.len().min(PIECE);
                let (bytes, pending) = (self.rest.split_to(length), Arc::clone(pending));
                Bytes::from_owner(Piece { bytes, pending })
            }
            _ => std::mem::take(&mut self.rest),
        }
    }
}

impl<B> HttpBody for Answer<B>
where
    B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Unpin,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                ended => {
                    self.pending = None;
                    return Poll::Ready(ended.map(|frame| frame.map_err(Into::into)));
                }
            }
        }
        let piece = self.piece();
        if self.is_end_stream() {
            self.pending = None;
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.len() as u64;
        let body = self.body.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(body.lower() + rest);
        if let Some(upper) = body.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

/// A piece of a response over HTTP/2, dropped when it is written to the client.
struct Piece {
    bytes: Bytes,
    pending: Arc<PendingResponse>,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.pending.piece_taken();
    }
}
