//! `GET /openapi.json`: generated on the first request and cached.

use std::sync::OnceLock;

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use super::app::App;
use super::{etag, response};
use crate::document::Served;

/// The OpenAPI document of an app.
pub(super) struct Document {
    served: Served,
    cached: OnceLock<CachedDocument>,
}

struct CachedDocument {
    bytes: Bytes,
    tag: HeaderValue,
}

impl Document {
    pub(super) const fn new(served: Served) -> Self {
        Self { served, cached: OnceLock::new() }
    }

    /// Responds to a request for the document.
    pub(super) fn answer(&self, app: &App, head: &Parts) -> Response {
        if !matches!(head.method, Method::GET | Method::HEAD) {
            return app.wrong_method("GET, HEAD");
        }
        let cached = self.cached.get_or_init(|| CachedDocument::of(app, &self.served));
        let mut response = if etag::is_known(&head.headers, &cached.tag) {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        } else {
            response::of_type(StatusCode::OK, "application/json", cached.bytes.clone())
        };
        response.headers_mut().insert(header::ETAG, cached.tag.clone());
        response
    }
}

impl CachedDocument {
    fn of(app: &App, served: &Served) -> Self {
        let bytes = Bytes::from(app.integration.served_document(served).to_string());
        Self { tag: etag::of(&bytes), bytes }
    }
}
