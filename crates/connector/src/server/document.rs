//! `GET /openapi.json`: made when it is first asked for, and kept.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::OnceLock;

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use super::call::App;
use super::reply;
use crate::document::{self, Served};

/// The OpenAPI document of an app.
pub(super) struct Document {
    served: Served,
    made: OnceLock<Made>,
}

struct Made {
    bytes: Bytes,
    tag: HeaderValue,
}

impl Document {
    pub(super) const fn new(served: Served) -> Self {
        Self { served, made: OnceLock::new() }
    }

    /// Answers a request for the document.
    pub(super) fn answer(&self, app: &App, head: &Parts) -> Response {
        if !matches!(head.method, Method::GET | Method::HEAD) {
            return app.wrong_method("GET, HEAD");
        }
        let made = self.made.get_or_init(|| Made::of(app, &self.served));
        let is_known = head.headers.get(header::IF_NONE_MATCH).is_some_and(|known| made.is_among(known));
        let mut response = if is_known {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        } else {
            reply::of_type(StatusCode::OK, "application/json", made.bytes.clone())
        };
        response.headers_mut().insert(header::ETAG, made.tag.clone());
        response
    }
}

impl Made {
    /// Whether a client that knows documents of these tags knows this one (RFC 9110, section 13.1.2).
    fn is_among(&self, tags: &HeaderValue) -> bool {
        let mut tags = tags.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        tags.any(|tag| tag == b"*" || tag.strip_prefix(b"W/").unwrap_or(tag) == self.tag.as_bytes())
    }

    fn of(app: &App, served: &Served) -> Self {
        let bytes = document::of(&app.integration, served).to_string();
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        let tag = HeaderValue::try_from(format!("\"{:016x}\"", hasher.finish()));
        Self { bytes: bytes.into(), tag: tag.unwrap_or_else(|_| HeaderValue::from_static("\"0\"")) }
    }
}
