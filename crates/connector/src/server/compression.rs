//! Compression of responses, if the client accepts it.

use std::convert::Infallible;
use std::future::ready;

use axum::body::{Body, HttpBody as _};
use axum::http::{HeaderMap, HeaderValue, Request, header};
use axum::response::Response;
use tower::{Service as _, service_fn};
use tower_http::compression::predicate::SizeAbove;
use tower_http::compression::{Compression, CompressionLevel};

/// The minimum size. A smaller body fits in one packet anyway.
const MIN_SIZE: u16 = 1024;

/// A low level, because each body is compressed for a single client: more would take longer than it saves in transfer.
/// Many HTTP clients request gzip by default.
const LEVEL: CompressionLevel = CompressionLevel::Precise(3);

/// Compresses a response with the client's preferred coding. Clients that don't accept compression skip the compression
/// layer.
pub(super) async fn compress(headers: &HeaderMap, mut response: Response) -> Response {
    if response.body().size_hint().upper().is_some_and(|size| size < u64::from(MIN_SIZE)) {
        return response;
    }
    let mut accepted = headers.get_all(header::ACCEPT_ENCODING).iter().peekable();
    if accepted.peek().is_none() {
        response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
        return response;
    }
    let mut request = Request::new(());
    for value in accepted {
        request.headers_mut().append(header::ACCEPT_ENCODING, value.clone());
    }
    let mut response = Some(response);
    let service = service_fn(move |_| ready(Ok::<_, Infallible>(response.take().unwrap_or_default())));
    let mut compression = Compression::new(service).quality(LEVEL).compress_when(SizeAbove::new(MIN_SIZE));
    let Ok(compressed) = compression.call(request).await;
    compressed.map(Body::new)
}
