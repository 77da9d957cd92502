//! Which path leads where.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{Method, Request, StatusCode};
use axum::response::Response;

use super::body::Arriving;
use super::call::{App, Shared};
use super::host::Refusal;
use super::metrics::CapabilityMetrics;
use super::progress::Progress;
use super::{compression, docs, progress, reply, security};
use crate::capability::same_name;
use crate::error::ErrorCode;
use crate::integration::trace::Caller;
use crate::scrub::Watch;
use crate::secret::Secret;

/// All that the routes lead to.
pub(super) struct Site {
    pub(super) apps: Vec<App>,
    pub(super) prefixed: bool,
    pub(super) token: Option<Arc<Secret>>,
    /// Keeps the token out of the log.
    pub(super) _token_is_scrubbed: Option<Watch>,
    /// Of requests that lead to no app. They count for the sole app, if its paths have no prefix.
    pub(super) unrouted: CapabilityMetrics,
    pub(super) shared: Arc<Shared>,
}

/// The routes of a site, for a router of others.
pub(super) fn router(site: Arc<Site>) -> Router {
    let route = async |State(site): State<Arc<Site>>, request: Request<Body>| site.answer(request).await;
    Router::new().fallback(route).with_state(site)
}

impl Site {
    /// Answers a request. Names of capabilities have two spellings each, so paths are taken apart here and not by a
    /// table.
    pub(super) async fn answer(&self, request: Request<Body>) -> Response {
        let (head, body) = request.into_parts();
        let body = Arriving::new(&head, body);
        let caller = security::caller(&head.headers, self.token.as_ref());
        let response = match self.find(&head) {
            Way::To(app, name) => app.answer(name, &head, body, caller).await,
            Way::End(response) => self.end(response, caller),
        };
        compression::compressed(&head.headers, response).await
    }

    /// The answer to a request that is refused by its head.
    pub(super) fn refuse(&self, request: Request<Body>, (status, message): Refusal) -> Response {
        let (head, body) = request.into_parts();
        drop(Arriving::new(&head, body));
        let response = self.complain(status, ErrorCode::BadRequest, message);
        self.end(response, security::caller(&head.headers, self.token.as_ref()))
    }

    /// Ends a request that led to no app. What was refused counts, as a way that leads nowhere does: who tries tokens
    /// is to be seen. The server's own pages and probes do not.
    fn end(&self, mut response: Response, mut caller: Caller) -> Response {
        if response.status().is_client_error() {
            Progress::begin(&self.unrouted, self.shared.options.access_log, caller).end(&mut response);
        } else {
            progress::name(&mut response, &mut caller);
        }
        response
    }

    /// An error that is no app's, in the format of the first.
    pub(super) fn complain(&self, status: StatusCode, code: ErrorCode, message: &str) -> Response {
        self.apps.first().map_or_else(
            || reply::of_type(status, "text/plain", format!("{message}\n")),
            |app| app.complain(status, code, message),
        )
    }

    /// The answer to a request for something that is there to be read only.
    pub(super) fn get_only(&self, method: &Method, answer: impl FnOnce() -> Response) -> Response {
        if matches!(*method, Method::GET | Method::HEAD) {
            return answer();
        }
        reply::wrong_method("GET, HEAD", |status, message| {
            self.complain(status, ErrorCode::BadRequest, message)
        })
    }

    /// Where a request leads: to a capability of an app, or to what is answered here.
    fn find<'a>(&'a self, head: &'a Parts) -> Way<'a> {
        let path = head.uri.path().trim_start_matches('/');
        if let Some(page) = docs::answer(self, path, head) {
            return Way::End(page);
        }
        // A client that joins paths may leave a slash at the end.
        let path = path.strip_suffix('/').unwrap_or(path);
        // Whether the server lives is no secret, and who asks has no token.
        if path == "livez" || path == "readyz" {
            return Way::End(
                self.get_only(&head.method, || reply::of_type(StatusCode::OK, "text/plain", "ok\n")),
            );
        }
        if let Some(token) = &self.token
            && !security::bears(&head.headers, token)
        {
            return Way::End(security::unauthorized(self));
        }
        if path == "metrics" {
            return Way::End(self.get_only(&head.method, || self.shared.render_metrics()));
        }
        let found = if self.prefixed {
            path.split_once('/').and_then(|(app_id, name)| {
                let app = self.apps.iter().find(|app| same_name(app.integration.app_id(), app_id))?;
                Some((app, name))
            })
        } else {
            self.apps.first().map(|app| (app, path))
        };
        match found {
            Some((app, "openapi.json")) => return Way::End(app.document.answer(app, head)),
            Some((app, name)) => return Way::To(app, name),
            None => {}
        }
        let ids: Vec<&str> = self.apps.iter().map(|app| app.integration.app_id()).collect();
        let message = format!("there is no such path; the apps here are {}", ids.join(", "));
        Way::End(self.complain(StatusCode::NOT_FOUND, ErrorCode::NotImplemented, &message))
    }
}

/// Where a request leads.
enum Way<'a> {
    /// To an app, under this name.
    To(&'a App, &'a str),
    /// No further.
    End(Response),
}
