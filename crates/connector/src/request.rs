//! [`Request`]: what a handler gets.

use serde::de::DeserializeOwned;

use crate::auth::{NoAuth, NoSettings};
use crate::cancellation::Cancellation;
use crate::error::{ConnectorError, ErrorCode, Result};
use crate::model::{AnyCredentials, BasicCredentials, OAuthCredentials, PaginationArgs};
use crate::pagination;
use crate::read::Problem;

/// One call of a capability: its payload `P`, with the integration's settings `S` and credentials `A`.
///
/// A connector names its own two once:
///
/// ```
/// use connector::model::BasicCredentials;
/// # struct Settings;
///
/// type Request<P> = connector::Request<P, Settings, BasicCredentials>;
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request<P, S = NoSettings, A = NoAuth> {
    /// The capability's payload.
    pub request: P,
    /// The credentials to use on the upstream.
    pub auth: A,
    /// The tenant's settings.
    pub settings: S,
    /// The page asked for.
    pub page: PaginationArgs,
    /// Whether the answer is to carry what the upstream said.
    pub include_raw_data: bool,
    /// The id that the caller gave the request.
    pub request_id: Option<String>,
    pub(crate) page_size: usize,
    pub(crate) cancellation: Cancellation,
}

impl<P, S, A> Request<P, S, A> {
    /// A request for the first page, for tests of a handler.
    #[must_use]
    pub fn new(request: P, settings: S, auth: A) -> Self {
        Self {
            request,
            auth,
            settings,
            page: PaginationArgs::default(),
            include_raw_data: false,
            request_id: None,
            page_size: PageSizes::default().default,
            cancellation: Cancellation::new(),
        }
    }

    /// The same request for another page; `size` is taken as it is.
    #[must_use]
    pub fn with_page(mut self, token: Option<String>, size: usize) -> Self {
        self.page = PaginationArgs { token, size: i64::try_from(size).ok() };
        self.page_size = size;
        self
    }

    /// How many items the answer may have: what the request asks for, or the integration's default, and never more
    /// than its maximum (see [`page_size`](crate::IntegrationBuilder::page_size)).
    #[must_use]
    pub const fn page_size(&self) -> usize {
        self.page_size
    }

    /// Tells a handler, above all a blocking one, that the call has missed its deadline or its client has disconnected.
    ///
    /// A request made with [`Request::new`] is cancelled only by [`Cancellation::cancel`].
    #[must_use]
    pub fn cancellation(&self) -> Cancellation {
        self.cancellation.clone()
    }

    /// Where the listing goes on, as the connector's own pagination struct; `None` on the first page.
    ///
    /// # Errors
    /// `bad_request` if the token is not one that this connector made for a single endpoint.
    pub fn page_token<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        Ok(self.page.token.as_deref().map(pagination::decode_one).transpose()?)
    }

    /// Where the listing goes on in each of several endpoints; empty on the first page.
    ///
    /// # Errors
    /// `bad_request` if the token is not one that this connector made.
    pub fn page_tokens<T: DeserializeOwned>(&self) -> Result<Vec<T>> {
        Ok(self.page.token.as_deref().map(pagination::decode).transpose()?.unwrap_or_default())
    }
}

impl<P, S> Request<P, S, AnyCredentials> {
    /// The basic credentials of the request.
    ///
    /// # Errors
    /// `bad_request` if it carries none.
    pub fn basic_auth(&self) -> Result<&BasicCredentials> {
        picked(self.auth.basic.as_ref(), "auth: expected basic credentials")
    }

    /// The OAuth credentials of the request.
    ///
    /// # Errors
    /// `bad_request` if it carries none.
    pub fn oauth(&self) -> Result<&OAuthCredentials> {
        picked(self.auth.oauth.as_ref(), "auth: expected OAuth credentials")
    }
}

fn picked<'c, C>(credentials: Option<&'c C>, else_say: &str) -> Result<&'c C> {
    match credentials {
        Some(credentials) => Ok(credentials),
        None => Err(ConnectorError::new(else_say, ErrorCode::BadRequest))?,
    }
}

/// The sizes of a page that an integration gives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageSizes {
    pub(crate) default: usize,
    pub(crate) max: usize,
}

impl Default for PageSizes {
    fn default() -> Self {
        Self { default: 100, max: 10_000 }
    }
}

impl PageSizes {
    /// The size of the page to give to a request that asks for `wanted` items.
    pub(crate) fn resolve(self, wanted: Option<i64>) -> Result<usize, Problem> {
        match wanted {
            None => Ok(self.default),
            Some(wanted) if wanted < 1 => Err(Problem::at("page.size", "expected at least 1")),
            Some(wanted) => Ok(usize::try_from(wanted).unwrap_or(self.max).min(self.max)),
        }
    }
}
