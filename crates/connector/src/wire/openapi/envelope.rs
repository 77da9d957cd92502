//! The envelope of an openapi answer: `{"response", "raw_data", "page", "rate_limit", "execution_summary"}`.

use serde::{Deserialize, Serialize};

use super::summary::{ExecutionSummary, RateLimitResponseInfo};
use crate::response::Partial;
use crate::wire::codec::Frame;

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

#[cfg(feature = "conformance")]
pub(super) fn rewrite<R, W>(text: &str) -> serde_json::Result<Vec<u8>>
where
    W: for<'de> serde_with::DeserializeAs<'de, R> + serde_with::SerializeAs<R>,
{
    use serde_with::de::DeserializeAsWrap;
    use serde_with::ser::SerializeAsWrap;

    let read: Answer<DeserializeAsWrap<R, W>, serde_json::Value, crate::model::Page> =
        crate::read::strict(text)?;
    let model = read.response.into_inner();
    serde_json::to_vec(&Answer {
        response: SerializeAsWrap::<R, W>::new(&model),
        raw_data: read.raw_data,
        page: read.page,
        rate_limit: read.rate_limit,
        execution_summary: read.execution_summary,
        partial: read.partial,
    })
}
