//! One call over HTTP: body in, answer out.

use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, HttpBody as _};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::response::Response;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use super::admission::Admission;
use super::compression::{CODINGS, Spoilt};
use super::metrics::Metrics;
use super::{Options, compression, reply};
use crate::error::ErrorCode;
use crate::integration::{Answer, Integration, Outcome};

/// An integration, and what it is served with.
pub(super) struct App {
    pub(super) integration: Integration,
    options: Options,
    admission: Arc<Admission>,
    pub(super) metrics: Metrics,
}

impl App {
    pub(super) fn new(integration: Integration, options: &Options, admission: Arc<Admission>) -> Self {
        let deadline = integration.deadline().map_or(options.timeout, |own| own.min(options.timeout));
        let integration = integration.with_deadline(Some(deadline));
        Self { integration, options: options.clone(), admission, metrics: Metrics::default() }
    }

    /// Answers a request to `name`, which is the last part of its path.
    pub(super) async fn answer(&self, name: &str, request: Request<Body>) -> Response {
        let begun = Instant::now();
        let _in_flight = self.metrics.enter();
        let known = if name == "info" { Some("info") } else { self.integration.known_name(name) };
        let response = match (known, request.method()) {
            (None, _) => {
                let message = "there is no such path; GET /info lists the capabilities";
                self.complain(StatusCode::NOT_FOUND, ErrorCode::NotImplemented, message)
            }
            (Some(name), &Method::POST) => self.post(name, request).await,
            (Some("info"), &Method::GET | &Method::HEAD) => self.call("info", &[]).await,
            (Some("info"), _) => self.wrong_method("GET, HEAD, POST"),
            (Some(_), _) => self.wrong_method("POST"),
        };
        let capability = known.unwrap_or("unknown");
        let took = begun.elapsed();
        let bytes = response.body().size_hint().exact().unwrap_or_default();
        self.metrics.record(capability, response.status(), took, bytes);
        if self.options.access_log {
            tracing::info!(
                target: crate::ACCESS_LOG,
                capability,
                status = response.status().as_u16(),
                micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
                bytes,
            );
        }
        response
    }

    async fn post(&self, name: &str, request: Request<Body>) -> Response {
        let (head, body) = request.into_parts();
        if !is_json(&head.headers) {
            return self.complain(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                ErrorCode::BadRequest,
                "the body must be JSON: set the header `Content-Type: application/json`",
            );
        }
        let Ok(coding) = compression::coding(&head.headers) else { return self.unknown_coding() };
        let reading = Limited::new(body, self.options.body_limit).collect();
        let mut bytes = match tokio::time::timeout(self.options.timeout, reading).await {
            Ok(Ok(collected)) => collected.to_bytes(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                return self.too_large();
            }
            Ok(Err(_)) => {
                return self.complain(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, "the body is cut off");
            }
            Err(_) => {
                let message = "the body did not arrive in time";
                return self.complain(StatusCode::REQUEST_TIMEOUT, ErrorCode::BadRequest, message);
            }
        };
        let Ok(_permit) = self.admission.enter().await else {
            let message = "too many calls at once; try again later";
            let mut full = self.complain(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::ApiError, message);
            full.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
            return full;
        };
        // Not before it is this call's turn: a body that swells takes memory.
        if let Some(coding) = coding {
            bytes = match coding.decompress(bytes, self.options.body_limit).await {
                Ok(bytes) => bytes,
                Err(Spoilt::TooLarge) => return self.too_large(),
                Err(Spoilt::Broken) => {
                    let message = "the body is not in the coding that its Content-Encoding names";
                    return self.complain(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message);
                }
            };
        }
        self.call(name, &bytes).await
    }

    async fn call(&self, name: &str, request: &[u8]) -> Response {
        let Answer { body, outcome } = self.integration.answer(name, request).await;
        let status = reply::status(&outcome, self.options.status_from_error);
        let mut response = reply::json(status, body);
        if outcome == (Outcome::Success { partial: true }) {
            response.headers_mut().insert("x-partial", header::HeaderValue::from_static("true"));
        }
        response
    }

    /// An answer that the server makes itself.
    pub(super) fn complain(&self, status: StatusCode, code: ErrorCode, message: &str) -> Response {
        reply::json(status, self.integration.complaint(code, message))
    }

    fn too_large(&self) -> Response {
        let message = format!("the body is larger than {} bytes", self.options.body_limit);
        self.complain(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::BadRequest, &message)
    }

    fn unknown_coding(&self) -> Response {
        let message = format!("the body's Content-Encoding must be one of {CODINGS}");
        let mut response = self.complain(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::BadRequest, &message);
        response.headers_mut().insert(header::ACCEPT_ENCODING, header::HeaderValue::from_static(CODINGS));
        response
    }

    pub(super) fn wrong_method(&self, allowed: &'static str) -> Response {
        let message = format!("this path takes {allowed}");
        let mut response = self.complain(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadRequest, &message);
        response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static(allowed));
        response
    }
}

/// Whether a body says that it is JSON (`application/json`, or a type that ends in `+json`), or says nothing.
///
/// A page of any site can have a browser send a body without a type; one with this type only after the server agreed.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return !headers.contains_key(header::ORIGIN) };
    let Ok(value) = value.to_str() else { return false };
    let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}
