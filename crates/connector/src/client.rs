//! Talks to the upstream over HTTP, with the feature `client`.
//!
//! A [`Client`] is the pool of connections that all calls share. For each call of a capability, [`Client::upstream`]
//! makes an [`Upstream`] from the request: it knows the base URL, the credentials, the time that is left, and whether
//! calls may be repeated.
//!
//! ```
//! use connector::capability::{ListAccountsRequest, ListAccountsResponse};
//! use connector::client::Client;
//! use connector::model::{FoundAccountData, OAuthCredentials};
//! use connector::{NoSettings, Response, Result};
//! use serde::Deserialize;
//!
//! type Request<P> = connector::Request<P, NoSettings, OAuthCredentials, Client>;
//!
//! #[derive(Deserialize)]
//! struct Users {
//!     ids: Vec<String>,
//! }
//!
//! async fn list_accounts(request: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
//!     let upstream = request.state.upstream(&request, "https://api.acme.example/v2")?;
//!     let upstream = upstream.bearer(request.auth.access_token.expose())?;
//!     let users: Users = upstream.get(["users"]).query("limit", request.page_size()).json().await?;
//!     let accounts: Vec<_> = users.ids.into_iter().map(FoundAccountData::new).collect();
//!     Ok(ListAccountsResponse::new(accounts).into())
//! }
//! ```
//!
//! # Repeated calls
//!
//! A call is repeated after 408, 429, 502, 503, 504 and after a lost connection, if that is harmless: if its method is
//! `GET`, `HEAD` or `OPTIONS`, if it is marked as [`safe`](Call::safe), or if the capability is an
//! [idempotent write](crate::capability::Effect::IdempotentWrite). Any other call is repeated only if the upstream has
//! not acted on it: if there was no connection, or if it was throttled with 429. `POST` in a capability that reads is not
//! repeated by itself either, because some upstreams start a job with it.
//!
//! The wait is random, up to 0.5 seconds at first and twice as long each time, or what `Retry-After` says. A wait that
//! would outlast the call ends it at once. In the rate limit modes `bypass` and `enforce_no_retry` nothing is repeated.
//!
//! # Errors
//!
//! | what happened | error | classic | openapi |
//! |---|---|---|---|
//! | an error status | [`HttpStatusError`](crate::error::HttpStatusError) | by its [handler](crate::error::HttpHandler) | by its handler |
//! | 429, also after repeating | [`ConnectorError`](crate::ConnectorError) | `rate_limit` | `rate_limit` |
//! | a body of another shape | [`UnexpectedBodyError`](crate::error::UnexpectedBodyError) | by its handler | `invalid_response` |
//! | no or an incomplete response | `ConnectorError` | `api_error` | `request_timeout`, `connection_timeout` or `connection_closed` |
//! | a body that is too large, a redirect to another server | `ConnectorError` | `api_error` | `invalid_response` |
//! | an unsafe write that may have happened | [`UnknownOutcomeError`] | that of its cause | that of its cause |
//!
//! No message contains credentials or the query of a URL.

mod answer;
mod builder;
mod call;
mod credentials;
mod fault;
mod retry;
mod send;
mod upstream;

pub use answer::{Answer, Json};
pub use builder::{Client, ClientBuilder};
pub use call::Call;
pub use fault::UnknownOutcomeError;
pub use upstream::Upstream;
