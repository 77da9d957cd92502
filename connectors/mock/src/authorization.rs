//! An OAuth 2 flow (RFC 6749, section 4.1) with a fictional provider that stores nothing and derives tokens from its
//! input.

mod query;
mod token;

use connector::capability::{
    GetAuthorizationUrlRequest, GetAuthorizationUrlResponse, HandleAuthorizationCallbackRequest,
    HandleAuthorizationCallbackResponse, RefreshAccessTokenRequest, RefreshAccessTokenResponse, TokenType,
};
use connector::{ConnectorError, ErrorCode, NoAuth, Response, Result};
use serde::Serialize;

use crate::error::bad_request;
use crate::tenant::DOMAIN;
use crate::{Request, upstream};

const AUTHORIZE: &str = "/authorize";
const TOKEN: &str = "/token";

/// The errors that a provider may return with the redirect (RFC 6749, section 4.1.2.1).
const PROVIDER_ERRORS: [&str; 7] = [
    "access_denied",
    "invalid_request",
    "invalid_scope",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_response_type",
];

pub(crate) async fn get_authorization_url(
    request: Request<GetAuthorizationUrlRequest, NoAuth>,
) -> Result<Response<GetAuthorizationUrlResponse>> {
    upstream::call_anonymously(&request, "GET", AUTHORIZE).await?;
    let GetAuthorizationUrlRequest { client_id, scopes, redirect_uri, state, .. } = &request.request;
    require("client_id", client_id)?;
    require("redirect_uri", redirect_uri)?;
    let query = query::build(&[
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", redirect_uri),
        ("scope", &scopes.join(" ")),
        ("state", state),
    ]);
    let authorization_url = format!("https://{DOMAIN}{AUTHORIZE}?{query}");
    Ok(Response::new(GetAuthorizationUrlResponse::new(authorization_url)))
}

pub(crate) async fn handle_authorization_callback(
    request: Request<HandleAuthorizationCallbackRequest, NoAuth>,
) -> Result<Response<HandleAuthorizationCallbackResponse>> {
    upstream::call_anonymously(&request, "POST", TOKEN).await?;
    let HandleAuthorizationCallbackRequest {
        client_id, client_secret, redirect_uri_with_code, state, ..
    } = &request.request;
    require("client_id", client_id)?;
    let uri = redirect_uri_with_code.expose();
    if let Some(error) = query::value(uri, "error") {
        // The text comes from the browser's address bar, so only repeat errors that the standard defines.
        let why = PROVIDER_ERRORS.into_iter().find(|known| *known == error).unwrap_or("unknown error");
        let message = format!("the provider did not authorize the connector: {why}");
        return Err(ConnectorError::new(message, ErrorCode::Unauthorized))?;
    }
    let returned = query::value(uri, "state");
    if let (Some(expected), Some(returned)) = (state, &returned)
        && expected != returned
    {
        return Err(bad_request("redirect_uri_with_code: its state does not match the request's state"))?;
    }
    let code = query::value(uri, "code").filter(|code| !code.is_empty());
    let code = code.ok_or_else(|| bad_request("redirect_uri_with_code: its query has no code"))?;
    upstream::check_secret(client_secret.expose(), "POST", TOKEN, "the client's secret is wrong")?;
    let access_token = token::derive_token("access", client_id, &code);
    let response = HandleAuthorizationCallbackResponse {
        refresh_token: Some(token::derive_token("refresh", client_id, &code)),
        state: state.clone().or(returned),
        ..HandleAuthorizationCallbackResponse::new(access_token, TokenType::Bearer)
    };
    Ok(Response::new(response).raw_data_if(request.include_raw_data, Granted::NEW))
}

pub(crate) async fn refresh_access_token(
    request: Request<RefreshAccessTokenRequest, NoAuth>,
) -> Result<Response<RefreshAccessTokenResponse>> {
    upstream::call_anonymously(&request, "POST", TOKEN).await?;
    let RefreshAccessTokenRequest { client_id, client_secret, refresh_token, state, .. } = &request.request;
    require("client_id", client_id)?;
    require("refresh_token", refresh_token.expose())?;
    upstream::check_secret(client_secret.expose(), "POST", TOKEN, "the client's secret is wrong")?;
    let access_token = token::derive_token("access", client_id, refresh_token.expose());
    let response = RefreshAccessTokenResponse {
        refresh_token: Some(token::derive_token("refresh", client_id, refresh_token.expose())),
        state: state.clone(),
        ..RefreshAccessTokenResponse::new(access_token, TokenType::Bearer)
    };
    Ok(Response::new(response).raw_data_if(request.include_raw_data, Granted::NEW))
}

/// What the provider returns in addition to the tokens, which are only in the response.
#[derive(Serialize)]
struct Granted {
    token_type: &'static str,
    expires_in: u64,
}

impl Granted {
    const NEW: Self = Self { token_type: "bearer", expires_in: 3600 };
}

fn require(field: &str, value: &str) -> Result<(), ConnectorError> {
    if value.is_empty() { Err(bad_request(format!("{field}: empty"))) } else { Ok(()) }
}
