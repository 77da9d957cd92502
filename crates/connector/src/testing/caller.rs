//! [`Caller`]: asks an integration as a door does, bytes in and bytes out.

use std::collections::HashSet;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::envelope::{CallError, CapabilityName, Envelope, json_of, merge, sections};
use super::failures::{Failures, demand};
use crate::integration::Integration;

/// A listing of more pages has no end.
const MOST_PAGES: usize = 100_000;

/// Asks an integration as a door does, and reads what it answers.
///
/// It blocks, and may be used in async tests all the same. What the SDK tells of a failure shows no value that is under
/// `auth` or of a type [`Secret`](crate::Secret).
///
/// ```
/// # use connector::capability::{ListAccountsRequest, ListAccountsResponse};
/// # use connector::model::FoundAccountData;
/// # use connector::{Integration, Request, Response, Result};
/// # async fn list_accounts(_: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
/// #     Ok(ListAccountsResponse { accounts: vec![FoundAccountData::new("ada")] }.into())
/// # }
/// use connector::capability::ListAccounts;
/// use connector::testing::Caller;
/// use serde_json::json;
///
/// let integration = Integration::builder("app").register(ListAccounts, list_accounts).build();
/// let caller = Caller::new(integration);
/// let response = caller.answer(ListAccounts, json!({}));
/// assert_eq!(response["accounts"][0]["integration_specific_id"], "ada");
/// assert_eq!(caller.error("create_account", json!({})).code, "not_implemented");
/// assert_eq!(caller.pages(ListAccounts, json!({}), 100).items.len(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct Caller {
    integration: Arc<Integration>,
    envelope: Sections,
    partial_too: bool,
}

/// Their values may be secret.
#[derive(Clone, Default)]
struct Sections(Envelope);

impl std::fmt::Debug for Sections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

/// A listing, walked to its end.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Pages {
    /// The items of all pages.
    pub items: Vec<Value>,
    /// How many items each page has.
    pub sizes: Vec<usize>,
}

impl Caller {
    /// One without credentials and settings.
    #[must_use]
    pub fn new(integration: impl Into<Arc<Integration>>) -> Self {
        Self { integration: integration.into(), envelope: Sections::default(), partial_too: false }
    }

    /// The same with more in its envelopes: `json!({ "auth": …, "settings": …, "include_raw_data": true })`. Settings
    /// and other objects are added to those that are there.
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

    /// The same, taking answers that lack something as well as those that do not.
    #[must_use]
    pub fn partial_too(mut self) -> Self {
        self.partial_too = true;
        self
    }

    /// The whole answer, `{"response": …, "error": …}`, whatever it is.
    ///
    /// # Panics
    /// If the request cannot be written as JSON.
    #[must_use]
    #[track_caller]
    pub fn ask(&self, capability: impl CapabilityName, request: impl Serialize) -> Value {
        self.send(&capability.capability_name(), &self.envelope(request))
    }

    /// The payload of an answer that is no error and lacks nothing.
    ///
    /// # Panics
    /// If it is an error or partial.
    #[must_use]
    #[track_caller]
    pub fn answer(&self, capability: impl CapabilityName, request: impl Serialize) -> Value {
        let name = capability.capability_name();
        demand(self.whole(&name, &self.envelope(request)).map(|mut answer| answer["response"].take()))
    }

    /// The error of a call that fails.
    ///
    /// # Panics
    /// If it succeeds.
    #[must_use]
    #[track_caller]
    pub fn error(&self, capability: impl CapabilityName, request: impl Serialize) -> CallError {
        let name = capability.capability_name();
        let answer = self.ask(name.as_str(), request);
        match CallError::of(self.integration.app_id(), &answer) {
            Some(error) => error,
            None => panic!("{name}: expected an error, found an answer"),
        }
    }

    /// All pages of a listing, of `size` items at the most.
    ///
    /// # Panics
    /// If a page is an error, partial or too long, or a token comes a second time: such a listing would never end.
    #[must_use]
    #[track_caller]
    pub fn pages(&self, capability: impl CapabilityName, request: impl Serialize, size: usize) -> Pages {
        self.pages_with(capability, request, size, |_| ())
    }

    /// [`pages`](Self::pages), calling `between` with the number of the page before each further one: what it changes
    /// in the upstream, a listing should survive.
    ///
    /// # Panics
    /// As there.
    #[must_use]
    #[track_caller]
    pub fn pages_with(
        &self,
        capability: impl CapabilityName,
        request: impl Serialize,
        size: usize,
        between: impl FnMut(usize),
    ) -> Pages {
        demand(self.try_pages(capability, request, size, between))
    }

    /// [`pages_with`](Self::pages_with) as a result.
    ///
    /// # Errors
    /// What that panics with.
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
            let mut answer = self.whole(name, &envelope)?;
            let number = pages.sizes.len() + 1;
            let wrong = |why: &str| Failures::one(format!("{name}: page {number} {why}"));
            let Some(items) = items_of(answer["response"].take()) else {
                return Err(wrong("has no list of items, or several"));
            };
            if items.len() > size {
                return Err(wrong(&format!("has {} items, and was to have {size} at the most", items.len())));
            }
            pages.sizes.push(items.len());
            pages.items.extend(items);
            let Value::String(token) = answer["page"]["token"].take() else { return Ok(pages) };
            page["token"] = token.as_str().into();
            if !tokens.insert(token) {
                return Err(wrong("leads to a page that has been listed: its token comes a second time"));
            }
            if number == MOST_PAGES {
                return Err(wrong("is not the last one: the listing has no end"));
            }
            between(number);
        }
    }

    /// An answer that is no error and lacks nothing.
    fn whole(&self, name: &str, envelope: &Envelope) -> Result<Value, Failures> {
        let answer = self.send(name, envelope);
        if let Some(error) = CallError::of(self.integration.app_id(), &answer) {
            return Err(Failures::one(format!("{name} failed: {error}")));
        }
        match answer["partial"]["reason"].as_str() {
            Some(reason) if !self.partial_too => {
                Err(Failures::one(format!("{name}: the answer is partial: {reason}")))
            }
            _ => Ok(answer),
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

/// Asks `integration`, and reads the answer.
pub(super) fn send(integration: &Integration, name: &str, envelope: &Envelope) -> Value {
    let answer = integration.dispatch_blocking(name, &bytes(envelope));
    serde_json::from_slice(&answer).unwrap_or_default()
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
