//! [`Exchange`]: one request and both responses.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, anyhow};
use serde_json::Value;

use super::program::Program;
use super::request::Request;
use super::response::Response;
use super::via::Via;

/// Number of concurrent requests.
const CONCURRENCY: usize = 2;

/// Maximum number of extra pages to read, if a listing has more than it should.
const MAX_EXTRA_PAGES: usize = 2;

/// A request, and the responses of both programs.
#[derive(Debug)]
pub(super) struct Exchange {
    /// The name of the request. From the second page on, it includes the page number: `name/2`.
    pub(super) name: String,
    pub(super) capability: String,
    pub(super) via: Via,
    /// The request that both received. Later pages are requested with the other program's token, see [`listing`].
    pub(super) json: Option<String>,
    pub(super) ours: Response,
    pub(super) theirs: Response,
    /// Whether a next page is expected; `None` if that doesn't matter.
    pub(super) has_next_page: Option<bool>,
}

/// Sends all requests to both programs. The exchanges have the order of the requests.
pub(super) fn run_all(requests: &[Request], ours: &Program, theirs: &Program) -> Result<Vec<Exchange>> {
    // Requests that start a process take longest, so none of them should be the last one.
    let mut order: Vec<usize> = (0..requests.len()).collect();
    order.sort_by_key(|index| requests[*index].via);
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..CONCURRENCY {
            scope.spawn(|| {
                while let Some((index, request)) = {
                    let index = order.get(next.fetch_add(1, Ordering::Relaxed)).copied();
                    index.and_then(|index| Some((index, requests.get(index)?)))
                } {
                    let exchanges = listing(request, ours, theirs);
                    if let Ok(mut results) = results.lock() {
                        results.push((index, exchanges));
                    }
                }
            });
        }
    });
    let mut results = results.into_inner().map_err(|_| anyhow!("a thread has panicked"))?;
    results.sort_by_key(|(index, _)| *index);
    let listings: Vec<Vec<Exchange>> =
        results.into_iter().map(|(_, exchanges)| exchanges).collect::<Result<_>>()?;
    Ok(listings.into_iter().flatten().collect())
}

/// Sends a request, with all its pages if it has any. Each program continues with the other one's page token.
fn listing(request: &Request, ours: &Program, theirs: &Program) -> Result<Vec<Exchange>> {
    let mut exchanges = Vec::new();
    let (mut for_ours, mut for_theirs) = (request.json.clone(), request.json.clone());
    loop {
        let page = exchanges.len() + 1;
        let exchange = Exchange {
            name: if page == 1 { request.name.clone() } else { format!("{}/{page}", request.name) },
            capability: request.capability.clone(),
            via: request.via,
            ours: ours.call(request, for_ours.as_deref())?,
            theirs: theirs.call(request, for_theirs.as_deref())?,
            json: for_ours,
            has_next_page: request.pages.map(|pages| page < pages),
        };
        let tokens = (token(&exchange.ours), token(&exchange.theirs));
        exchanges.push(exchange);
        match (request.pages, tokens, request.json.as_deref()) {
            (Some(pages), (Some(ours), Some(theirs)), Some(json)) if page < pages + MAX_EXTRA_PAGES => {
                for_ours = Some(next_page_request(json, &theirs)?);
                for_theirs = Some(next_page_request(json, &ours)?);
            }
            _ => return Ok(exchanges),
        }
    }
}

/// The token of the next page.
pub(super) fn token(response: &Response) -> Option<String> {
    response.document()?["page"]["token"].as_str().map(ToOwned::to_owned)
}

/// The request for the page with this token.
fn next_page_request(json: &str, token: &str) -> Result<String> {
    let mut envelope: Value = serde_json::from_str(json).context("a listing's request")?;
    if !envelope["page"].is_object() {
        envelope["page"] = Value::Object(serde_json::Map::new());
    }
    envelope["page"]["token"] = token.into();
    Ok(envelope.to_string())
}

/// The capabilities in either `info` that have no request. `info` is where a response describes the connector.
pub(super) fn uncalled<'a>(exchanges: &'a [Exchange], info: &str) -> BTreeSet<&'a str> {
    let infos = exchanges.iter().filter(|exchange| exchange.capability == "info");
    let documents = infos.flat_map(|info| [info.ours.document(), info.theirs.document()]).flatten();
    documents
        .filter_map(|document| document.pointer(info)?["capabilities"].as_array())
        .flatten()
        .filter_map(Value::as_str)
        .filter(|name| !exchanges.iter().any(|exchange| exchange.capability == *name))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::peer::response::Body;

    #[test]
    fn next_page_keeps_the_page_size() {
        assert_eq!(
            next_page_request(r#"{"request":{},"page":{"size":7,"token":"a"}}"#, "b").unwrap(),
            r#"{"request":{},"page":{"size":7,"token":"b"}}"#
        );
        assert_eq!(
            next_page_request(r#"{"request":{},"page":null}"#, "b").unwrap(),
            r#"{"request":{},"page":{"token":"b"}}"#
        );
    }

    #[test]
    fn capabilities_that_only_one_has_are_reported_too() {
        let info = |names: &[&str]| Response {
            facts: Vec::new(),
            body: Body::Document(json!({ "response": { "capabilities": names } })),
        };
        let exchange = |capability: &str, ours, theirs| Exchange {
            name: "n".to_owned(),
            capability: capability.to_owned(),
            via: Via::Json,
            json: None,
            ours,
            theirs,
            has_next_page: None,
        };
        let exchanges =
            [exchange("info", info(&["a", "b"]), info(&["a", "c"])), exchange("a", info(&[]), info(&[]))];
        assert_eq!(uncalled(&exchanges, "/response"), BTreeSet::from(["b", "c"]));
    }
}
