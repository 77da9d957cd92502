//! Passes reads on to the upstream's API, which is simulated too: `/users` and `/users/{id}`. A connector whose upstream is
//! real uses [`arbitrary_endpoint`](connector::IntegrationBuilder::arbitrary_endpoint) instead.

use connector::capability::{
    ArbitraryRequestMethod, FulfillArbitraryEndpointRequest, FulfillArbitraryEndpointResponse,
};
use connector::{Response, Result};
use serde::Serialize;
use serde_json::{Value, json};

use crate::Request;
use crate::tenant::{DOMAIN, Tenant, User};
use crate::upstream::{self, check_secret};

/// The number of users that `/users` returns at once.
const PAGE: u64 = 100;
const FAILING: &str = "the setting `fail_with_status` is on";

pub(crate) async fn fulfill_arbitrary_endpoint(
    request: Request<FulfillArbitraryEndpointRequest>,
) -> Result<Response<FulfillArbitraryEndpointResponse>> {
    #[derive(Serialize)]
    struct Raw {
        path: String,
    }

    let payload = &request.request;
    let path = match path(payload) {
        Ok(path) => path,
        Err(reason) => {
            let response = FulfillArbitraryEndpointResponse {
                error: Some(reason.to_owned()),
                ..FulfillArbitraryEndpointResponse::new(false, [], payload.url.as_str())
            };
            return Ok(Response::new(response));
        }
    };
    upstream::delay_or_panic(&request.settings).await;
    let (status, body) = match request.settings.fail_with_status() {
        // As for a real upstream, only this status is an error.
        Some(401) => return Err(upstream::status_error("GET", &path, 401, FAILING))?,
        Some(status) => (status, json!({ "error": FAILING })),
        None => {
            check_secret(request.auth.password.expose(), "GET", &path, "the password is wrong")?;
            respond(Tenant::new(request.settings.accounts()), &path)
        }
    };
    let content_type = "application/json";
    let response = FulfillArbitraryEndpointResponse {
        status_code: Some(status.into()),
        body: Some(body.to_string()),
        content_type: Some(content_type.to_owned()),
        ..FulfillArbitraryEndpointResponse::new(
            (200..300).contains(&status),
            [("content-type".to_owned(), content_type.to_owned())],
            format!("https://{DOMAIN}{path}"),
        )
    };
    Ok(Response::new(response).raw_data_if(request.include_raw_data, Raw { path }))
}

/// The path that a request is for, or why the request is rejected. The upstream has no query parameters.
fn path(request: &FulfillArbitraryEndpointRequest) -> Result<String, &'static str> {
    if request.method.unwrap_or_default() != ArbitraryRequestMethod::Get {
        return Err("POST is not allowed for this path");
    }
    if request.body.is_some() {
        return Err("only a POST request can have a body");
    }
    if request.query.as_ref().is_some_and(|query| !query.is_empty()) {
        return Err("query parameters are not allowed");
    }
    if request.headers.as_ref().is_some_and(|headers| !headers.is_empty()) {
        return Err("headers are not allowed");
    }
    let path = match request.url.split_once("://") {
        Some(("https", rest)) => {
            // The host must end here: `mock.example.com` is another one than `mock.example.com.evil.example`.
            let path = rest.strip_prefix(DOMAIN).filter(|path| path.is_empty() || path.starts_with('/'));
            path.ok_or("the URL must be on the host of the connection")?
        }
        Some(_) => return Err("the URL must be on the host of the connection"),
        None => &request.url,
    };
    let path = path.strip_prefix('/').unwrap_or(path);
    let is_plain = |char: char| char.is_ascii_alphanumeric() || "/-_".contains(char);
    if path.starts_with('/') || !path.chars().all(is_plain) {
        return Err("the URL must be a path of letters, digits, `-`, `_` and `/`");
    }
    Ok(format!("/{path}"))
}

/// The upstream's response to `GET path`.
fn respond(tenant: Tenant, path: &str) -> (u16, Value) {
    if path == "/users" {
        let users: Vec<User> = tenant.users(0..PAGE).collect();
        return (200, json!({ "users": users, "total": tenant.accounts() }));
    }
    match path.strip_prefix("/users/").and_then(|id| tenant.user(id)) {
        Some(user) => (200, json!(user)),
        None => (404, json!({ "error": "not found" })),
    }
}
