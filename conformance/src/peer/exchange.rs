//! [`Exchange`]: one question, and the answers of both.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, anyhow};
use serde_json::Value;

use super::program::{Answer, Program};
use super::request::Request;

/// How many questions are asked at the same time.
const AT_ONCE: usize = 2;

/// A listing that does not end is left after so many pages more than it should have.
const PAGES_TOO_MANY: usize = 2;

/// What both were asked, and what they said.
#[derive(Debug)]
pub(super) struct Exchange {
    /// The request's name; from the second page on with the page's number, `name/2`.
    pub(super) name: String,
    pub(super) capability: String,
    /// What both were asked. Pages are asked for with the token of the other, see [`listing`].
    pub(super) json: Option<String>,
    pub(super) ours: Answer,
    pub(super) theirs: Answer,
    /// Whether a next page is expected; `None` if that does not matter.
    pub(super) goes_on: Option<bool>,
}

/// Asks both everything. The answers come in the order of the requests.
pub(super) fn all(requests: &[Request], ours: &Program, theirs: &Program) -> Result<Vec<Exchange>> {
    let next = AtomicUsize::new(0);
    let answered = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((index, request)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    requests.get(index).map(|request| (index, request))
                } {
                    let exchanges = listing(request, ours, theirs);
                    if let Ok(mut answered) = answered.lock() {
                        answered.push((index, exchanges));
                    }
                }
            });
        }
    });
    let mut answered = answered.into_inner().map_err(|_| anyhow!("a thread that asks has panicked"))?;
    answered.sort_by_key(|(index, _)| *index);
    let listings: Vec<Vec<Exchange>> =
        answered.into_iter().map(|(_, exchanges)| exchanges).collect::<Result<_>>()?;
    Ok(listings.into_iter().flatten().collect())
}

/// Asks a request, page by page if it says so. Each continues where the other has stopped: with the other's token.
fn listing(request: &Request, ours: &Program, theirs: &Program) -> Result<Vec<Exchange>> {
    let mut exchanges = Vec::new();
    let (mut for_ours, mut for_theirs) = (request.json.clone(), request.json.clone());
    loop {
        let page = exchanges.len() + 1;
        let exchange = Exchange {
            name: if page == 1 { request.name.clone() } else { format!("{}/{page}", request.name) },
            capability: request.capability.clone(),
            ours: ours.ask(&request.capability, for_ours.as_deref())?,
            theirs: theirs.ask(&request.capability, for_theirs.as_deref())?,
            json: for_ours,
            goes_on: request.pages.map(|pages| page < pages),
        };
        let tokens = (token(&exchange.ours), token(&exchange.theirs));
        exchanges.push(exchange);
        match (request.pages, tokens, request.json.as_deref()) {
            (Some(pages), (Some(ours), Some(theirs)), Some(json)) if page < pages + PAGES_TOO_MANY => {
                for_ours = Some(continued(json, &theirs)?);
                for_theirs = Some(continued(json, &ours)?);
            }
            _ => return Ok(exchanges),
        }
    }
}

/// The token of the next page.
pub(super) fn token(answer: &Answer) -> Option<String> {
    answer.document()?["page"]["token"].as_str().map(ToOwned::to_owned)
}

/// The request for the page of this token.
fn continued(json: &str, token: &str) -> Result<String> {
    let mut envelope: Value = serde_json::from_str(json).context("a listing's request")?;
    if !envelope["page"].is_object() {
        envelope["page"] = Value::Object(serde_json::Map::new());
    }
    envelope["page"]["token"] = token.into();
    Ok(envelope.to_string())
}

/// The capabilities in either `info` that nothing was asked of.
pub(super) fn unasked(exchanges: &[Exchange]) -> BTreeSet<&str> {
    let infos = exchanges.iter().filter(|exchange| exchange.capability == "info");
    let documents = infos.flat_map(|info| [info.ours.document(), info.theirs.document()]).flatten();
    documents
        .filter_map(|document| document["capabilities"].as_array())
        .flatten()
        .filter_map(Value::as_str)
        .filter(|name| !exchanges.iter().any(|exchange| exchange.capability == *name))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::peer::program::Said;

    #[test]
    fn a_listing_goes_on_with_the_same_size() {
        assert_eq!(
            continued(r#"{"request":{},"page":{"size":7,"token":"a"}}"#, "b").unwrap(),
            r#"{"request":{},"page":{"size":7,"token":"b"}}"#
        );
        assert_eq!(
            continued(r#"{"request":{},"page":null}"#, "b").unwrap(),
            r#"{"request":{},"page":{"token":"b"}}"#
        );
    }

    #[test]
    fn a_capability_that_only_one_has_is_missed_too() {
        let info =
            |names: &[&str]| Answer { exit: Some(0), said: Said::Document(json!({ "capabilities": names })) };
        let exchange = |capability: &str, ours, theirs| Exchange {
            name: "n".to_owned(),
            capability: capability.to_owned(),
            json: None,
            ours,
            theirs,
            goes_on: None,
        };
        let exchanges =
            [exchange("info", info(&["a", "b"]), info(&["a", "c"])), exchange("a", info(&[]), info(&[]))];
        assert_eq!(unasked(&exchanges), BTreeSet::from(["b", "c"]));
    }
}
