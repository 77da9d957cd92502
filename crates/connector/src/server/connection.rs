//! What a connection is doing: how many calls it has under way, and whether its client takes the answers.

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

/// How much of an answer is handed to HTTP/2 at once. What its client grants no window for waits there, in memory.
const PIECE: usize = 16 << 10;

/// The state of a connection.
#[derive(Debug, Default)]
pub(super) struct Connection {
    /// Requests that have begun to arrive and are not answered yet.
    requests: AtomicUsize,
    /// Those of which the body has not arrived yet.
    arriving: AtomicUsize,
    /// Answers that have not been handed on yet, over HTTP/2 those that have not been taken yet.
    answers: AtomicUsize,
    /// Whether there are bytes that the client does not take at the moment.
    is_blocked: AtomicBool,
    /// When a piece of each answer over HTTP/2 was taken last.
    taken: Mutex<HashMap<usize, Instant>>,
    /// Whether the request under way, or else the next one, is the last.
    is_ending: AtomicBool,
    /// Whether the client was given up because it took nothing for too long.
    is_stalled: AtomicBool,
    /// Notified when the client is given up.
    pub(super) stalled: Notify,
}

impl Connection {
    /// Whether a request has arrived in full and is not answered.
    pub(super) fn has_calls(&self) -> bool {
        self.requests.load(Ordering::Relaxed) > self.arriving.load(Ordering::Relaxed)
    }

    /// Whether there is a call, or an answer that is not taken.
    pub(super) fn is_busy(&self) -> bool {
        let has_answers = self.answers.load(Ordering::Relaxed) > 0;
        has_answers || self.is_blocked.load(Ordering::Relaxed) || self.has_calls()
    }

    /// Notes whether there are bytes that the client does not take.
    pub(super) fn blocked(&self, is_blocked: bool) {
        self.is_blocked.store(is_blocked, Ordering::Relaxed);
    }

    /// Gives the client up: it took nothing for too long.
    pub(super) fn give_up(&self) {
        self.is_stalled.store(true, Ordering::Relaxed);
        self.stalled.notify_one();
    }

    /// Ends the connection with the request under way, or else with the next one.
    pub(super) fn end(&self) {
        self.is_ending.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_ending(&self) -> bool {
        self.is_ending.load(Ordering::Relaxed)
    }

    pub(super) fn is_stalled(&self) -> bool {
        self.is_stalled.load(Ordering::Relaxed)
    }

    /// Of the answers over HTTP/2 that are not taken yet, when a piece was taken of the one that waits for longest.
    pub(super) fn oldest_answer(&self) -> Option<Instant> {
        self.taken().values().min().copied()
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<usize, Instant>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request until the value is dropped.
    pub(super) fn request(self: &Arc<Self>) -> Counted {
        Counted::new(self, |connection| &connection.requests)
    }

    /// Counts `body` of a request as arriving until it has arrived.
    pub(super) fn arriving<B: HttpBody>(self: &Arc<Self>, body: B) -> Arriving<B> {
        let arriving = (!body.is_end_stream()).then(|| Counted::new(self, |connection| &connection.arriving));
        Arriving { body, arriving }
    }

    /// Counts an answer until its `body` is handed on, over HTTP/2 until it is taken.
    pub(super) fn answer<B: HttpBody>(self: &Arc<Self>, body: B, is_http2: bool) -> Answer<B> {
        let unfinished = (!body.is_end_stream()).then(|| {
            let counted = Counted::new(self, |connection| &connection.answers);
            let unfinished = Arc::new(Unfinished { counted, is_http2 });
            unfinished.piece_taken();
            unfinished
        });
        Answer { body, unfinished, rest: Bytes::new() }
    }
}

/// One that is counted until it is dropped.
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

/// An answer that is counted until the value is dropped.
struct Unfinished {
    counted: Counted,
    is_http2: bool,
}

impl Unfinished {
    /// Its address tells it from others, as long as it lives.
    fn key(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    fn piece_taken(&self) {
        if self.is_http2 {
            self.counted.connection.taken().insert(self.key(), Instant::now());
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if self.is_http2 {
            self.counted.connection.taken().remove(&self.key());
        }
    }
}

/// The body of an answer.
pub(super) struct Answer<B> {
    body: B,
    /// Until all of it is handed on.
    unfinished: Option<Arc<Unfinished>>,
    /// What is left of a frame that is handed on in pieces.
    rest: Bytes,
}

impl<B> Answer<B> {
    /// The next piece of what is left.
    fn piece(&mut self) -> Bytes {
        match &self.unfinished {
            Some(unfinished) if unfinished.is_http2 => {
                let length = self.rest.len().min(PIECE);
                let (bytes, unfinished) = (self.rest.split_to(length), Arc::clone(unfinished));
                Bytes::from_owner(Piece { bytes, unfinished })
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
                    self.unfinished = None;
                    return Poll::Ready(ended.map(|frame| frame.map_err(Into::into)));
                }
            }
        }
        let piece = self.piece();
        if self.is_end_stream() {
            self.unfinished = None;
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

/// A piece of an answer over HTTP/2, dropped when it is written to the client.
struct Piece {
    bytes: Bytes,
    unfinished: Arc<Unfinished>,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.unfinished.piece_taken();
    }
}
