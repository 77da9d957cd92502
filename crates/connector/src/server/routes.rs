//! The service that routes requests by path.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{Method, Request, StatusCode};
use axum::response::Response;
use tower::{Service, ServiceBuilder, service_fn};

use super::app::{App, Shared};
use super::cors::Origin;
use super::metrics::{self, CapabilityMetrics};
use super::progress::{self, Progress};
use super::request_body::Arriving;
use super::{compression, cors, docs, head, path, response, token};
use crate::capability::same_name;
use crate::error::ErrorCode;
use crate::integration::trace::CallOrigin;
use crate::scrub::Watch;
use crate::secret::Secret;

/// The apps of a server.
pub(super) struct Apps {
    pub(super) apps: Vec<App>,
    /// Whether an app's paths start with its id.
    pub(super) prefixed: bool,
    pub(super) token: Option<Arc<Secret>>,
    /// Keeps the token out of the log.
    pub(super) _token_is_scrubbed: Option<Watch>,
    /// The check of request heads, if enabled.
    pub(super) head_check: Option<head::Check>,
    /// Metrics of requests that don't lead to an app. If the only app has no prefix, they count for that app.
    pub(super) unrouted: CapabilityMetrics,
    pub(super) shared: Arc<Shared>,
}

/// Creates the service for `apps`. Pages of `origins` may read its responses.
pub(super) fn service(
    apps: Arc<Apps>,
    origins: Vec<Origin>,
) -> impl Service<Request<Body>, Response = Response, Error = Infallible, Future: Send> + Clone + Send + Sync
{
    // Bypasses axum's router and the compression layer: see ADR 0006.
    let answer = service_fn(move |request| {
        let apps = Arc::clone(&apps);
        async move { Ok(apps.answer(request).await) }
    });
    ServiceBuilder::new().option_layer(cors::layer(origins)).service(answer)
}

/// The result of routing a request.
enum Route<'a> {
    /// An app, and the name in it.
    App(&'a App, &'a str),
    /// A response, without an app.
    Response(Response),
}

impl Apps {
    async fn answer(&self, request: Request<Body>) -> Response {
        let (head, body) = request.into_parts();
        let body = Arriving::new(&head, body);
        let origin = progress::origin(&head.headers, self.token.as_ref());
        let path = path::normalized(head.uri.path());
        let response = match self.route(&head, &path) {
            Route::App(app, name) => app.answer(name, &head, body, origin).await,
            Route::Response(response) => self.end(response, origin),
        };
        compression::compress(&head.headers, response).await
    }

    fn route<'a>(&'a self, head: &Parts, path: &'a str) -> Route<'a> {
        let full_path = path.trim_start_matches('/');
        // Clients that join paths may add a trailing slash.
        let path = full_path.strip_suffix('/').unwrap_or(full_path);
        let is_probe = matches!(path, "livez" | "readyz");
        if let Some(Err((status, message))) =
            self.head_check.as_ref().map(|check| check.check(head, is_probe))
        {
            return Route::Response(self.error_response(status, ErrorCode::BadRequest, message));
        }
        if let Some(page) = docs::answer(self, full_path, head) {
            return Route::Response(page);
        }
        match path {
            _ if is_probe => {
                let probe = || response::of_type(StatusCode::OK, "text/plain", "ok\n");
                return Route::Response(self.get_only(&head.method, probe));
            }
            _ if self.token.as_ref().is_some_and(|token| !token::bears(&head.headers, token)) => {
                return Route::Response(token::unauthorized(self));
            }
            "metrics" => {
                let metrics =
                    || response::of_type(StatusCode::OK, metrics::CONTENT_TYPE, self.shared.render_metrics());
                return Route::Response(self.get_only(&head.method, metrics));
            }
            _ => {}
        }
        match self.app(path) {
            Some((app, "openapi.json")) => Route::Response(app.document.answer(app, head)),
            Some((app, name)) => Route::App(app, name),
            None => Route::Response(self.not_found()),
        }
    }

    /// Finds the app for a path, and the rest of the path.
    fn app<'a>(&self, path: &'a str) -> Option<(&App, &'a str)> {
        if !self.prefixed {
            return self.apps.first().map(|app| (app, path));
        }
        let (app_id, name) = path.split_once('/')?;
        let app = self.apps.iter().find(|app| same_name(app.integration.app_id(), app_id))?;
        Some((app, name))
    }

    /// Ends a request that doesn't lead to an app. Rejected requests are counted and logged, since someone may be
    /// trying tokens. Requests for the server's own pages and probes are not.
    fn end(&self, mut response: Response, mut origin: CallOrigin) -> Response {
        if response.status().is_client_error() {
            Progress::begin(&self.unrouted, self.shared.options.access_log, origin).end(&mut response);
        } else {
            progress::set_request_id(&mut response, &mut origin);
        }
        response
    }

    /// An error response that belongs to no app, in the format of the first one.
    pub(super) fn error_response(&self, status: StatusCode, code: ErrorCode, message: &str) -> Response {
        self.apps.first().map_or_else(
            || response::of_type(status, "text/plain", format!("{message}\n")),
            |app| app.error_response(status, code, message),
        )
    }

    /// Responds to a request for a read-only resource.
    pub(super) fn get_only(&self, method: &Method, answer: impl FnOnce() -> Response) -> Response {
        if matches!(*method, Method::GET | Method::HEAD) {
            return answer();
        }
        response::wrong_method("GET, HEAD", |status, message| {
            self.error_response(status, ErrorCode::BadRequest, message)
        })
    }

    fn not_found(&self) -> Response {
        let ids: Vec<&str> = self.apps.iter().map(|app| app.integration.app_id()).collect();
        let message = format!("no such path; the available apps are {}", ids.join(", "));
        self.error_response(StatusCode::NOT_FOUND, ErrorCode::NotImplemented, &message)
    }
}
