//! Calls the integration's own capabilities for a check.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::Options;
use crate::error::{EncounteredErrorResponse, ErrorCode, ReportedError};
use crate::integration::handler::Registered;
use crate::integration::{Answer, Integration, Outcome};
use crate::model::{
    CustomAttributeSchema, FoundAccountData, FoundEntitlementAssociation, FoundEntitlementData,
    PaginationArgs,
};
use crate::wire::Call;
use crate::wire::openapi::own;

/// Why a listing can't be relied on.
pub(super) enum Trouble {
    /// The connector itself reports that items are missing.
    Partial(String),
    Error(ReportedError),
}

/// Calls the integration's own capabilities, until the time of the check is up.
#[derive(Clone, Copy)]
pub(super) struct Caller<'a> {
    pub(super) integration: &'a Integration,
    /// The call of the probe.
    pub(super) call: &'a Call<'a>,
    pub(super) options: &'a Options,
    pub(super) until: Instant,
    /// How long the check may take.
    pub(super) time_limit: Duration,
}

impl<'a> Caller<'a> {
    pub(super) fn has(&self, capability: &str) -> bool {
        self.integration.available(capability).is_some()
    }

    /// Whether the time of the check is up.
    pub(super) fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }

    /// Starts reading a listing.
    pub(super) fn listing<T: Record>(
        self,
        capability: &'static str,
        request: &impl Serialize,
    ) -> Listing<'a, T> {
        let pages = Pages {
            caller: self,
            capability,
            request: serde_json::to_string(request),
            token: None,
            tokens: BTreeSet::new(),
            seen: BTreeSet::new(),
            partial: None,
        };
        Listing { pages, ended: false, records: std::marker::PhantomData }
    }

    /// Sends a request. A failed call is an error.
    pub(super) async fn send(
        &self,
        registered: &Registered,
        request: &[u8],
    ) -> Result<Vec<u8>, ReportedError> {
        let Answer { body, outcome, .. } = self.integration.answer_own(registered, request, self.until).await;
        match outcome {
            Outcome::Success { .. } => Ok(body),
            Outcome::TimedOut => Err(self.timed_out(registered.definition.name)),
            _ => Err(own::failure(&body)
                .unwrap_or_else(|error| self.unreadable(registered.definition.name, &error))),
        }
    }

    fn timed_out(&self, capability: &str) -> ReportedError {
        let message = if self.time_limit.is_zero() {
            format!("no time was left for {capability}")
        } else {
            format!("{capability} did not finish within {:?} and was stopped", self.time_limit)
        };
        self.error(message, ErrorCode::RequestTimeout)
    }

    pub(super) fn unreadable(&self, capability: &str, error: &serde_json::Error) -> ReportedError {
        // Only the kind: the message could repeat a value.
        self.invalid(format!("the response of {capability} cannot be read ({:?})", error.classify()))
    }

    pub(super) fn invalid(&self, message: String) -> ReportedError {
        self.error(message, ErrorCode::InvalidResponse)
    }

    fn error(&self, message: String, code: ErrorCode) -> ReportedError {
        let error_code = code.as_str().to_owned();
        let error = EncounteredErrorResponse { message, error_code, ..EncounteredErrorResponse::default() };
        ReportedError::new(&self.integration.app_id, error)
    }
}

/// An item of a listing.
pub(super) trait Record: DeserializeOwned + Send {
    /// What identifies it. None of the parts may be empty.
    fn key(&self) -> Vec<&str>;
}

impl Record for FoundAccountData {
    fn key(&self) -> Vec<&str> {
        vec![&self.integration_specific_id]
    }
}

impl Record for FoundEntitlementData {
    fn key(&self) -> Vec<&str> {
        // An upstream without resources may leave the resource's ID empty.
        vec![&self.integration_specific_id, &self.entitlement_type]
    }
}

impl Record for FoundEntitlementAssociation {
    fn key(&self) -> Vec<&str> {
        vec![&self.account.integration_specific_id, &self.integration_specific_entitlement_id]
    }
}

impl Record for CustomAttributeSchema {
    fn key(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

/// A listing, read page by page.
pub(super) struct Listing<'a, T> {
    pages: Pages<'a>,
    /// Whether the last page has been read.
    pub(super) ended: bool,
    records: std::marker::PhantomData<fn() -> T>,
}

/// The pages of a listing, whose records are still to be read. Doesn't depend on their type, to be compiled only once.
struct Pages<'a> {
    caller: Caller<'a>,
    capability: &'static str,
    /// The payload, as JSON.
    request: serde_json::Result<String>,
    /// The token of the next page.
    token: Option<String>,
    /// The tokens of all pages so far.
    tokens: BTreeSet<String>,
    /// The records of all pages so far, as JSON.
    seen: BTreeSet<String>,
    /// Why a page was incomplete.
    partial: Option<String>,
}

impl Pages<'_> {
    /// Returns the records of the next page, as JSON.
    async fn next(&mut self) -> Result<String, ReportedError> {
        let (caller, capability) = (self.caller, self.capability);
        let unreadable = |error| caller.unreadable(capability, &error);
        let payload = self.request.as_ref().map_err(|error| caller.unreadable(capability, error))?;
        let Some(registered) = caller.integration.available(capability) else {
            return Err(caller.invalid(format!("{capability} is not available")));
        };
        let page = PaginationArgs { token: self.token.take(), size: Some(caller.options.page_size) };
        let request = own::request(caller.call, payload, &page).map_err(unreadable)?;
        let body = caller.send(registered, request.as_bytes()).await?;
        let page = own::success(&body).map_err(unreadable)?;
        self.token = page.page.and_then(|page| page.token).filter(|token| !token.is_empty());
        if let Some(token) = &self.token
            && !self.tokens.insert(token.clone())
        {
            let message =
                format!("{capability} returned the same page token twice, so a sync would never end");
            return Err(caller.invalid(message));
        }
        let records = page.response.get();
        if records != "[]" && !self.seen.insert(records.to_owned()) {
            return Err(caller.invalid(format!("{capability} returned the same page twice")));
        }
        if let Some(partial) = page.partial {
            self.partial.get_or_insert(partial.reason);
        }
        Ok(records.to_owned())
    }
}

impl<T: Record> Listing<'_, T> {
    /// Reads the next page.
    pub(super) async fn next(&mut self) -> Result<Vec<T>, ReportedError> {
        let page = self.pages.next().await;
        self.ended = self.pages.token.is_none();
        self.read(&page?)
    }

    #[expect(clippy::result_large_err, reason = "called once for each page")]
    fn read(&self, page: &str) -> Result<Vec<T>, ReportedError> {
        let Pages { caller, capability, .. } = &self.pages;
        let records: Vec<T> =
            serde_json::from_str(page).map_err(|error| caller.unreadable(capability, &error))?;
        if records.iter().any(|record| record.key().iter().any(|part| part.trim().is_empty())) {
            return Err(caller.invalid(format!("{capability} returned a record without an ID")));
        }
        Ok(records)
    }

    /// Returns why the listing can't be relied on, if it can't. To find out, reads one more page if there is one.
    pub(super) async fn trouble(mut self) -> Option<Trouble> {
        if !self.ended
            && let Err(error) = self.next().await
        {
            return Some(self.further(error));
        }
        self.partiality()
    }

    /// Why the listing is incomplete, if the connector says so.
    pub(super) fn partiality(self) -> Option<Trouble> {
        self.pages.partial.map(Trouble::Partial)
    }

    /// A page after the first one could not be read.
    pub(super) fn further(&self, error: ReportedError) -> Trouble {
        let message = format!("{} failed on a further page: {}", self.pages.capability, error.message);
        Trouble::Error(ReportedError { message, ..error })
    }
}
