//! The capability that passes a request of the caller on to the upstream.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::constructor::constructor;

/// Requests one read from the upstream's own API.
///
/// The handler decides what it passes on. It must reject other hosts than the upstream's, `POST` to a path that changes
/// something, and headers that it does not know to be harmless.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FulfillArbitraryEndpointRequest {
    /// A path below the upstream's base URL, or an absolute URL on the same host, such as the link to the next page in an
    /// earlier response.
    pub url: String,
    /// The HTTP method; `GET` by default.
    #[schemars(extend("default" = "GET"))]
    pub method: Option<ArbitraryRequestMethod>,
    /// The body of a `POST`, to be sent as it is. The handler sets its content type.
    pub body: Option<String>,
    /// The query parameters, each with all its values. Ignore them if the URL is absolute.
    pub query: Option<BTreeMap<String, Vec<String>>>,
    /// Additional headers. Their values may be secrets.
    pub headers: Option<BTreeMap<String, String>>,
}

constructor!(FulfillArbitraryEndpointRequest(url: String), method, body, query, headers);

/// Shows the names of headers and query parameters, but not their values, and not the body: they may be secrets.
impl std::fmt::Debug for FulfillArbitraryEndpointRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = self.url.split(['?', '#']).next().unwrap_or_default();
        f.debug_struct("FulfillArbitraryEndpointRequest")
            .field("url", &path)
            .field("method", &self.method)
            .field("query", &self.query.as_ref().map(|query| query.keys().collect::<Vec<_>>()))
            .field("headers", &self.headers.as_ref().map(|headers| headers.keys().collect::<Vec<_>>()))
            .finish_non_exhaustive()
    }
}

/// The HTTP method of a request that is passed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum ArbitraryRequestMethod {
    /// `GET`.
    #[default]
    Get,
    /// `POST`, to a path that only reads.
    Post,
}

/// What the upstream responded, unchanged.
///
/// If the upstream returns an error status, the call still succeeds, with `ok: false`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FulfillArbitraryEndpointResponse {
    /// Whether the upstream responded with a 2xx status.
    pub ok: bool,
    /// The upstream's HTTP status. `None` if no response arrived or the handler rejected the request.
    pub status_code: Option<i64>,
    /// The upstream's headers. The values of a repeated header are joined with `, `. Empty if no response arrived.
    pub headers: BTreeMap<String, String>,
    /// The upstream's body, decoded from its charset but not parsed.
    pub body: Option<String>,
    /// The upstream's content type.
    pub content_type: Option<String>,
    /// Why no response arrived or why the handler rejected the request, in words that a user may see. `None` if the
    /// upstream responded, with any status.
    pub error: Option<String>,
    /// How many seconds to wait before another attempt; `None` if that is not known.
    pub retry_after_seconds: Option<serde_json::Number>,
    /// The absolute URL that was called.
    pub resolved_url: String,
}

constructor!(
    FulfillArbitraryEndpointResponse(ok: bool, headers: BTreeMap<String, String>, resolved_url: String),
    status_code, body, content_type, error, retry_after_seconds
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_values_that_may_be_secret() {
        let request = FulfillArbitraryEndpointRequest {
            body: Some("canary".to_owned()),
            query: Some([("key".to_owned(), vec!["canary".to_owned()])].into()),
            headers: Some([("Authorization".to_owned(), "canary".to_owned())].into()),
            ..FulfillArbitraryEndpointRequest::new("/users?key=canary")
        };
        let text = format!("{request:?}");
        assert!(
            text.contains("/users") && text.contains("Authorization") && !text.contains("canary"),
            "{text}"
        );
    }
}
