//! The body of a request, read as a whole.

use std::pin::pin;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use http_body_util::BodyExt as _;

use crate::limit::{Over, Within};

/// Why a body could not be read.
#[derive(Debug)]
pub(super) enum Unread {
    TooLarge,
    CutOff,
    Late,
}

/// Reads a body of at most `limit` bytes within `time`.
pub(super) async fn read(body: Body, limit: usize, time: Duration) -> Result<Bytes, Unread> {
    let reading = pin!(collect(body, limit));
    Within::of_waiting(time, reading).await.unwrap_or_else(|Over| Err(Unread::Late))
}

async fn collect(mut body: Body, limit: usize) -> Result<Bytes, Unread> {
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
