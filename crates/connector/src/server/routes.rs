//! Which path leads where.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request, StatusCode, header};
use axum::response::Response;

use super::call::App;
use super::{docs, metrics, reply, security};
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
    let path = request.uri().path().trim_start_matches('/').to_owned();
    // Whether the server lives is no secret, and who asks has no token.
    if path == "livez" || path == "readyz" {
        return get_only(&request, || reply::of_type(StatusCode::OK, "text/plain", "ok\n"));
    }
    if let Some(answer) = docs::answer(&site.apps, site.prefixed, &path, &request) {
        return answer;
    }
    if let Some(token) = &site.token
        && !security::bears(request.headers(), token)
    {
        return security::unauthorized(&site.apps);
    }
    if path == "metrics" {
        return get_only(&request, || {
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
        Some((app, "openapi.json")) => app.document.answer(app, &request),
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

pub(super) fn get_only(request: &Request<Body>, answer: impl FnOnce() -> Response) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return answer();
    }
    let mut refused =
        reply::of_type(StatusCode::METHOD_NOT_ALLOWED, "text/plain", "this path takes GET, HEAD\n");
    refused.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("GET, HEAD"));
    refused
}
