//! The body of a request, read as a whole.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::request::Parts;
use axum::http::{Version, header};
use http_body_util::BodyExt as _;

use super::budget::{Exhausted, Reservation};

/// How long the rest of a body that nobody wants is read, how long the client may pause meanwhile, and how many bytes
/// are read.
const LINGER: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_secs(1);
const REST: usize = 256 << 20;

/// How long a client may pause in the middle of a body that is wanted.
const STALL: Duration = Duration::from_secs(30);

/// A body that has not been read yet. If it is dropped before its end, the rest is read and thrown away for a while:
/// a connection that is closed on a client that still sends is reset, and the client never sees its answer
/// (RFC 9112, section 9.6).
pub(super) struct Arriving {
    body: Body,
    lingers: bool,
}

impl Arriving {
    pub(super) fn new(head: &Parts, body: Body) -> Self {
        // HTTP/2 has a frame for it, and a client that waits for permission to go on has not begun to send.
        let lingers = head.version < Version::HTTP_2 && !head.headers.contains_key(header::EXPECT);
        Self { body, lingers }
    }

    /// Reads all of it, at most `limit` bytes, within `time` and without a long pause. What has arrived is charged to `reservation`.
    pub(super) async fn read(
        mut self,
        limit: usize,
        time: Duration,
        reservation: &mut Reservation,
    ) -> Result<Bytes, Unread> {
        let collecting = collect(&mut self.body, limit, reservation);
        let read = tokio::time::timeout(time, collecting).await.unwrap_or(Err(Unread::Late));
        self.lingers &= matches!(read, Err(Unread::TooLarge | Unread::NoRoom));
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
    /// All bodies together would take more memory than they may.
    NoRoom,
    CutOff,
    Late,
}

impl From<Exhausted> for Unread {
    fn from(_: Exhausted) -> Self {
        Self::NoRoom
    }
}

async fn collect(body: &mut Body, limit: usize, reservation: &mut Reservation) -> Result<Bytes, Unread> {
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(Unread::TooLarge);
    }
    let mut first = Bytes::new();
    let mut all = Vec::new();
    while let Some(frame) = tokio::time::timeout(STALL, body.frame()).await.map_err(|_| Unread::Late)? {
        // Trailers are of no use here.
        let Ok(data) = frame.map_err(|_| Unread::CutOff)?.into_data() else { continue };
        if first.len() + all.len() + data.len() > limit {
            return Err(Unread::TooLarge);
        }
        reservation.grow(data.len())?;
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
