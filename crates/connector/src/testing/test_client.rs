//! [`TestClient`]: calls an integration with the bytes of a request, as the command line and the server do.

use std::collections::HashSet;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::envelope::{CallError, CapabilityName, Envelope, json_of, merge, sections};
use super::failures::{Failures, unwrap_or_panic};
use crate::integration::Integration;

/// A listing with more pages than this is considered endless.
const MAX_PAGES: usize = 100_000;

/// Calls an integration as the command line and the server do, and parses its responses.
///
/// It blocks, even in async tests. Messages about failures show no value under `auth` and no
/// [`Secret`](crate::Secret).
///
/// ```
/// # use connector::capability::{ListAccountsRequest, ListAccountsResponse};
/// # use connector::model::FoundAccountData;
/// # use connector::{Integration, Request, Response, Result};
/// # async fn list_accounts(_: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
/// #     Ok(ListAccountsResponse { accounts: vec![FoundAccountData::new("ada")] }.into())
/// # }
/// use connector::capability::ListAccounts;
/// use connector::testing::TestClient;
/// use serde_json::json;
///
/// let integration = Integration::builder("app").register(ListAccounts, list_accounts).build();
/// let client = TestClient::new(integration);
/// let response = client.answer(ListAccounts, json!({}));
/// assert_eq!(response["accounts"][0]["integration_specific_id"], "ada");
/// assert_eq!(client.error("create_account", json!({})).code, "not_implemented");
/// assert_eq!(client.pages(ListAccounts, json!({}), 100).items.len(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct TestClient {
    integration: Arc<Integration>,
    envelope: Sections,
    allow_partial: bool,
}

/// The values may be secret.
#[derive(Clone, Default)]
struct Sections(Envelope);

impl std::fmt::Debug for Sections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

/// All pages of a listing.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Pages {
    /// The items of all pages.
    pub items: Vec<Value>,
    /// The number of items on each page.
    pub sizes: Vec<usize>,
}

impl TestClient {
    /// A client without credentials and settings.
    #[must_use]
    pub fn new(integration: impl Into<Arc<Integration>>) -> Self {
        Self { integration: integration.into(), envelope: Sections::default(), allow_partial: false }
    }

    /// Adds sections to every request: `json!({ "auth": …, "settings": …, "include_raw_data": true })`. Objects such as
    /// the settings are merged with those added earlier.
    ///
    /// # Panics
    /// If it is not an object.
    #[must_use]
    #[track_caller]
    pub fn with(&self, more: impl Serialize) -> Self {
        let mut changed = self.clone();
        merge(&mut changed.envelope.0, &sections(more));
        changed
    }

    /// Accepts partial responses, which are failures otherwise.
    #[must_use]
    pub fn allow_partial(mut self) -> Self {
        self.allow_partial = true;
        self
    }

    /// Returns the whole response, `{"response": …, "error": …}`, even if it is an error.
    ///
    /// # Panics
    /// If the request can't be serialized as JSON.
    #[must_use]
    #[track_caller]
    pub fn ask(&self, capability: impl CapabilityName, request: impl Serialize) -> Value {
        self.send(&capability.capability_name(), &self.envelope(request))
    }

    /// Returns the payload of a complete response.
    ///
    /// # Panics
    /// If the response is an error or partial.
    #[must_use]
    #[track_caller]
    pub fn answer(&self, capability: impl CapabilityName, request: impl Serialize) -> Value {
        let name = capability.capability_name();
        unwrap_or_panic(
            self.whole(&name, &self.envelope(request)).map(|mut response| response["response"].take()),
        )
    }

    /// Returns the error of a call that fails.
    ///
    /// # Panics
    /// If the call succeeds.
    #[must_use]
    #[track_caller]
    pub fn error(&self, capability: impl CapabilityName, request: impl Serialize) -> CallError {
        let name = capability.capability_name();
        let response = self.ask(name.as_str(), request);
        match CallError::of(self.integration.app_id(), &response) {
            Some(error) => error,
            None => panic!("{name}: expected an error, found a response"),
        }
    }

    /// Walks through a listing in pages of at most `size` items.
    ///
    /// # Panics
    /// If a page is an error, partial or too long, or if a page token is repeated, because such a listing never ends.
    #[must_use]
    #[track_caller]
    pub fn pages(&self, capability: impl CapabilityName, request: impl Serialize, size: usize) -> Pages {
        self.pages_with(capability, request, size, |_| ())
    }

    /// [`pages`](Self::pages) that calls `between` after each page but the last, with the page's number. A listing should
    /// survive the changes that `between` makes in the upstream.
    ///
    /// # Panics
    /// Like [`pages`](Self::pages).
    #[must_use]
    #[track_caller]
    pub fn pages_with(
        &self,
        capability: impl CapabilityName,
        request: impl Serialize,
        size: usize,
        between: impl FnMut(usize),
    ) -> Pages {
        unwrap_or_panic(self.try_pages(capability, request, size, between))
    }

    /// [`pages_with`](Self::pages_with) that returns the failure.
    ///
    /// # Errors
    /// Where [`pages_with`](Self::pages_with) panics.
    #[track_caller]
    pub fn try_pages(
        &self,
        capability: impl CapabilityName,
        request: impl Serialize,
        size: usize,
        mut between: impl FnMut(usize),
    ) -> Result<Pages, Failures> {
        let name = &capability.capability_name();
        let mut envelope = self.envelope(request);
        let mut pages = Pages { items: Vec::new(), sizes: Vec::new() };
        let mut tokens = HashSet::new();
        let mut page = serde_json::json!({ "size": size });
        loop {
            envelope.insert("page".to_owned(), page.clone());
            let mut response = self.whole(name, &envelope)?;
            let number = pages.sizes.len() + 1;
            let wrong = |why: &str| Failures::one(format!("{name}: page {number} {why}"));
            let Some(items) = items_of(response["response"].take()) else {
                return Err(wrong("has no list of items, or several lists"));
            };
            if items.len() > size {
                return Err(wrong(&format!("has {} items, more than the requested {size}", items.len())));
            }
            pages.sizes.push(items.len());
            pages.items.extend(items);
            // An empty token marks the last page, as in connector-py.
            let token = match response["page"]["token"].take() {
                Value::String(token) if !token.is_empty() => token,
                _ => return Ok(pages),
            };
            page["token"] = token.as_str().into();
            if !tokens.insert(token) {
                return Err(wrong("has a page token that an earlier page had"));
            }
            if number == MAX_PAGES {
                return Err(wrong("is not the last one: the listing never ends"));
            }
            between(number);
        }
    }

    /// A complete response.
    fn whole(&self, name: &str, envelope: &Envelope) -> Result<Value, Failures> {
        let response = self.send(name, envelope);
        if let Some(error) = CallError::of(self.integration.app_id(), &response) {
            return Err(Failures::one(format!("{name} failed: {error}")));
        }
        match response["partial"]["reason"].as_str() {
            Some(reason) if !self.allow_partial => {
                Err(Failures::one(format!("{name}: the response is partial: {reason}")))
            }
            _ => Ok(response),
        }
    }

    #[track_caller]
    fn envelope(&self, request: impl Serialize) -> Envelope {
        let mut envelope = self.envelope.0.clone();
        envelope.insert("request".to_owned(), json_of(request));
        envelope
    }

    fn send(&self, name: &str, envelope: &Envelope) -> Value {
        send(&self.integration, name, envelope)
    }
}

/// Calls `integration` and parses the response.
pub(super) fn send(integration: &Integration, name: &str, envelope: &Envelope) -> Value {
    let response = integration.dispatch_blocking(name, &bytes(envelope));
    serde_json::from_slice(&response).unwrap_or_default()
}

/// The bytes of a request.
pub(super) fn bytes(envelope: &Envelope) -> Vec<u8> {
    serde_json::to_vec(envelope).unwrap_or_default()
}

/// The items of a page: the payload itself, or the only list in it.
pub(super) fn items_of(response: Value) -> Option<Vec<Value>> {
    let lists = match response {
        Value::Array(items) => return Some(items),
        Value::Object(fields) => fields.into_iter().filter_map(|(_, field)| match field {
            Value::Array(items) => Some(items),
            _ => None,
        }),
        _ => return None,
    };
    let mut lists: Vec<_> = lists.collect();
    let items = lists.pop()?;
    lists.is_empty().then_some(items)
}
