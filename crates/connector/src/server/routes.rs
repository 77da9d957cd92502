//! Which path leads where.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request, StatusCode};
use axum::response::Response;

use super::call::App;
use super::{compression, metrics, reply, security};
use crate::Secret;
use crate::capability::same_name;

/// All that the routes lead to.
struct Site {
    apps: Vec<App>,
    prefixed: bool,
    token: Option<Secret>,
}

/// The routes of `apps`. Names of capabilities have two spellings each, so paths are taken apart here and not by a table.
pub(super) fn router(apps: Vec<App>, prefixed: bool, token: Option<Secret>) -> Router {
    Router::new().fallback(route).with_state(Arc::new(Site { apps, prefixed, token }))
}

async fn route(State(site): State<Arc<Site>>, request: Request<Body>) -> Response {
    let accepted = compression::accepted(request.headers());
    let response = answer(&site, request).await;
    compression::compressed(accepted, response).await
}

async fn answer(site: &Site, request: Request<Body>) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    // A client that joins paths may leave a slash at the end.
    let path = path.strip_suffix('/').unwrap_or(path).to_owned();
    // Whether the server lives is no secret, and who asks has no token.
    if path == "livez" || path == "readyz" {
        return site.get_only(&request, || reply::of_type(StatusCode::OK, "text/plain", "ok\n"));
    }
    if let Some(token) = &site.token
        && !security::bears(request.headers(), token)
    {
        return security::unauthorized(&site.apps);
    }
    if path == "metrics" {
        return site.get_only(&request, || {
            let mut text = metrics::HEAD.to_owned();
            for app in &site.apps {
                app.metrics.render(app.integration.app_id(), &mut text);
            }
            reply::of_type(StatusCode::OK, "text/plain; version=0.0.4", text)
        });
    }
    let found = if site.prefixed {
        path.split_once('/').and_then(|(app_id, name)| {
            let app = site.apps.iter().find(|app| same_name(app.integration.app_id(), app_id))?;
            Some((app, name))
        })
    } else {
        site.apps.first().map(|app| (app, path.as_str()))
    };
    match found {
        Some((app, name)) => app.answer(name, request).await,
        None => {
            let ids: Vec<&str> = site.apps.iter().map(|app| app.integration.app_id()).collect();
            let message = format!("there is no such path; the apps here are {}", ids.join(", "));
            site.apps.first().map_or_else(
                || reply::of_type(StatusCode::NOT_FOUND, "text/plain", "there is no app here\n"),
                |app| app.complain(StatusCode::NOT_FOUND, crate::ErrorCode::NotImplemented, &message),
            )
        }
    }
}

impl Site {
    fn get_only(&self, request: &Request<Body>, answer: impl FnOnce() -> Response) -> Response {
        if matches!(*request.method(), Method::GET | Method::HEAD) {
            return answer();
        }
        match self.apps.first() {
            Some(app) => app.wrong_method("GET, HEAD"),
            None => {
                reply::of_type(StatusCode::METHOD_NOT_ALLOWED, "text/plain", "this path takes GET, HEAD\n")
            }
        }
    }
}
