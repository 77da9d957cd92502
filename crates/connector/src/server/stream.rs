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
    /// Bytes that the network does not take.
    writes: Stall,
    /// Answers that HTTP/2 does not take, because its client grants no more window.
    answers: Stall,
}

impl<S> Stream<S> {
    pub(super) fn new(stream: S, connection: Arc<Connection>, limits: Limits) -> Self {
        let beginning = Some((PREFACE, Box::pin(tokio::time::sleep(limits.begin))));
        let (writes, answers) = (Stall::default(), Stall::default());
        Self { stream, connection, limits, beginning, written: 0, writes, answers }
    }

    fn not_taken(&self) -> io::Error {
        self.connection.stalled();
        io::Error::new(io::ErrorKind::TimedOut, "the client does not take its answer")
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
        match polled {
            Poll::Ready(written) => {
                self.written += *written.as_ref().unwrap_or(&0) as u64;
                Poll::Ready(written)
            }
            Poll::Pending => {
                ready!(self.writes.poll(self.written / LEAST, self.limits.write, context));
                Poll::Ready(Err(self.not_taken()))
            }
        }
    }
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
        if polled.is_pending()
            && let Some(progress) = self.connection.progress_of_answers()
        {
            let limit = self.limits.write;
            ready!(self.answers.poll(progress, limit, context));
            return Poll::Ready(Err(self.not_taken()));
        }
        polled
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
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Something that must go on.
#[derive(Debug, Default)]
struct Stall {
    /// How far it had come when the timer was set.
    progress: u64,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Stall {
    /// Ready if it has not gone beyond `progress` for `limit`. To be polled while it waits.
    fn poll(&mut self, progress: u64, limit: Duration, context: &mut Context<'_>) -> Poll<()> {
        // A limit beyond all times is none.
        let Some(end) = Instant::now().checked_add(limit) else { return Poll::Pending };
        match &mut self.timer {
            Some(timer) if progress != self.progress => timer.as_mut().reset(end),
            Some(_) => {}
            None => self.timer = Some(Box::pin(tokio::time::sleep_until(end))),
        }
        self.progress = progress;
        self.timer.as_mut().map_or(Poll::Pending, |timer| timer.as_mut().poll(context))
    }
}
