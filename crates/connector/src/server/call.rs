//! One call over HTTP: body in, answer out.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::Response;

use super::access::AccessLog;
use super::admission::Admission;
use super::body::{Arriving, Unread};
use super::compression::{CODINGS, Spoilt};
use super::document::Document;
use super::metrics::Metrics;
use super::progress::Progress;
use super::{Options, compression, media_type, reply};
use crate::error::ErrorCode;
use crate::integration::trace::Caller;
use crate::integration::{Answer, Integration, Outcome};

/// An integration, and what it is served with.
pub(super) struct App {
    pub(super) integration: Integration,
    options: Options,
    admission: Arc<Admission>,
    pub(super) metrics: Metrics,
    access_log: Arc<AccessLog>,
    pub(super) document: Document,
}

impl App {
    pub(super) fn new(
        integration: Integration,
        options: &Options,
        admission: Arc<Admission>,
        access_log: Arc<AccessLog>,
        document: Document,
    ) -> Self {
        let deadline = integration.deadline().map_or(options.timeout, |own| own.min(options.timeout));
        let integration = integration.with_deadline(Some(deadline));
        let names =
            integration.capabilities().filter_map(|capability| integration.known_name(capability.name));
        let metrics = Metrics::new(std::iter::once("info").chain(names));
        Self { integration, options: options.clone(), admission, metrics, access_log, document }
    }

    /// Answers a request to `name`, which is the last part of its path.
    pub(super) async fn answer(&self, name: &str, head: &Parts, body: Arriving, caller: Caller) -> Response {
        let known = self.metrics.capability(name);
        let counted = known.unwrap_or_else(|| self.metrics.unknown());
        let mut progress = Progress::begin(counted, &self.access_log, caller);
        let mut response = match (known.map(|capability| capability.name()), &head.method) {
            (None, _) => {
                let message = "there is no such path; GET /info lists the capabilities";
                self.complain(StatusCode::NOT_FOUND, ErrorCode::NotImplemented, message)
            }
            (Some(_), &Method::POST) => self.post(head, body, &mut progress).await,
            (Some("info"), &Method::GET | &Method::HEAD) => self.call(Bytes::new(), &mut progress).await,
            (Some("info"), _) => self.wrong_method("GET, HEAD, POST"),
            (Some(_), _) => self.wrong_method("POST"),
        };
        progress.end(&mut response);
        response
    }

    async fn post(&self, head: &Parts, body: Arriving, progress: &mut Progress<'_>) -> Response {
        if let Err(message) = media_type::check(&head.headers) {
            return self.complain(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::BadRequest, message);
        }
        let Ok(coding) = compression::coding(&head.headers) else { return self.unknown_coding() };
        let mut bytes = match body.read(self.options.body_limit, self.options.timeout).await {
            Ok(bytes) => bytes,
            Err(Unread::TooLarge) => {
                return self.too_large();
            }
            Err(Unread::CutOff) => {
                return self.complain(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, "the body is cut off");
            }
            Err(Unread::Late) => {
                let message = "the body did not arrive in time";
                return self.complain(StatusCode::REQUEST_TIMEOUT, ErrorCode::BadRequest, message);
            }
        };
        progress.received = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
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
        self.call(bytes, progress).await
    }

    async fn call(&self, request: Bytes, progress: &mut Progress<'_>) -> Response {
        let (name, caller) = progress.dispatch();
        caller.shares(request.clone());
        let Answer { body, outcome } = self.integration.answer_to(name, &request, caller).await;
        let status = reply::status(&outcome, self.options.status_from_error);
        let mut response = reply::json(status, body);
        if outcome == (Outcome::Success { partial: true }) {
            response.headers_mut().insert("x-partial", header::HeaderValue::from_static("true"));
        }
        progress.answered(outcome);
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
        reply::wrong_method(allowed, |status, message| self.complain(status, ErrorCode::BadRequest, message))
    }
}
