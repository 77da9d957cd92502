//! [`Upstream`]: the upstream's API, for one call of a capability.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::builder::{Client, Shared};
use super::call::Call;
use super::credentials::Credentials;
use crate::cancellation::Cancellation;
use crate::capability::Effect;
use crate::endpoint::target::{self, is_same_origin, is_without_credentials};
use crate::error::{ConnectorError, Result};
use crate::model::RateLimitMode;
use crate::request::Request;

/// The upstream's API for one tenant, on behalf of one call of a capability: see [`Client::upstream`].
#[derive(Clone)]
pub struct Upstream {
    pub(super) shared: Arc<Shared>,
    pub(super) http: reqwest::Client,
    /// Its path ends with `/`.
    pub(super) base: Url,
    pub(super) credentials: Vec<Credentials>,
    /// What must not occur in an error.
    pub(super) secrets: Vec<Zeroizing<String>>,
    pub(super) effect: Effect,
    pub(super) may_retry: bool,
    pub(super) until: Option<Instant>,
    pub(super) cancellation: Cancellation,
}

impl Upstream {
    pub(super) fn new<P, S, A, State>(
        client: &Client,
        request: &Request<P, S, A, State>,
        base_url: &str,
    ) -> Result<Self> {
        let base = target::base(base_url)
            .map_err(|reason| ConnectorError::bad_request(format!("the base URL can't be used: {reason}")))?;
        let mode = request.rate_limit_mode();
        Ok(Self {
            shared: Arc::clone(&client.shared),
            http: client.shared.http.clone()?,
            base,
            credentials: Vec::new(),
            secrets: Vec::new(),
            effect: request.effect(),
            may_retry: matches!(mode, RateLimitMode::Enforce | RateLimitMode::RetryOnly),
            until: request.until,
            cancellation: request.cancellation(),
        })
    }

    /// Adds the header `Authorization: Bearer <token>` to each call.
    ///
    /// # Errors
    /// `bad_request` if the token isn't valid in a header.
    pub fn bearer(self, token: &str) -> Result<Self> {
        self.secret_header(AUTHORIZATION.as_str(), "Bearer ", token)
    }

    /// Adds the header `Authorization: Basic …` to each call.
    ///
    /// # Errors
    /// Never: it has the signature of the other methods.
    pub fn basic(mut self, username: &str, password: &str) -> Result<Self> {
        let pair = Zeroizing::new(format!("{username}:{password}"));
        let encoded = Zeroizing::new(BASE64_STANDARD.encode(pair.as_bytes()));
        self.secrets.push(Zeroizing::new(password.to_owned()));
        self.secret_header(AUTHORIZATION.as_str(), "Basic ", &encoded)
    }

    /// Adds a header to each call whose value is `prefix` and a secret, such as `SSWS ` and an API token. The prefix may
    /// be empty.
    ///
    /// # Errors
    /// `bad_request` if the name or the value isn't valid in HTTP.
    pub fn secret_header(mut self, name: &str, prefix: &str, secret: &str) -> Result<Self> {
        let value = Zeroizing::new(format!("{prefix}{secret}"));
        let header = HeaderName::try_from(name).ok().zip(HeaderValue::from_str(&value).ok());
        let Some((name, mut value)) = header else {
            return Err(ConnectorError::bad_request("the credentials are not valid in an HTTP header").into());
        };
        value.set_sensitive(true);
        self.secrets.push(Zeroizing::new(secret.to_owned()));
        self.credentials.push(Credentials::Header(name, value));
        Ok(self)
    }

    /// Adds a query parameter with a secret to each call.
    #[must_use]
    pub fn secret_query(mut self, name: &str, secret: &str) -> Self {
        self.secrets.push(Zeroizing::new(secret.to_owned()));
        self.credentials.push(Credentials::Query(name.to_owned(), Zeroizing::new(secret.to_owned())));
        self
    }

    /// Calls this function for each attempt, to sign it. It sees the final URL and body.
    #[must_use]
    pub fn signed_by(
        mut self,
        sign: impl Fn(&mut reqwest::Request) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        self.credentials.push(Credentials::Signer(Arc::new(sign)));
        self
    }

    /// A `GET` of the path with these segments below the base URL. They are escaped.
    pub fn get<I: IntoIterator<Item: AsRef<str>>>(&self, path: I) -> Call<'_> {
        self.call(Method::GET, path)
    }

    /// A `POST` to such a path.
    pub fn post<I: IntoIterator<Item: AsRef<str>>>(&self, path: I) -> Call<'_> {
        self.call(Method::POST, path)
    }

    /// A `PUT` to such a path.
    pub fn put<I: IntoIterator<Item: AsRef<str>>>(&self, path: I) -> Call<'_> {
        self.call(Method::PUT, path)
    }

    /// A `PATCH` to such a path.
    pub fn patch<I: IntoIterator<Item: AsRef<str>>>(&self, path: I) -> Call<'_> {
        self.call(Method::PATCH, path)
    }

    /// A `DELETE` of such a path.
    pub fn delete<I: IntoIterator<Item: AsRef<str>>>(&self, path: I) -> Call<'_> {
        self.call(Method::DELETE, path)
    }

    /// A call with any method. A segment that is empty, `.` or `..` makes it fail with `bad_request`, because it would
    /// lead to another path.
    pub fn call<I: IntoIterator<Item: AsRef<str>>>(&self, method: Method, path: I) -> Call<'_> {
        Call::new(self, method, self.path(path))
    }

    /// A `GET` of a whole URL, such as the link to the next page, or of one relative to the base URL. It fails with
    /// `api_error` unless the URL is below the base URL.
    pub fn get_url(&self, url: &str) -> Call<'_> {
        Call::new(self, Method::GET, self.below(&self.base, url))
    }

    /// Whether a URL that the upstream sent is on its server, so that it may get the credentials.
    pub(super) fn is_on_server(&self, url: &Url) -> bool {
        is_same_origin(url, &self.base) && is_without_credentials(url)
    }

    fn path<I: IntoIterator<Item: AsRef<str>>>(&self, path: I) -> Result<Url> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
            for segment in path {
                let segment = segment.as_ref();
                if matches!(segment, "" | "." | "..") {
                    let message = "an ID in the request is empty or made of dots";
                    return Err(ConnectorError::bad_request(message).into());
                }
                segments.push(segment);
            }
        }
        Ok(url)
    }

    /// Resolves a URL that the upstream sent.
    fn below(&self, from: &Url, url: &str) -> Result<Url> {
        let is_below = |url: &Url| self.is_on_server(url) && url.path().starts_with(self.base.path());
        let url = from.join(url).ok().filter(is_below);
        let outside = || ConnectorError::api_error("the upstream sent a link that is not below its base URL");
        Ok(url.ok_or_else(outside)?)
    }
}

/// Shows neither credentials nor how many there are.
impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upstream")
            .field("base", &self.base.as_str())
            .field("effect", &self.effect)
            .finish_non_exhaustive()
    }
}
