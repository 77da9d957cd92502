//! What is no request of HTTP/1.
//!
//! Hyper answers it by itself, with a status and no body, and asks nobody. That answer is recognised on its way out, and
//! the site's is sent in its place. Should it stand behind another that a client was slow to take, it stays as it is.

use std::fmt::Write as _;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::HttpBody as _;
use axum::http::StatusCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use super::body::{LINGER, PAUSE, REST};
use super::routes::Site;

/// A stream whose other end is told in full why it is refused.
pub(super) struct Unparsed<S> {
    stream: S,
    site: Arc<Site>,
    /// Whether nothing came since something was written: what comes next begins a request, unless that came before.
    is_between: bool,
    /// Whether the request that began so is one of HEAD, whose answer has no body.
    is_head: bool,
    refusal: Option<Box<Refusal>>,
}

/// The last answer of a connection.
struct Refusal {
    answer: Vec<u8>,
    written: usize,
    rest: Option<Rest>,
}

/// What a client still sends after its last answer. It is read and thrown away for a while: a connection that is closed
/// on unread bytes is reset, and the client never sees its answer (RFC 9112, section 9.6).
struct Rest {
    pause: Pin<Box<Sleep>>,
    end: Instant,
    read: usize,
}

impl<S> Unparsed<S> {
    pub(super) const fn new(stream: S, site: Arc<Site>) -> Self {
        Self { stream, site, is_between: true, is_head: false, refusal: None }
    }

    /// Takes note of what is to be written next.
    fn inspect(&mut self, written: &[u8], cx: &mut Context<'_>) {
        self.is_between = true;
        // All but errors of the client go by here.
        if written.get(9) == Some(&b'4') && self.refusal.is_none() {
            self.refusal = Bodyless::parse(written).map(|own| {
                let answer = own.completed(&self.site, self.is_head, cx);
                Box::new(Refusal { answer, written: 0, rest: None })
            });
        }
        // The next request may lie in hyper's buffer already.
        self.is_head = false;
    }
}

/// An answer without a body. Of this server's own errors none is.
struct Bodyless<'a> {
    status: StatusCode,
    /// The head before and after its `Content-Length`.
    before: &'a str,
    after: &'a str,
}

impl<'a> Bodyless<'a> {
    /// Hyper writes it in one piece, with nothing behind it, and then no more.
    fn parse(written: &'a [u8]) -> Option<Self> {
        const LONGEST: usize = 256;
        if written.len() > LONGEST || !written.starts_with(b"HTTP/1.") || !written.ends_with(b"\r\n\r\n") {
            return None;
        }
        let (before, after) = std::str::from_utf8(written).ok()?.split_once("\r\ncontent-length: 0\r\n")?;
        let status = StatusCode::from_bytes(before.as_bytes().get(9..12)?).ok()?;
        Some(Self { status, before, after })
    }

    /// The site's answer of this status, in the head that hyper has begun.
    fn completed(&self, site: &Site, is_head: bool, cx: &mut Context<'_>) -> Vec<u8> {
        let (head, mut body) = site.unparsed(self.status).into_parts();
        let length = body.size_hint().lower();
        let mut text = format!("{}\r\ncontent-length: {length}\r\n", self.before);
        for (name, value) in &head.headers {
            // The server's own are visible ASCII, and writing to a string cannot fail.
            let _ = write!(text, "{name}: {}\r\n", value.to_str().unwrap_or_default());
        }
        text.push_str(self.after);
        let mut answer = text.into_bytes();
        // What the site says is there at once.
        if !is_head && let Poll::Ready(Some(Ok(frame))) = pin!(&mut body).poll_frame(cx) {
            answer.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data));
        }
        answer
    }
}

impl Refusal {
    /// Writes all of it.
    fn poll_write<S: AsyncWrite + Unpin>(
        &mut self,
        stream: &mut S,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while let Some(left) = self.answer.get(self.written..).filter(|left| !left.is_empty()) {
            let written = ready!(Pin::new(&mut *stream).poll_write(cx, left))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += written;
        }
        Poll::Ready(Ok(()))
    }

    /// Ends the conversation, then waits until the other end does.
    fn poll_shutdown<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        stream: &mut S,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        if self.rest.is_none() {
            ready!(Pin::new(&mut *stream).poll_shutdown(cx))?;
        }
        let rest = self.rest.get_or_insert_with(Rest::begin);
        rest.poll(stream, cx).map(Ok)
    }
}

impl Rest {
    fn begin() -> Self {
        Self { pause: Box::pin(tokio::time::sleep(PAUSE)), end: Instant::now() + LINGER, read: 0 }
    }

    fn poll<S: AsyncRead + Unpin>(&mut self, stream: &mut S, cx: &mut Context<'_>) -> Poll<()> {
        let mut space = [0; 16 << 10];
        while self.read <= REST && Instant::now() < self.end {
            let mut buffer = ReadBuf::new(&mut space);
            match Pin::new(&mut *stream).poll_read(cx, &mut buffer) {
                Poll::Pending => return self.pause.as_mut().poll(cx),
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    self.read += buffer.filled().len();
                    self.pause.as_mut().reset(self.end.min(Instant::now() + PAUSE));
                }
                Poll::Ready(_) => break,
            }
        }
        Poll::Ready(())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Unparsed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        if self.is_between && buf.filled().len() > before {
            self.is_between = false;
            self.is_head = buf.filled()[before..].starts_with(b"HEAD ");
        }
        polled
    }
}

impl<S: AsyncWrite + AsyncRead + Unpin> AsyncWrite for Unparsed<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.inspect(buf, cx);
        let Self { stream, refusal, .. } = &mut *self;
        match refusal {
            None => Pin::new(stream).poll_write(cx, buf),
            Some(refusal) => refusal.poll_write(stream, cx).map_ok(|()| buf.len()),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let [only] = bufs {
            return self.poll_write(cx, only);
        }
        self.is_between = true;
        self.is_head = false;
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, refusal, .. } = &mut *self;
        match refusal {
            None => Pin::new(stream).poll_shutdown(cx),
            Some(refusal) => refusal.poll_shutdown(stream, cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;
    use crate::Integration;
    use crate::server::Server;

    const OWN: &str =
        "HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\ndate: now\r\n\r\n";

    /// What arrives of `written` when the other end takes seven bytes at a time.
    async fn arrived(written: &str) -> String {
        let site = Server::new(Integration::builder("app").build()).into_site();
        let (here, mut there) = tokio::io::duplex(7);
        let mut stream = Unparsed::new(here, site);
        let write = async {
            stream.write_all(written.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
            drop(stream);
        };
        let read = async move {
            let mut text = String::new();
            there.read_to_string(&mut text).await.unwrap();
            text
        };
        tokio::join!(write, read).1
    }

    #[tokio::test]
    async fn an_answer_is_completed_whatever_a_client_takes_at_a_time() {
        let text = arrived(OWN).await;
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(
            head.starts_with("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: "),
            "{text}"
        );
        assert!(head.ends_with("\r\ndate: now"), "{text}");
        assert!(head.contains(&format!("\r\ncontent-length: {}\r\n", body.len())), "{text}");
        assert!(body.contains("app.bad_request"), "{text}");
    }

    #[tokio::test]
    async fn other_answers_stay_as_they_are() {
        for other in [
            OWN.replace(": 0", ": 9"),
            OWN.replace("400 Bad Request", "204 No Content"),
            OWN.replace("\r\n\r\n", "\r\n\r\n{}"),
            format!("{{\"x\":\"{OWN}\"}}"),
        ] {
            assert_eq!(arrived(&other).await, other);
        }
    }
}
