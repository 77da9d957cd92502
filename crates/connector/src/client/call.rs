//! [`Call`]: one request to the upstream, before it is sent.

use std::fmt;

use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::answer::{Answer, Json};
use super::send;
use super::upstream::Upstream;
use crate::capability::Effect;
use crate::error::{ConnectorError, Error, Result, strip_url};

/// A call that has not been sent yet. A mistake in it is reported when it is sent.
#[must_use = "a call does nothing until it is sent"]
pub struct Call<'u> {
    pub(super) upstream: &'u Upstream,
    pub(super) method: Method,
    request: Result<reqwest::Request>,
    is_safe: bool,
}

impl<'u> Call<'u> {
    pub(super) fn new(upstream: &'u Upstream, method: Method, url: Result<Url>) -> Self {
        let request = url.map(|url| reqwest::Request::new(method.clone(), url));
        Self { upstream, method, request, is_safe: false }
    }

    fn change(mut self, change: impl FnOnce(&mut reqwest::Request) -> Result<()>) -> Self {
        self.request = self.request.and_then(|mut request| change(&mut request).map(|()| request));
        self
    }

    /// Adds a query parameter.
    pub fn query(self, name: &str, value: impl fmt::Display) -> Self {
        self.change(|request| {
            request.url_mut().query_pairs_mut().append_pair(name, &value.to_string());
            Ok(())
        })
    }

    /// Adds a query parameter, if there is a value.
    pub fn query_some(self, name: &str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Adds a header.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.change(|request| {
            let header = HeaderName::try_from(name).ok().zip(HeaderValue::from_str(value).ok());
            let wrong = || ConnectorError::bad_request("a header of the call is not valid in HTTP");
            let (name, value) = header.ok_or_else(wrong)?;
            request.headers_mut().insert(name, value);
            Ok(())
        })
    }

    /// Sets the body, as JSON.
    pub fn body_json(self, body: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => self.body("application/json", body),
            Err(error) => Self { request: Err(error.into()), ..self },
        }
    }

    /// Sets the body, as an HTML form.
    pub fn form<'a>(self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut url = self.upstream.base.clone();
        url.query_pairs_mut().clear().extend_pairs(pairs);
        self.body("application/x-www-form-urlencoded", url.query().unwrap_or_default().to_owned())
    }

    /// Sets the body and its media type.
    pub fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.header(CONTENT_TYPE.as_str(), content_type).change(|request| {
            *request.body_mut() = Some(body.into().into());
            Ok(())
        })
    }

    /// Marks the call as harmless to repeat, whatever its method. An example is a search with `POST`.
    pub const fn safe(mut self) -> Self {
        self.is_safe = true;
        self
    }

    /// Whether it is harmless to repeat the call although the upstream may have acted on it.
    pub(super) fn is_repeatable(&self) -> bool {
        self.is_safe || self.method.is_safe() || self.upstream.effect == Effect::IdempotentWrite
    }

    /// Returns the request for one attempt, without credentials.
    pub(super) fn request(&mut self) -> Result<reqwest::Request> {
        match &self.request {
            // Its body is in memory, so it can be cloned.
            Ok(request) => request.try_clone().ok_or_else(|| {
                ConnectorError::internal_error("the body of an upstream call can't be repeated").into()
            }),
            Err(_) => {
                let sent = || Error::from(ConnectorError::internal_error("the call has failed before"));
                Err(std::mem::replace(&mut self.request, Err(sent())).map_or_else(|error| error, |_| sent()))
            }
        }
    }

    /// Follows a redirect to this URL.
    pub(super) fn redirect(self, url: Url) -> Self {
        self.change(|request| {
            *request.url_mut() = url;
            Ok(())
        })
    }

    /// Sends the call and reads the response.
    ///
    /// # Errors
    /// See [the table](super#errors).
    pub async fn send(self) -> Result<Answer> {
        send::send(self).await
    }

    /// Sends the call and decodes the JSON of the response.
    ///
    /// # Errors
    /// See [the table](super#errors).
    pub async fn json<T: DeserializeOwned>(self) -> Result<T> {
        self.send().await?.json()
    }

    /// Sends the call, and returns the decoded and the raw JSON of the response, with its headers.
    ///
    /// # Errors
    /// See [the table](super#errors).
    pub async fn json_and_raw<T: DeserializeOwned>(self) -> Result<Json<T>> {
        self.send().await?.json_and_raw()
    }
}

/// Shows the method and the URL without its query.
impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.request.as_ref().map(|request| strip_url(request.url().as_str()));
        f.debug_struct("Call").field("method", &self.method).field("url", &url.ok()).finish_non_exhaustive()
    }
}
