//! The envelope of a classic answer: `{"response", "raw_data", "page", "error"}`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::EncounteredError;
use crate::model::Page;
use crate::response::Partial;
use crate::wire::codec::Frame;

/// An answer. `T` is the payload, `V` raw data, `G` the page.
#[derive(Serialize, Deserialize)]
struct Answer<T, V, G> {
    response: T,
    raw_data: Option<V>,
    page: Option<G>,
    error: Option<EncounteredError<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial: Option<Partial>,
}

/// The next page. Unlike [`Page`] it always has a token, and nothing else is allowed beside.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PaginationData")]
pub(super) struct PaginationData<T> {
    /// The token to ask for the next page with.
    token: T,
    /// How many items a page has at the most.
    size: Option<i64>,
}

impl<'a> PaginationData<&'a str> {
    /// A page without a token is no next page.
    pub(super) fn of(page: &'a Page) -> Option<Self> {
        Some(Self { token: page.token.as_deref()?, size: page.size })
    }
}

pub(super) fn write<P: Serialize>(payload: P, frame: Frame<'_>, out: &mut Vec<u8>) -> serde_json::Result<()> {
    let answer = Answer {
        response: payload,
        raw_data: frame.raw_data,
        page: frame.page.and_then(PaginationData::of),
        error: None,
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

    let read: Answer<
        DeserializeAsWrap<R, W>,
        serde_json::Map<String, serde_json::Value>,
        PaginationData<String>,
    > = crate::read::strict(text)?;
    let model = read.response.into_inner();
    serde_json::to_vec(&Answer {
        response: SerializeAsWrap::<R, W>::new(&model),
        raw_data: read.raw_data,
        page: read.page,
        error: read.error,
        partial: read.partial,
    })
}
