//! The envelope of an openapi answer: `{"response", "raw_data", "page", "rate_limit", "execution_summary"}`.

use serde::{Deserialize, Serialize};

use super::OpenApi;
use super::summary::{ExecutionSummary, RateLimitResponseInfo};
use crate::model::Page;
use crate::read;
use crate::response::Partial;
use crate::wire::codec::{Frame, Spelled};

/// An answer. `T` is the payload, `V` raw data, `G` the page.
#[derive(Serialize, Deserialize)]
struct Answer<T, V, G> {
    response: T,
    raw_data: Option<V>,
    page: Option<G>,
    rate_limit: Option<RateLimitResponseInfo>,
    execution_summary: Option<ExecutionSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial: Option<Partial>,
}

pub(super) fn write<P: Serialize>(payload: P, frame: Frame<'_>, out: &mut Vec<u8>) -> serde_json::Result<()> {
    let answer = Answer {
        response: payload,
        raw_data: frame.raw_data,
        page: frame.page,
        rate_limit: None,
        execution_summary: None,
        partial: frame.partial.cloned(),
    };
    serde_json::to_writer(out, &answer)
}

pub(super) fn rewrite<R: Spelled<OpenApi>>(text: &str) -> serde_json::Result<Vec<u8>> {
    let read: Answer<R::Read, serde_json::Value, Page> = read::strict(text)?;
    let model: R = read.response.into();
    serde_json::to_vec(&Answer {
        response: R::Write::from(&model),
        raw_data: read.raw_data,
        page: read.page,
        rate_limit: read.rate_limit,
        execution_summary: read.execution_summary,
        partial: read.partial,
    })
}
