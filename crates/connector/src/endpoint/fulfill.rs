//! Sends a request of the caller to the upstream.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE};
use reqwest::{Method, StatusCode, Url};

use super::{Endpoint, EndpointPolicy, retry_after, target};
use crate::capability::{FulfillArbitraryEndpointRequest, FulfillArbitraryEndpointResponse};
use crate::error::{ConnectorError, Result, strip_url};
use crate::scrub::Scrubber;

const UNREACHABLE: &str = "the app could not be reached";

/// Sends `request`, for which `remaining` time is left.
///
/// # Errors
/// `unauthorized` if the upstream's status is 401. Everything else is a response.
pub(crate) async fn fulfill(
    endpoint: &Endpoint,
    policy: &EndpointPolicy,
    request: FulfillArbitraryEndpointRequest,
    remaining: Option<Duration>,
) -> Result<FulfillArbitraryEndpointResponse> {
    let call = match Call::new(endpoint, policy, &request) {
        Ok(call) => call,
        Err((reason, url)) => return Ok(no_response(reason, url)),
    };
    // Leaves time for the response, which says more than the error of a missed deadline.
    let time_limit = remaining.map_or(policy.time_limit, |left| policy.time_limit.min(left - left / 10));
    let url = call.url.to_string();
    let received = match send(endpoint, call, request.body, time_limit, policy.max_body).await {
        Ok(received) => received,
        Err(reason) => return Ok(no_response(reason, url)),
    };
    if received.status == StatusCode::UNAUTHORIZED {
        // Without the body, which may repeat the credentials.
        let message = format!("{}: the app does not accept the credentials", strip_url(&url));
        return Err(ConnectorError::unauthorized(message).with_status(401).into());
    }
    Ok(received.into_response(endpoint, policy, url))
}

/// A request that the policy allows.
struct Call {
    method: Method,
    url: Url,
    headers: HeaderMap,
}

impl Call {
    /// Checks a request. If it is rejected, returns why, and the URL that it was for.
    fn new(
        endpoint: &Endpoint,
        policy: &EndpointPolicy,
        request: &FulfillArbitraryEndpointRequest,
    ) -> std::result::Result<Self, (String, String)> {
        let url = target::resolve(&endpoint.base, request)
            // Only what a log may contain: neither credentials nor the query.
            .map_err(|reason| (reason.to_owned(), strip_url(&request.url)))?;
        let rejected = |reason: String| (reason, url.to_string());
        let mut headers = policy.headers(request, &endpoint.headers).map_err(rejected)?;
        let content_type = policy
            .content_type(&endpoint.base, &url, request)
            .map_err(|reason| rejected(reason.to_owned()))?;
        headers.extend(endpoint.headers.clone());
        let method = if content_type.is_some() { Method::POST } else { Method::GET };
        if let Some((name, value)) = content_type {
            headers.insert(name, value);
        }
        Ok(Self { method, url, headers })
    }
}

struct Received {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

async fn send(
    endpoint: &Endpoint,
    call: Call,
    body: Option<String>,
    time_limit: Duration,
    max_body: usize,
) -> std::result::Result<Received, String> {
    let Call { method, url, headers } = call;
    let failed = |error: reqwest::Error| {
        if error.is_timeout() {
            format!("the app did not respond within {time_limit:?}")
        } else {
            tracing::debug!(error = %error.without_url(), "the request that was passed on failed");
            UNREACHABLE.to_owned()
        }
    };
    if time_limit.is_zero() {
        return Err("no time was left for the request".to_owned());
    }
    let request = endpoint.client.0.request(method, url).headers(headers).timeout(time_limit);
    let request = if let Some(body) = body { request.body(body) } else { request };
    let mut response = request.send().await.map_err(failed)?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if chunk.len() > max_body - body.len() {
            return Err(format!("the app's response is larger than {max_body} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Received { status: response.status(), headers: std::mem::take(response.headers_mut()), body })
}

impl Received {
    /// Returns the response without the endpoint's secrets: an upstream that repeats a request would reveal them.
    fn into_response(
        self,
        endpoint: &Endpoint,
        policy: &EndpointPolicy,
        resolved_url: String,
    ) -> FulfillArbitraryEndpointResponse {
        let Self { status, headers, body } = self;
        let scrubber = Scrubber::new(endpoint.secrets.clone());
        let content_type =
            headers.get(CONTENT_TYPE).map(|value| scrubber.scrub_whole(&text(value.as_bytes())));
        let body = decode(body, content_type.as_deref());
        let ok = status.is_success() && body.is_ok();
        FulfillArbitraryEndpointResponse {
            status_code: Some(status.as_u16().into()),
            error: body.as_ref().err().cloned(),
            body: body.ok().map(|body| scrubber.scrub_whole(&body)),
            content_type,
            retry_after_seconds: if ok {
                None
            } else {
                retry_after::seconds(status, &headers, policy.rate_limit_reset)
            },
            ..FulfillArbitraryEndpointResponse::new(ok, joined(&headers, &scrubber), resolved_url)
        }
    }
}

/// The headers of a response, with the values of a repeated one joined. Cookies are left out: they are credentials.
fn joined(headers: &HeaderMap, scrubber: &Scrubber) -> BTreeMap<String, String> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    let add = |(name, value): (&HeaderName, &HeaderValue)| {
        let value = scrubber.scrub_whole(&text(value.as_bytes()));
        match joined.get_mut(name.as_str()) {
            Some(known) => known.extend([", ", &value]),
            None => drop(joined.insert(name.as_str().to_owned(), value)),
        }
    };
    headers.iter().filter(|(name, _)| **name != SET_COOKIE).for_each(add);
    joined
}

/// Reads a header's value: as UTF-8, or else as Latin-1.
fn text(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| latin_1(bytes), ToOwned::to_owned)
}

fn latin_1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// Decodes a body in UTF-8 or Latin-1. In UTF-8, what is invalid becomes `U+FFFD`.
fn decode(body: Vec<u8>, content_type: Option<&str>) -> std::result::Result<String, String> {
    let charset = content_type.and_then(|content_type| {
        let parameters = content_type.split(';').skip(1);
        let mut pairs = parameters.filter_map(|parameter| parameter.trim().split_once('='));
        pairs.find_map(|(name, value)| name.eq_ignore_ascii_case("charset").then(|| value.trim_matches('"')))
    });
    match charset.map(str::to_ascii_lowercase).as_deref() {
        None | Some("utf-8" | "utf8" | "us-ascii" | "ascii") => Ok(String::from_utf8(body)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())),
        Some("iso-8859-1" | "latin1") => Ok(latin_1(&body)),
        Some(_) => Err("the app's response is neither in UTF-8 nor in ISO-8859-1".to_owned()),
    }
}

fn no_response(reason: String, resolved_url: String) -> FulfillArbitraryEndpointResponse {
    FulfillArbitraryEndpointResponse {
        error: Some(reason),
        ..FulfillArbitraryEndpointResponse::new(false, BTreeMap::new(), resolved_url)
    }
}
