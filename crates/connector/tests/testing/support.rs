//! A client that shows exactly what is sent over the wire, and a small connector that uses it.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use connector::capability::{
    CreateAccount, CreateAccountRequest, CreateAccountResponse, ListAccounts, ListAccountsRequest,
    ListAccountsResponse,
};
use connector::error::{HttpHandler, HttpStatusError};
use connector::model::{AccountStatus, FoundAccountData, TokenCredentials};
use connector::{Integration, Response, Result, Wire};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use test_support::{Reply, ask};

/// Sends `call` (`GET /path`) with these headers to `url`. The connection may end in the middle of the response.
pub(crate) fn send(url: &str, call: &str, headers: &[(&str, &str)], body: &str) -> io::Result<Reply> {
    let headers: String = headers.iter().map(|(name, value)| format!("\r\n{name}: {value}")).collect();
    let address = url.trim_start_matches("http://");
    let reply = Reply::read(ask(address, &format!("{call} HTTP/1.1{headers}"), body.as_bytes()));
    if reply.head.is_empty() {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "no response"));
    }
    Ok(reply)
}

pub(crate) fn get(url: &str, path: &str) -> io::Result<Reply> {
    send(url, &format!("GET {path}"), &[], "")
}

/// The message that `run` panics with.
pub(crate) fn panic_message(run: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(run)).expect_err("it panics");
    match panic.downcast::<String>() {
        Ok(message) => *message,
        Err(panic) => panic.downcast_ref::<&str>().copied().unwrap_or_default().to_owned(),
    }
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Settings {
    base_url: String,
}

type Request<P> = connector::Request<P, Settings, TokenCredentials>;

#[derive(Deserialize)]
struct Users {
    users: Vec<String>,
    next: Option<String>,
}

async fn list_accounts(request: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
    let (url, size) = (&request.settings.base_url, request.page_size());
    let path = match &request.page.token {
        Some(token) => format!("/users?limit={size}&after={token}"),
        None => format!("/users?limit={size}"),
    };
    let bearer = format!("Bearer {}", request.auth.token.expose());
    let reply = send(url, &format!("GET {path}"), &[("Authorization", &bearer)], "")?;
    if reply.status != 200 {
        return Err(HttpStatusError::new("GET", &format!("{url}{path}"), reply.status, &reply.body))?;
    }
    let page: Users = serde_json::from_str(&reply.body)?;
    let accounts = page.users.into_iter().map(FoundAccountData::new).collect();
    Ok(Response::new(ListAccountsResponse { accounts }).next_token(page.next))
}

async fn create_account(request: Request<CreateAccountRequest>) -> Result<Response<CreateAccountResponse>> {
    let (url, bearer) = (&request.settings.base_url, format!("Bearer {}", request.auth.token.expose()));
    let body = json!({ "login": request.request.account.username, "password": request.auth.token.expose() });
    let reply = send(url, "POST /users", &[("Authorization", &bearer)], &body.to_string())?;
    if reply.status != 201 {
        return Err(HttpStatusError::new("POST", &format!("{url}/users"), reply.status, &reply.body))?;
    }
    Ok(CreateAccountResponse { status: AccountStatus::Active, created: true, id: None }.into())
}

/// A connector with a listing and a write, in openapi, which has token credentials.
pub(crate) fn integration() -> Integration {
    Integration::builder("app")
        .wire(Wire::OpenApi)
        .auth::<TokenCredentials>()
        .settings::<Settings>()
        .on_error::<HttpStatusError>(HttpHandler)
        .register(ListAccounts, list_accounts)
        .register(CreateAccount, create_account)
        .build()
}

pub(crate) const TOKEN: &str = "canary token of the tests";

/// The sections that every request has.
pub(crate) fn common() -> Value {
    json!({ "auth": { "token": { "token": TOKEN } }, "settings": { "base_url": "{{upstream}}" } })
}
