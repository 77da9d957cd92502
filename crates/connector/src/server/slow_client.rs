//! A stream that enforces time limits on its client.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use super::connection::Connection;

/// How many bytes it takes to distinguish HTTP/2 from HTTP/1. After that, the protocols' own timers apply.
const PREFACE: usize = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len();

/// How many bytes of a response the client must receive within each time limit. A trickle doesn't count as progress.
const MIN_PROGRESS: u64 = 16 << 10;

/// How often to check whether the last calls of an abandoned client have ended.
const RECHECK: Duration = Duration::from_millis(500);

/// The time limits of a stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// For the first bytes to arrive.
    pub(super) begin: Duration,
    /// For the client to receive 16 KiB of a response.
    pub(super) write: Duration,
}

/// A stream that fails with [`io::ErrorKind::TimedOut`] if its client is too slow.
#[derive(Debug)]
pub(super) struct Stream<S> {
    stream: S,
    connection: Arc<Connection>,
    limits: Limits,
    /// How many bytes still have to arrive to identify the protocol, with a timer for them.
    first_bytes: Option<(usize, Pin<Box<Sleep>>)>,
    written: u64,
    /// Set while the network doesn't accept data: the number of bytes written when progress was last made, and a timer.
    blocked: Option<(u64, Pin<Box<Sleep>>)>,
    /// Set while there are responses that HTTP/2 can't write because the client grants no window.
    waiting: Option<Pin<Box<Sleep>>>,
}

impl<S> Stream<S> {
    pub(super) fn new(stream: S, connection: Arc<Connection>, limits: Limits) -> Self {
        let first_bytes = Some((PREFACE, Box::pin(tokio::time::sleep(limits.begin))));
        Self { stream, connection, limits, first_bytes, written: 0, blocked: None, waiting: None }
    }

    /// Returns the result of a write, or an error if it has been pending for too long.
    fn written(
        &mut self,
        polled: Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        // A client that receives a response has identified its protocol.
        self.first_bytes = None;
        self.connection.blocked(polled.is_pending());
        if let Poll::Ready(written) = polled {
            self.written += *written.as_ref().unwrap_or(&0) as u64;
            return Poll::Ready(written);
        }
        let (written, limit) = (self.written, self.limits.write);
        let (before, timer) =
            self.blocked.get_or_insert_with(|| (written, Box::pin(tokio::time::sleep(limit))));
        if written - *before >= MIN_PROGRESS {
            *before = written;
            timer.as_mut().reset(Instant::now() + limit);
        }
        ready!(timer.as_mut().poll(context));
        self.connection.abandon();
        Poll::Ready(Err(not_taken()))
    }

    /// Ready if a response over HTTP/2 has been waiting for too long, and the connection has no call in progress that
    /// would be lost with it.
    fn poll_answers(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(oldest) = self.connection.oldest_answer() else {
            self.waiting = None;
            return Poll::Pending;
        };
        let end = oldest + self.limits.write;
        let timer = self.waiting.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(end)));
        loop {
            if !self.connection.is_stalled() && timer.deadline() != end {
                timer.as_mut().reset(end);
            }
            ready!(timer.as_mut().poll(context));
            // The client gets no new calls, but those in progress are answered first.
            self.connection.abandon();
            if !self.connection.has_calls() {
                return Poll::Ready(Err(not_taken()));
            }
            timer.as_mut().reset(Instant::now() + RECHECK);
        }
    }
}

fn not_taken() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the client does not receive its response")
}

impl<S: AsyncRead + Unpin> AsyncRead for Stream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if let Some((missing, limit)) = &mut self.first_bytes {
            if polled.is_pending() {
                ready!(limit.as_mut().poll(context));
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            *missing = missing.saturating_sub(buffer.filled().len() - before);
            if *missing == 0 {
                self.first_bytes = None;
            }
        }
        // Without a window, HTTP/2 doesn't write, but it always reads.
        if polled.is_pending() { self.poll_answers(context) } else { polled }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(polled, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.written(polled, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Everything has been written.
        self.blocked = None;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
