//! [`Response`]: what a handler returns.

mod execution;

pub use execution::{ExecutionEffect, ExecutionSummary, NoopEffectReason};
use serde::Serialize;

use crate::error::Error;
use crate::model::{Page, RateLimitState};
use crate::pagination;

/// The answer of a capability.
///
/// ```
/// use connector::capability::ValidateCredentialsResponse;
/// use connector::Response;
///
/// let response = Response::new(ValidateCredentialsResponse::new(true));
/// # drop(response);
/// ```
#[derive(Debug)]
#[must_use]
pub struct Response<R> {
    pub(crate) response: R,
    pub(crate) frame: Frame,
    /// What went wrong while the answer was put together; makes the call fail.
    pub(crate) fault: Option<Error>,
}

/// What an answer carries besides its payload.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) raw_data: Option<serde_json::Value>,
    pub(crate) page: Option<Page>,
    pub(crate) partial: Option<Partial>,
    pub(crate) rate_limit: Option<RateLimitState>,
    pub(crate) execution_summary: Option<ExecutionSummary>,
}

impl Frame {
    const EMPTY: Self =
        Self { raw_data: None, page: None, partial: None, rate_limit: None, execution_summary: None };

    /// What is said for people or taken from errors, and may hold a secret by mistake.
    pub(crate) fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let reason = self.partial.as_mut().map(|partial| &mut partial.reason);
        let summary = self.execution_summary.as_mut();
        reason.into_iter().chain(summary.into_iter().flat_map(ExecutionSummary::texts))
    }
}

/// A listing lacks something, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Partial {
    /// What is missing, for people.
    pub reason: String,
    /// How many items are known to be missing.
    pub skipped: u64,
}

impl<R> Response<R> {
    /// An answer without raw data, and the last page.
    pub const fn new(response: R) -> Self {
        Self { response, frame: Frame::EMPTY, fault: None }
    }

    /// The payload.
    pub const fn payload(&self) -> &R {
        &self.response
    }

    /// Takes the payload out.
    pub fn into_payload(self) -> R {
        self.response
    }

    /// What the answer says of the next page.
    #[must_use]
    pub const fn page(&self) -> Option<&Page> {
        self.frame.page.as_ref()
    }

    /// What the answer lacks.
    #[must_use]
    pub const fn partiality(&self) -> Option<&Partial> {
        self.frame.partial.as_ref()
    }

    /// Adds what the upstream said, if `wanted` (`request.include_raw_data`).
    ///
    /// Raw data is a JSON object; anything else is put into one, under `data`.
    pub fn raw_data_if(mut self, wanted: bool, raw: impl Serialize) -> Self {
        if wanted {
            match serde_json::to_value(raw) {
                Ok(raw) => self.frame.raw_data = raw_object(raw).or(self.frame.raw_data),
                Err(error) => self.fault = Some(error.into()),
            }
        }
        self
    }

    /// Says where the listing goes on, in the connector's own pagination struct; `None` on the last page.
    ///
    /// The next request gives it back as [`page_token`](crate::Request::page_token).
    #[expect(clippy::needless_pass_by_value, reason = "the page made for this answer has no other use")]
    pub fn next_page<T: Serialize>(self, next: Option<T>) -> Self {
        self.next_pages(next.as_slice())
    }

    /// Says where the listing goes on in each of several endpoints; empty on the last page.
    ///
    /// The next request gives them back as [`page_tokens`](crate::Request::page_tokens).
    pub fn next_pages<T: Serialize>(self, next: &[T]) -> Self {
        match pagination::encode(next) {
            Ok(token) => self.next_token(token),
            Err(error) => Self { fault: Some(error.into()), ..self },
        }
    }

    /// Says where the listing goes on, in the upstream's own token; `None` on the last page.
    ///
    /// The next request gives it back as [`page.token`](crate::Request::page).
    pub fn next_token(mut self, token: Option<String>) -> Self {
        self.frame.page = token.map(|token| Page { token: Some(token), size: None });
        self
    }

    /// Says that the listing lacks something: a caller must not take what is missing for gone.
    pub fn partial(mut self, reason: impl Into<String>, skipped: u64) -> Self {
        self.frame.partial = Some(Partial { reason: reason.into(), skipped });
        self
    }

    /// Reports the state of the upstream's rate limits. Openapi format only: classic has no place for it.
    pub fn rate_limit(mut self, state: RateLimitState) -> Self {
        self.frame.rate_limit = Some(state);
        self
    }

    /// Reports what the call did to the upstream. Openapi format only: classic has no place for it.
    pub fn execution_summary(mut self, summary: ExecutionSummary) -> Self {
        self.frame.execution_summary = Some(summary);
        self
    }
}

/// Raw data as both wire formats have it: an object.
pub(crate) fn raw_object(raw: serde_json::Value) -> Option<serde_json::Value> {
    match raw {
        serde_json::Value::Null => None,
        serde_json::Value::Object(_) => Some(raw),
        _ => Some(serde_json::json!({ "data": raw })),
    }
}

impl<R> From<R> for Response<R> {
    fn from(response: R) -> Self {
        Self::new(response)
    }
}
