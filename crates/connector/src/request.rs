//! [`Request`]: what a handler gets.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::time::Instant;

use crate::auth::{NoAuth, NoSettings};
use crate::cancellation::Cancellation;
use crate::capability::Effect;
use crate::error::{ConnectorError, ErrorCode, Result};
use crate::model::{
    AnyCredentials, BasicCredentials, OAuthCredentials, PaginationArgs, RateLimitRequestInfo,
};
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
///
/// What all calls share, a connection pool say, is `State`: see [`state`](crate::IntegrationBuilder::state).
#[non_exhaustive]
pub struct Request<P, S = NoSettings, A = NoAuth, State = ()> {
    /// The capability's payload.
    pub request: P,
    /// The credentials to use on the upstream.
    pub auth: A,
    /// The tenant's settings.
    pub settings: S,
    /// What all calls of the integration share.
    pub state: Arc<State>,
    /// The page asked for.
    pub page: PaginationArgs,
    /// Whether the answer is to carry what the upstream said.
    pub include_raw_data: bool,
    /// The id that the caller gave the request.
    pub request_id: Option<String>,
    /// What the caller says about the upstream's rate limits; always `None` in the classic format.
    pub rate_limit: Option<RateLimitRequestInfo>,
    pub(crate) capability: &'static str,
    pub(crate) effect: Effect,
    pub(crate) until: Option<Instant>,
    pub(crate) page_size: usize,
    pub(crate) cancellation: Cancellation,
}

impl<P, S, A> Request<P, S, A> {
    /// A request for the first page, for tests of a handler. It has no state and no deadline; its capability is
    /// nameless and a read.
    #[must_use]
    pub fn new(request: P, settings: S, auth: A) -> Self {
        Self {
            request,
            auth,
            settings,
            state: Arc::new(()),
            page: PaginationArgs::default(),
            include_raw_data: false,
            request_id: None,
            rate_limit: None,
            capability: "",
            effect: Effect::Read,
            until: None,
            page_size: PageSizes::default().default,
            cancellation: Cancellation::new(),
        }
    }
}

impl<P, S, A, State> Request<P, S, A, State> {
    /// The same request with this state.
    #[must_use]
    pub fn with_state<N>(self, state: N) -> Request<P, S, A, N> {
        Request {
            request: self.request,
            auth: self.auth,
            settings: self.settings,
            state: Arc::new(state),
            page: self.page,
            include_raw_data: self.include_raw_data,
            request_id: self.request_id,
            rate_limit: self.rate_limit,
            capability: self.capability,
            effect: self.effect,
            until: self.until,
            page_size: self.page_size,
            cancellation: self.cancellation,
        }
    }

    /// The same request as one of the capability of this name, in snake case.
    #[must_use]
    pub const fn with_capability(mut self, name: &'static str, effect: Effect) -> Self {
        self.capability = name;
        self.effect = effect;
        self
    }

    /// The same request with this much time left for its answer.
    #[must_use]
    pub fn with_remaining(mut self, remaining: Duration) -> Self {
        self.until = Instant::now().checked_add(remaining);
        self
    }

    /// The same request for another page; `size` is taken as it is.
    #[must_use]
    pub fn with_page(mut self, token: Option<String>, size: usize) -> Self {
        self.page = PaginationArgs { token, size: i64::try_from(size).ok() };
        self.page_size = size;
        self
    }

    /// The name of the capability that is called, in snake case in every wire format.
    #[must_use]
    pub const fn capability(&self) -> &'static str {
        self.capability
    }

    /// What a call of the capability does to the upstream.
    #[must_use]
    pub const fn effect(&self) -> Effect {
        self.effect
    }

    /// How much time is left for the answer: until the integration's deadline, or until the server stops waiting if
    /// that is sooner. Zero once time is up, `None` if there is no limit.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        self.until.map(|until| until.saturating_duration_since(Instant::now()))
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

impl<P: Clone, S: Clone, A: Clone, State> Clone for Request<P, S, A, State> {
    fn clone(&self) -> Self {
        Self {
            request: self.request.clone(),
            auth: self.auth.clone(),
            settings: self.settings.clone(),
            state: Arc::clone(&self.state),
            page: self.page.clone(),
            include_raw_data: self.include_raw_data,
            request_id: self.request_id.clone(),
            rate_limit: self.rate_limit.clone(),
            capability: self.capability,
            effect: self.effect,
            until: self.until,
            page_size: self.page_size,
            cancellation: self.cancellation.clone(),
        }
    }
}

/// All but the state, which need not be `Debug` and may be large.
impl<P: fmt::Debug, S: fmt::Debug, A: fmt::Debug, State> fmt::Debug for Request<P, S, A, State> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("capability", &self.capability)
            .field("request", &self.request)
            .field("auth", &self.auth)
            .field("settings", &self.settings)
            .field("page", &self.page)
            .field("include_raw_data", &self.include_raw_data)
            .field("request_id", &self.request_id)
            .field("rate_limit", &self.rate_limit)
            .field("remaining", &self.remaining())
            .finish_non_exhaustive()
    }
}

impl<P, S, State> Request<P, S, AnyCredentials, State> {
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
