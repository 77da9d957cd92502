//! [`Response`]: the output of a handler.

mod execution;

pub use execution::{ExecutionEffect, ExecutionSummary, NoopEffectReason};
use serde::Serialize;

use crate::error::Error;
use crate::model::{Page, RateLimitState};
use crate::pagination;

/// The response of a capability.
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
    /// An error that occurred while building the response. It makes the call fail.
    pub(crate) fault: Option<Error>,
}

/// The parts of a response other than its payload.
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

    /// Returns the texts that are written for people or taken from errors, and may contain a secret by mistake.
    pub(crate) fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let reason = self.partial.as_mut().map(|partial| &mut partial.reason);
        let summary = self.execution_summary.as_mut();
        reason.into_iter().chain(summary.into_iter().flat_map(ExecutionSummary::texts))
    }
}

/// Marks a listing as incomplete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Partial {
    /// The reason, for people.
    pub reason: String,
    /// The number of items known to be missing.
    pub skipped: u64,
}

impl<R> Response<R> {
    /// Creates a response without raw data and without a next page.
    pub const fn new(response: R) -> Self {
        Self { response, frame: Frame::EMPTY, fault: None }
    }

    /// The payload.
    pub const fn payload(&self) -> &R {
        &self.response
    }

    /// Returns the payload, consuming the response.
    pub fn into_payload(self) -> R {
        self.response
    }

    /// The page section, which contains the token of the next page.
    #[must_use]
    pub const fn page(&self) -> Option<&Page> {
        self.frame.page.as_ref()
    }

    /// Whether and why the listing is incomplete.
    #[must_use]
    pub const fn partiality(&self) -> Option<&Partial> {
        self.frame.partial.as_ref()
    }

    /// Adds the upstream's raw data if `wanted`, which is usually `request.include_raw_data`.
    ///
    /// Raw data is a JSON object. Other values are wrapped in an object, under `data`.
    pub fn raw_data_if(mut self, wanted: bool, raw: impl Serialize) -> Self {
        if wanted {
            match serde_json::to_value(raw) {
                Ok(raw) => self.frame.raw_data = raw_object(raw).or(self.frame.raw_data),
                Err(error) => self.fault = Some(error.into()),
            }
        }
        self
    }

    /// Sets the position of the next page, in the connector's own pagination struct, or `None` on the last page.
    ///
    /// The next request returns it from [`page_token`](crate::Request::page_token).
    #[expect(clippy::needless_pass_by_value, reason = "takes ownership so that calls need no `&`")]
    pub fn next_page<T: Serialize>(self, next: Option<T>) -> Self {
        self.next_pages(next.as_slice())
    }

    /// Sets the positions of the next page, one for each of several endpoints, or none on the last page.
    ///
    /// The next request returns them from [`page_tokens`](crate::Request::page_tokens).
    pub fn next_pages<T: Serialize>(self, next: &[T]) -> Self {
        match pagination::encode(next) {
            Ok(token) => self.next_token(token),
            Err(error) => Self { fault: Some(error.into()), ..self },
        }
    }

    /// Sets the upstream's own token for the next page, or `None` on the last page.
    ///
    /// An empty token also marks the last page, because many upstreams return one there. Sent to the caller, it would lead
    /// back to the first page. The next request contains the token in [`page.token`](crate::Request::page).
    pub fn next_token(mut self, token: Option<String>) -> Self {
        let token = token.filter(|token| !token.is_empty());
        self.frame.page = token.map(|token| Page { token: Some(token), size: None });
        self
    }

    /// Marks the listing as incomplete. The caller must not treat missing items as deleted.
    pub fn partial(mut self, reason: impl Into<String>, skipped: u64) -> Self {
        self.frame.partial = Some(Partial { reason: reason.into(), skipped });
        self
    }

    /// Reports the state of the upstream's rate limits. Openapi format only; classic omits it.
    pub fn rate_limit(mut self, state: RateLimitState) -> Self {
        self.frame.rate_limit = Some(state);
        self
    }

    /// Reports what the call did to the upstream. Openapi format only; classic omits it.
    ///
    /// Without it, the SDK writes a summary for a standard capability that writes: `created` for
    /// [`CreateAccount`](crate::capability::CreateAccount), `deleted` for
    /// [`DeleteAccount`](crate::capability::DeleteAccount) and `updated` for the others, or `noop` after
    /// [`unchanged_if`](Self::unchanged_if). It writes no summary for reads, custom capabilities and token exchanges, nor
    /// if the payload reports a failure, such as `"success": false`.
    pub fn execution_summary(mut self, summary: ExecutionSummary) -> Self {
        self.frame.execution_summary = Some(summary);
        self
    }

    /// If `unchanged`, reports that the call changed nothing because the state already matched the request. Openapi
    /// format only; classic omits it.
    ///
    /// ```
    /// use connector::Response;
    /// use connector::capability::AssignEntitlementResponse;
    ///
    /// fn assigned(held_it_already: bool) -> Response<AssignEntitlementResponse> {
    ///     Response::new(AssignEntitlementResponse::new(true)).unchanged_if(held_it_already)
    /// }
    /// # drop(assigned(true));
    /// ```
    pub fn unchanged_if(mut self, unchanged: bool) -> Self {
        if unchanged {
            let effect = ExecutionEffect::Noop { reason: NoopEffectReason::StateAlreadyMatches };
            match &mut self.frame.execution_summary {
                Some(summary) => summary.effect = effect,
                None => self.frame.execution_summary = Some(ExecutionSummary::new(effect)),
            }
        }
        self
    }
}

/// Converts raw data to an object, as both wire formats require.
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
