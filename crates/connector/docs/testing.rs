// The connector under test in the guide's page on testing.

use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::error::{HttpHandler, HttpStatusError};
use connector::model::{FoundAccountData, OAuthCredentials};
use connector::{Integration, Response, Result};
use std::io::{Read, Write};
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Settings {
    base_url: String,
}
async fn list_accounts(
    request: connector::Request<ListAccountsRequest, Settings, OAuthCredentials>,
) -> Result<Response<ListAccountsResponse>> {
    let path = match &request.page.token {
        Some(token) => format!("/users?limit={}&after={token}", request.page_size()),
        None => format!("/users?limit={}", request.page_size()),
    };
    let address = request.settings.base_url.trim_start_matches("http://").to_owned();
    let token = request.auth.access_token.expose();
    let mut stream = std::net::TcpStream::connect(&address)?;
    let head = format!("Host: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close");
    write!(stream, "GET {path} HTTP/1.1\r\n{head}\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    if !answer.starts_with("HTTP/1.1 200") {
        return Err(HttpStatusError::new("GET", &path, answer[9..12].parse()?, ""))?;
    }
    let page: serde_json::Value = serde_json::from_str(answer.split("\r\n\r\n").last().unwrap_or_default())?;
    let users = page["users"].as_array().cloned().unwrap_or_default();
    let account = |user: &serde_json::Value| FoundAccountData {
        email: user["mail"].as_str().map(str::to_owned),
        ..FoundAccountData::new(user["id"].as_str().unwrap_or_default())
    };
    let accounts = users.iter().map(account).collect();
    let next = page["next"].as_str().map(str::to_owned);
    Ok(Response::new(ListAccountsResponse { accounts }).next_token(next))
}
fn integration() -> Integration {
    Integration::builder("app")
        .auth::<OAuthCredentials>()
        .settings::<Settings>()
        .on_error::<HttpStatusError>(HttpHandler)
        .register(ListAccounts, list_accounts)
        .build()
}
