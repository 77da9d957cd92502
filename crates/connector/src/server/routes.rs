//! The service that answers requests: which path leads where.

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
use crate::integration::trace::Caller;
use crate::scrub::Watch;
use crate::secret::Secret;

/// The apps of a server.
pub(super) struct Apps {
    pub(super) apps: Vec<App>,
    /// Whether the paths of an app begin with its ID.
    pub(super) prefixed: bool,
    pub(super) token: Option<Arc<Secret>>,
    /// Keeps the token out of the log.
    pub(super) _token_is_scrubbed: Option<Watch>,
    /// What heads are checked for, if they are.
    pub(super) head_check: Option<head::Check>,
    /// Of requests that lead to no app. They count for the sole app, if its paths have no prefix.
    pub(super) unrouted: CapabilityMetrics,
    pub(super) shared: Arc<Shared>,
}

/// The service that answers requests to `apps`. Pages of `origins` may read its answers.
pub(super) fn service(
    apps: Arc<Apps>,
    origins: Vec<Origin>,
) -> impl Service<Request<Body>, Response = Response, Error = Infallible, Future: Send> + Clone + Send + Sync
{
    // Paths are matched by hand, and answers are compressed by hand: see ADR 0006.
    let answer = service_fn(move |request| {
        let apps = Arc::clone(&apps);
        async move { Ok(apps.answer(request).await) }
    });
    ServiceBuilder::new().option_layer(cors::layer(origins)).service(answer)
}

/// Where a request leads.
enum Route<'a> {
    /// To an app, under this name.
    App(&'a App, &'a str),
    /// No further.
    Answered(Response),
}

impl Apps {
    async fn answer(&self, request: Request<Body>) -> Response {
        let (head, body) = request.into_parts();
        let body = Arriving::new(&head, body);
        let caller = progress::caller(&head.headers, self.token.as_ref());
        let path = path::normalized(head.uri.path());
        let response = match self.route(&head, &path) {
            Route::App(app, name) => app.answer(name, &head, body, caller).await,
            Route::Answered(response) => self.end(response, caller),
        };
        compression::compressed(&head.headers, response).await
    }

    fn route<'a>(&'a self, head: &Parts, path: &'a str) -> Route<'a> {
        let given = path.trim_start_matches('/');
        // Clients that join paths may leave a slash at the end.
        let path = given.strip_suffix('/').unwrap_or(given);
        let is_probe = matches!(path, "livez" | "readyz");
        if let Some(Err((status, message))) =
            self.head_check.as_ref().map(|check| check.check(head, is_probe))
        {
            return Route::Answered(self.complain(status, ErrorCode::BadRequest, message));
        }
        if let Some(page) = docs::answer(self, given, head) {
            return Route::Answered(page);
        }
        match path {
            _ if is_probe => {
                let probe = || response::of_type(StatusCode::OK, "text/plain", "ok\n");
                return Route::Answered(self.get_only(&head.method, probe));
            }
            _ if self.token.as_ref().is_some_and(|token| !token::bears(&head.headers, token)) => {
                return Route::Answered(token::unauthorized(self));
            }
            "metrics" => {
                let metrics =
                    || response::of_type(StatusCode::OK, metrics::CONTENT_TYPE, self.shared.render_metrics());
                return Route::Answered(self.get_only(&head.method, metrics));
            }
            _ => {}
        }
        match self.app(path) {
            Some((app, "openapi.json")) => Route::Answered(app.document.answer(app, head)),
            Some((app, name)) => Route::App(app, name),
            None => Route::Answered(self.not_found()),
        }
    }

    /// The app that a path leads to, and what the path names in it.
    fn app<'a>(&self, path: &'a str) -> Option<(&App, &'a str)> {
        if !self.prefixed {
            return self.apps.first().map(|app| (app, path));
        }
        let (app_id, name) = path.split_once('/')?;
        let app = self.apps.iter().find(|app| same_name(app.integration.app_id(), app_id))?;
        Some((app, name))
    }

    /// Ends a request that led to no app. Those that are rejected are counted and logged, since someone may be trying
    /// tokens. Those for the server's own pages and probes are not.
    fn end(&self, mut response: Response, mut caller: Caller) -> Response {
        if response.status().is_client_error() {
            Progress::begin(&self.unrouted, self.shared.options.access_log, caller).end(&mut response);
        } else {
            progress::set_request_id(&mut response, &mut caller);
        }
        response
    }

    /// An error that is no app's, in the format of the first.
    pub(super) fn complain(&self, status: StatusCode, code: ErrorCode, message: &str) -> Response {
        self.apps.first().map_or_else(
            || response::of_type(status, "text/plain", format!("{message}\n")),
            |app| app.complain(status, code, message),
        )
    }

    /// The answer to a request for something that can only be read.
    pub(super) fn get_only(&self, method: &Method, answer: impl FnOnce() -> Response) -> Response {
        if matches!(*method, Method::GET | Method::HEAD) {
            return answer();
        }
        response::wrong_method("GET, HEAD", |status, message| {
            self.complain(status, ErrorCode::BadRequest, message)
        })
    }

    fn not_found(&self) -> Response {
        let ids: Vec<&str> = self.apps.iter().map(|app| app.integration.app_id()).collect();
        let message = format!("there is no such path; the apps here are {}", ids.join(", "));
        self.complain(StatusCode::NOT_FOUND, ErrorCode::NotImplemented, &message)
    }
}
