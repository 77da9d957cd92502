//! Reads request bodies.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::request::Parts;
use axum::http::{Version, header};
use http_body_util::BodyExt as _;

use super::budget::{Exhausted, Reservation};

/// Limits for discarding the rest of a body: the total time, the client's longest pause, and the number of bytes.
const DISCARD_TIME: Duration = Duration::from_secs(5);
const DISCARD_PAUSE: Duration = Duration::from_secs(1);
const DISCARD_BYTES: usize = 256 << 20;

/// How long a client may pause while it sends a body.
const STALL: Duration = Duration::from_secs(30);

/// A body that hasn't been read yet. If it is dropped before its end, the rest is read and discarded for a while.
/// Otherwise, closing the connection would reset it, and a client that is still sending would never see the response
/// (RFC 9112, section 9.6).
pub(super) struct Arriving {
    body: Body,
    discards_rest: bool,
}

impl Arriving {
    pub(super) fn new(head: &Parts, body: Body) -> Self {
        // HTTP/2 can reject a body with a frame, and a client that waits for `100 Continue` hasn't sent anything.
        let discards_rest = head.version < Version::HTTP_2 && !head.headers.contains_key(header::EXPECT);
        Self { body, discards_rest }
    }

    /// Reads the whole body, at most `limit` bytes, within `time` and without a long pause. What has arrived is charged
    /// to `reservation`.
    pub(super) async fn read(
        mut self,
        limit: usize,
        time: Duration,
        reservation: &mut Reservation,
    ) -> Result<Bytes, ReadError> {
        let collecting = collect(&mut self.body, limit, reservation);
        let read = tokio::time::timeout(time, collecting).await.unwrap_or(Err(ReadError::TimedOut));
        self.discards_rest &= matches!(read, Err(ReadError::TooLarge | ReadError::NoRoom));
        read
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        if !self.discards_rest || self.body.is_end_stream() {
            return;
        }
        let mut body = std::mem::take(&mut self.body);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let rest = async {
                    let mut read = 0;
                    while let Ok(Some(Ok(frame))) = tokio::time::timeout(DISCARD_PAUSE, body.frame()).await {
                        read += frame.data_ref().map_or(0, Bytes::len);
                        if read > DISCARD_BYTES {
                            break;
                        }
                    }
                };
                let _ = tokio::time::timeout(DISCARD_TIME, rest).await;
            });
        }
    }
}

/// Why a body can't be read.
#[derive(Debug)]
pub(super) enum ReadError {
    TooLarge,
    /// All bodies together would exceed the memory limit.
    NoRoom,
    Truncated,
    TimedOut,
}

impl From<Exhausted> for ReadError {
    fn from(_: Exhausted) -> Self {
        Self::NoRoom
    }
}

async fn collect(body: &mut Body, limit: usize, reservation: &mut Reservation) -> Result<Bytes, ReadError> {
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(ReadError::TooLarge);
    }
    let mut first = Bytes::new();
    let mut all = Vec::new();
    while let Some(frame) =
        tokio::time::timeout(STALL, body.frame()).await.map_err(|_| ReadError::TimedOut)?
    {
        // Ignores trailers.
        let Ok(data) = frame.map_err(|_| ReadError::Truncated)?.into_data() else { continue };
        if first.len() + all.len() + data.len() > limit {
            return Err(ReadError::TooLarge);
        }
        reservation.grow(data.len())?;
        // Most bodies arrive in one piece, which doesn't have to be copied.
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
