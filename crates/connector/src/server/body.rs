//! The body of a request, read as a whole.

use std::pin::pin;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::request::Parts;
use axum::http::{Version, header};
use http_body_util::BodyExt as _;

use crate::limit::{Over, Within};

/// How long the rest of what a client sends is read that is not wanted, how long it may pause, and how many bytes of it
/// at the most.
pub(super) const LINGER: Duration = Duration::from_secs(5);
pub(super) const PAUSE: Duration = Duration::from_secs(1);
pub(super) const REST: usize = 256 << 20;

/// A body that has not been read yet. If it is dropped before its end, the rest is read and thrown away for a while:
/// a connection that is closed on a client that still sends is reset, and the client never sees its answer
/// (RFC 9112, section 9.6).
pub(super) struct Arriving {
    body: Body,
    lingers: bool,
}

impl Arriving {
    pub(super) fn new(head: &Parts, body: Body) -> Self {
        // HTTP/2 has a frame for it, and who expects to be told to go on has not begun to send.
        let lingers = head.version < Version::HTTP_2 && !head.headers.contains_key(header::EXPECT);
        Self { body, lingers }
    }

    /// Reads all of it, at most `limit` bytes, within `time`.
    pub(super) async fn read(mut self, limit: usize, time: Duration) -> Result<Bytes, Unread> {
        let reading = pin!(collect(&mut self.body, limit));
        let read = Within::of_waiting(time, reading).await.unwrap_or_else(|Over| Err(Unread::Late));
        self.lingers &= matches!(read, Err(Unread::TooLarge));
        read
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        if !self.lingers || self.body.is_end_stream() {
            return;
        }
        let mut body = std::mem::take(&mut self.body);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let rest = async {
                    let mut read = 0;
                    while let Ok(Some(Ok(frame))) = tokio::time::timeout(PAUSE, body.frame()).await {
                        read += frame.data_ref().map_or(0, Bytes::len);
                        if read > REST {
                            break;
                        }
                    }
                };
                let _ = tokio::time::timeout(LINGER, rest).await;
            });
        }
    }
}

/// Why a body could not be read.
#[derive(Debug)]
pub(super) enum Unread {
    TooLarge,
    CutOff,
    Late,
}

async fn collect(body: &mut Body, limit: usize) -> Result<Bytes, Unread> {
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(Unread::TooLarge);
    }
    let mut first = Bytes::new();
    let mut all = Vec::new();
    while let Some(frame) = body.frame().await {
        // Trailers are of no use here.
        let Ok(data) = frame.map_err(|_| Unread::CutOff)?.into_data() else { continue };
        if first.len() + all.len() + data.len() > limit {
            return Err(Unread::TooLarge);
        }
        // Most bodies arrive in one piece, which is then not copied.
        if first.is_empty() && all.is_empty() {
            first = data;
        } else {
            if all.is_empty() {
                all.extend_from_slice(&std::mem::take(&mut first));
            }
            all.extend_from_slice(&data);
        }
        if body.is_end_stream() {
            break;
        }
    }
    Ok(if all.is_empty() { first } else { all.into() })
}
