//! A stream whose client must begin, and must take what it is sent.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use super::connection::Connection;

/// So many bytes tell HTTP/2 from HTTP/1. From there on the protocols have timers of their own.
const PREFACE: usize = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len();

/// How many bytes of an answer must be taken within each time limit: what trickles does not count as progress.
const LEAST: u64 = 16 << 10;

/// How often it is looked whether the last calls of a client that is given up have ended.
const AGAIN: Duration = Duration::from_millis(500);

/// The time limits of a stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// For the first bytes to arrive.
    pub(super) begin: Duration,
    /// For 16 KiB of an answer to be taken.
    pub(super) write: Duration,
}

/// A stream that fails with [`io::ErrorKind::TimedOut`] if its client is too slow.
#[derive(Debug)]
pub(super) struct Stream<S> {
    stream: S,
    connection: Arc<Connection>,
    limits: Limits,
    /// How many bytes are still to come before the client has begun, and until when.
    beginning: Option<(usize, Pin<Box<Sleep>>)>,
    written: u64,
    /// Set while the network does not take what is written: how far it had come then, and how long it may wait.
    blocked: Option<(u64, Pin<Box<Sleep>>)>,
    /// Set while there are answers that HTTP/2 cannot write, because its client grants no window for them.
    waiting: Option<Pin<Box<Sleep>>>,
}

impl<S> Stream<S> {
    pub(super) fn new(stream: S, connection: Arc<Connection>, limits: Limits) -> Self {
        let beginning = Some((PREFACE, Box::pin(tokio::time::sleep(limits.begin))));
        Self { stream, connection, limits, beginning, written: 0, blocked: None, waiting: None }
    }

    /// A write that is ready, or one that has waited for too long.
    fn written(
        &mut self,
        polled: Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        // A client that is answered has begun.
        self.beginning = None;
        self.connection.blocked(polled.is_pending());
        if let Poll::Ready(written) = polled {
            self.written += *written.as_ref().unwrap_or(&0) as u64;
            return Poll::Ready(written);
        }
        let (written, limit) = (self.written, self.limits.write);
        let (before, timer) =
            self.blocked.get_or_insert_with(|| (written, Box::pin(tokio::time::sleep(limit))));
        if written - *before >= LEAST {
            *before = written;
            timer.as_mut().reset(Instant::now() + limit);
        }
        ready!(timer.as_mut().poll(context));
        self.connection.give_up();
        Poll::Ready(Err(not_taken()))
    }

    /// Ready if an answer over HTTP/2 has waited for too long, and the connection has no call under way that would be
    /// lost with it.
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
            // No new calls are taken any more. Those that are there are answered first.
            self.connection.give_up();
            if !self.connection.has_calls() {
                return Poll::Ready(Err(not_taken()));
            }
            timer.as_mut().reset(Instant::now() + AGAIN);
        }
    }
}

fn not_taken() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the client does not take its answer")
}

impl<S: AsyncRead + Unpin> AsyncRead for Stream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if let Some((missing, limit)) = &mut self.beginning {
            if polled.is_pending() {
                ready!(limit.as_mut().poll(context));
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            *missing = missing.saturating_sub(buffer.filled().len() - before);
            if *missing == 0 {
                self.beginning = None;
            }
        }
        // HTTP/2 writes nothing while it has no window, but it always reads.
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
        // All that there was has been written.
        self.blocked = None;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
