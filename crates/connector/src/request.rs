//! [`Request`]: the input of a handler.

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
    AnyCredentials, BasicCredentials, OAuthCredentials, PaginationArgs, RateLimitMode, RateLimitRequestInfo,
    RateLimitStateSnapshot,
};
use crate::pagination;
use crate::read::Problem;

/// A call of a capability: its payload `P`, with the integration's settings `S` and credentials `A`.
///
/// A connector usually defines an alias with its own types:
///
/// ```
/// use connector::model::BasicCredentials;
/// # struct Settings;
///
/// type Request<P> = connector::Request<P, Settings, BasicCredentials>;
/// ```
///
/// `State` is the state that all calls share, such as a connection pool: see
/// [`state`](crate::IntegrationBuilder::state).
#[non_exhaustive]
pub struct Request<P, S = NoSettings, A = NoAuth, State = ()> {
    /// The capability's payload.
    pub request: P,
    /// The credentials for the upstream.
    pub auth: A,
    /// The tenant's settings.
    pub settings: S,
    /// The state that all calls of the integration share.
    pub state: Arc<State>,
    /// The requested page.
    pub page: PaginationArgs,
    /// Whether the response should include the upstream's raw data.
    pub include_raw_data: bool,
    /// The request id that the caller set.
    pub request_id: Option<String>,
    /// What the caller specifies about the upstream's rate limits. Always `None` in the classic format.
    pub rate_limit: Option<RateLimitRequestInfo>,
    pub(crate) capability: &'static str,
    pub(crate) effect: Effect,
    /// The rate limit mode that the connector declares for this capability.
    pub(crate) declared_mode: Option<RateLimitMode>,
    pub(crate) until: Option<Instant>,
    pub(crate) page_size: usize,
    pub(crate) cancellation: Cancellation,
}

impl<P, S, A> Request<P, S, A> {
    /// Creates a request for the first page, to test a handler. It has no state, no deadline, no capability name, and
    /// the effect `Read`.
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
            declared_mode: None,
            until: None,
            page_size: PageSizes::default().default,
            cancellation: Cancellation::new(),
        }
    }
}

impl<P, S, A, State> Request<P, S, A, State> {
    /// Returns the request with this state.
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
            declared_mode: self.declared_mode,
            until: self.until,
            page_size: self.page_size,
            cancellation: self.cancellation,
        }
    }

    /// Returns the request as a call of the capability with this name, in snake case.
    #[must_use]
    pub const fn with_capability(mut self, name: &'static str, effect: Effect) -> Self {
        self.capability = name;
        self.effect = effect;
        self
    }

    /// Returns the request as a call of a connector that declares this mode for the capability.
    #[must_use]
    pub const fn with_rate_limit_mode(mut self, mode: RateLimitMode) -> Self {
        self.declared_mode = Some(mode);
        self
    }

    /// Returns the request with this much time left.
    #[must_use]
    pub fn with_remaining(mut self, remaining: Duration) -> Self {
        self.until = Instant::now().checked_add(remaining);
        self
    }

    /// Returns the request for another page. The integration's maximum doesn't apply to `size`.
    #[must_use]
    pub fn with_page(mut self, token: Option<String>, size: usize) -> Self {
        self.page = PaginationArgs { token, size: i64::try_from(size).ok() };
        self.page_size = size;
        self
    }

    /// The name of the called capability, in snake case in every wire format.
    #[must_use]
    pub const fn capability(&self) -> &'static str {
        self.capability
    }

    /// The capability's effect on the upstream.
    #[must_use]
    pub const fn effect(&self) -> Effect {
        self.effect
    }

    /// How to handle the upstream's rate limits in this call: the first of these that is set.
    ///
    /// 1. the capability's mode: see [`rate_limit_mode_of`](crate::IntegrationBuilder::rate_limit_mode_of)
    /// 2. the connector's mode: see [`rate_limit_mode`](crate::IntegrationBuilder::rate_limit_mode)
    /// 3. the mode that the caller wants, in openapi's `rate_limit.caller_override_mode`
    /// 4. the default: [`Enforce`](RateLimitMode::Enforce) for a read, and [`RetryOnly`](RateLimitMode::RetryOnly) for a
    ///    write, so that its caller doesn't wait
    #[must_use]
    pub fn rate_limit_mode(&self) -> RateLimitMode {
        let default = match self.effect {
            Effect::Read => RateLimitMode::Enforce,
            Effect::IdempotentWrite | Effect::UnsafeWrite => RateLimitMode::RetryOnly,
        };
        let wanted = || self.rate_limit.as_ref()?.caller_override_mode;
        self.declared_mode.or_else(wanted).unwrap_or(default)
    }

    /// How many times the caller has already retried this call, from openapi's `rate_limit.caller_retry_attempt`. It is 0
    /// if that is missing or negative. A connector whose caller retries can retry less itself.
    #[must_use]
    pub fn caller_retries(&self) -> u64 {
        let retries = self.rate_limit.as_ref().and_then(|limits| limits.caller_retry_attempt);
        retries.and_then(|retries| u64::try_from(retries).ok()).unwrap_or_default()
    }

    /// The state of a rate limit that an earlier response reported as `name`, in openapi's
    /// `rate_limit.last_known_state`. It may be out of date: see [`resets_at`](RateLimitStateSnapshot::resets_at).
    #[must_use]
    pub fn last_rate_limit(&self, name: &str) -> Option<&RateLimitStateSnapshot> {
        self.rate_limit.as_ref()?.last_known_state.as_ref()?.get(name)
    }

    /// How much time is left, until the integration's deadline or until nobody waits for the response, whichever is
    /// sooner. Zero if the time is up, `None` if there is no limit.
    ///
    /// In openapi the caller says how long it waits (`rate_limit.max_execution_time`, 1800 seconds by default). Of that,
    /// 10 seconds are kept for the response, or a tenth if it is shorter than 100 seconds.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        self.until.map(|until| until.saturating_duration_since(Instant::now()))
    }

    /// The maximum number of items in the response: the requested size or the integration's default, limited to its
    /// maximum (see [`page_size`](crate::IntegrationBuilder::page_size)).
    #[must_use]
    pub const fn page_size(&self) -> usize {
        self.page_size
    }

    /// Reports whether the call missed its deadline or its client disconnected. This is mainly for blocking handlers.
    ///
    /// A request created with [`Request::new`] is cancelled only by [`Cancellation::cancel`].
    #[must_use]
    pub fn cancellation(&self) -> Cancellation {
        self.cancellation.clone()
    }

    /// The position in the listing, as the connector's own pagination struct, or `None` on the first page.
    ///
    /// # Errors
    /// [`invalid_token`](crate::pagination::invalid_token) if the token isn't one that this connector created for a
    /// single endpoint.
    pub fn page_token<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        Ok(self.page.token.as_deref().map(pagination::decode_one).transpose()?)
    }

    /// The positions in the listing, one for each of several endpoints. Empty on the first page.
    ///
    /// # Errors
    /// [`invalid_token`](crate::pagination::invalid_token) if the token isn't one that this connector created.
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
            declared_mode: self.declared_mode,
            until: self.until,
            page_size: self.page_size,
            cancellation: self.cancellation.clone(),
        }
    }
}

/// Omits the state, which may be large and doesn't need to implement `Debug`.
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
    /// The request's basic credentials.
    ///
    /// # Errors
    /// `bad_request` if there are none.
    pub fn basic_auth(&self) -> Result<&BasicCredentials> {
        require(self.auth.basic.as_ref(), "auth: expected basic credentials")
    }

    /// The request's OAuth credentials.
    ///
    /// # Errors
    /// `bad_request` if there are none.
    pub fn oauth(&self) -> Result<&OAuthCredentials> {
        require(self.auth.oauth.as_ref(), "auth: expected OAuth credentials")
    }
}

fn require<'c, C>(credentials: Option<&'c C>, message: &str) -> Result<&'c C> {
    match credentials {
        Some(credentials) => Ok(credentials),
        None => Err(ConnectorError::new(message, ErrorCode::BadRequest))?,
    }
}

/// An integration's page sizes.
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
    /// Returns the page size for a request for `wanted` items.
    pub(crate) fn resolve(self, wanted: Option<i64>) -> Result<usize, Problem> {
        match wanted {
            None => Ok(self.default),
            Some(wanted) if wanted < 1 => Err(Problem::at("page.size", "expected at least 1")),
            Some(wanted) => Ok(usize::try_from(wanted).unwrap_or(self.max).min(self.max)),
        }
    }
}
