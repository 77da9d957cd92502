//! Bodies that travel compressed: answers if the client can read them, requests if they say so.

use std::convert::Infallible;
use std::future::ready;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::{HeaderMap, HeaderValue, Request, header};
use axum::response::Response;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tower::{Service as _, service_fn};
use tower_http::compression::predicate::SizeAbove;
use tower_http::compression::{Compression, CompressionLevel};
use tower_http::decompression::{DecompressionBody, RequestDecompression};

/// A smaller body is gone in one packet anyway.
const LEAST: u16 = 1024;

/// For a body that is made for one reader: the rest of what could be saved takes longer than it takes to be sent. Many
/// HTTP clients ask for gzip by default.
const LEVEL: CompressionLevel = CompressionLevel::Precise(3);

/// The codings that a request's body may have.
pub(super) const CODINGS: &str = match (cfg!(feature = "brotli"), cfg!(feature = "zstd")) {
    (false, false) => "gzip",
    (true, false) => "gzip, br",
    (false, true) => "gzip, zstd",
    (true, true) => "gzip, br, zstd",
};

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

/// How the body of a request is compressed: the value of a `Content-Encoding` with one known coding.
#[derive(Debug)]
pub(super) struct Coding(HeaderValue);

/// A coding that is not known, or more than one.
#[derive(Debug)]
pub(super) struct Unknown;

/// Why a body could not be decompressed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Spoilt {
    TooLarge,
    Broken,
}

/// How a request says that its body is compressed, if it is.
pub(super) fn coding(headers: &HeaderMap) -> Result<Option<Coding>, Unknown> {
    let mut values = headers.get_all(header::CONTENT_ENCODING).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Unknown);
    }
    match value.as_bytes().to_ascii_lowercase().as_slice() {
        b"identity" => Ok(None),
        b"gzip" | b"x-gzip" => Ok(Some(Coding(HeaderValue::from_static("gzip")))),
        #[cfg(feature = "brotli")]
        b"br" => Ok(Some(Coding(HeaderValue::from_static("br")))),
        #[cfg(feature = "zstd")]
        b"zstd" => Ok(Some(Coding(HeaderValue::from_static("zstd")))),
        _ => Err(Unknown),
    }
}

impl Coding {
    /// The body as it was before it was compressed, up to `limit` bytes of it.
    pub(super) async fn decompress(self, body: Bytes, limit: usize) -> Result<Bytes, Spoilt> {
        let mut request = Request::new(Body::from(body));
        request.headers_mut().insert(header::CONTENT_ENCODING, self.0);
        let handed_on = service_fn(|request: Request<DecompressionBody<Body>>| {
            ready(Ok::<_, Infallible>(Response::new(Body::new(request.into_body()))))
        });
        let Ok(decompressed) = RequestDecompression::new(handed_on).call(request).await;
        match Limited::new(Body::new(decompressed.into_body()), limit).collect().await {
            Ok(collected) => Ok(collected.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => Err(Spoilt::TooLarge),
            Err(_) => Err(Spoilt::Broken),
        }
    }
}
