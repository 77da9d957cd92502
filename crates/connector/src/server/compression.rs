//! Answers that are sent compressed, if the client accepts that.

use std::convert::Infallible;
use std::future::ready;

use axum::body::{Body, HttpBody as _};
use axum::http::{HeaderMap, HeaderValue, Request, header};
use axum::response::Response;
use tower::{Service as _, service_fn};
use tower_http::compression::predicate::SizeAbove;
use tower_http::compression::{Compression, CompressionLevel};

/// A smaller body is gone in one packet anyway.
const LEAST: u16 = 1024;

/// For a body that is made for one reader: the rest of what could be saved takes longer than it takes to be sent. Many
/// HTTP clients ask for gzip by default.
const LEVEL: CompressionLevel = CompressionLevel::Precise(3);

/// An answer in the coding that the client likes best. Few clients say that they have one, and all others must not pay
/// for it.
pub(super) async fn compressed(headers: &HeaderMap, mut response: Response) -> Response {
    if response.body().size_hint().upper().is_some_and(|size| size < u64::from(LEAST)) {
        return response;
    }
    let mut accepted = headers.get_all(header::ACCEPT_ENCODING).iter().peekable();
    if accepted.peek().is_none() {
        response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
        return response;
    }
    let mut asked = Request::new(());
    for value in accepted {
        asked.headers_mut().append(header::ACCEPT_ENCODING, value.clone());
    }
    let mut response = Some(response);
    let made = service_fn(move |_| ready(Ok::<_, Infallible>(response.take().unwrap_or_default())));
    let mut compression = Compression::new(made).quality(LEVEL).compress_when(SizeAbove::new(LEAST));
    let Ok(compressed) = compression.call(asked).await;
    compressed.map(Body::new)
}
