//! Sends a call, and repeats it if that is allowed.

use std::time::Duration;

use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Response, StatusCode, Url};
use tokio::time::{Instant, sleep};

use super::answer::{Answer, quoted};
use super::call::Call;
use super::fault::{Failed, UnknownOutcomeError, coded, unanswered};
use super::retry::{LONGEST_ASKED, backoff, is_passing};
use super::upstream::Upstream;
use crate::capability::Effect;
use crate::endpoint::retry_after;
use crate::error::{ConnectorError, Error, ErrorCode, HttpStatusError, Result, strip_url};

const MAX_REDIRECTS: u32 = 5;

/// Sends a call until it succeeds or may not be repeated.
pub(super) async fn send(mut call: Call<'_>) -> Result<Answer> {
    let upstream = call.upstream;
    let (mut retry, mut redirects) = (0, 0);
    upstream.shared.budget.earn();
    loop {
        upstream.cancellation.check()?;
        let repeatable = call.is_repeatable();
        let attempt = attempt(&mut call).await;
        let (error, is_harmless, asked) = match attempt {
            Ok(answer) if (200..300).contains(&answer.status) => return Ok(answer),
            Ok(answer) => {
                if let Some(url) = redirect(&call, &answer)? {
                    redirects += 1;
                    if redirects > MAX_REDIRECTS {
                        return Err(unusable(&call, &answer.url, "too many redirects").into());
                    }
                    call = call.redirect(url);
                    continue;
                }
                let asked = asked_wait(&answer);
                let is_harmless = is_passing(answer.status) && (repeatable || answer.status == 429);
                (rejected(&call, &answer, repeatable, asked), is_harmless, asked)
            }
            Err(Failed::Final(error)) => return Err(error),
            Err(Failed::NotSent(error)) => (error, true, None),
            Err(Failed::Lost(error)) if repeatable => (error.into(), true, None),
            Err(Failed::Lost(error)) if upstream.effect == Effect::UnsafeWrite => {
                let url = strip_url(call.request()?.url().as_str());
                return Err(UnknownOutcomeError::lost(call.method.as_str(), &url, error).into());
            }
            Err(Failed::Lost(error)) => return Err(error.into()),
        };
        let may_retry = is_harmless && upstream.may_retry && retry < upstream.shared.retries;
        if !may_retry {
            return Err(error);
        }
        let wait = asked.unwrap_or_else(|| backoff(retry));
        if wait >= time_left(upstream).unwrap_or(LONGEST_ASKED) {
            return Err(too_long(error, asked));
        }
        if !upstream.shared.budget.spend() {
            tracing::warn!(%error, "an upstream call is not repeated: too many calls have failed");
            return Err(error);
        }
        let seconds = wait.as_secs_f64();
        if asked.is_some() {
            tracing::warn!(%error, seconds, "waiting as long as the upstream asks, then repeating the call");
        } else {
            tracing::info!(%error, seconds, "waiting before the call is repeated");
        }
        sleep(wait).await;
        retry += 1;
    }
}

fn time_left(upstream: &Upstream) -> Option<Duration> {
    upstream.until.map(|until| until.saturating_duration_since(Instant::now()))
}

async fn attempt(call: &mut Call<'_>) -> Result<Answer, Failed> {
    let upstream = call.upstream;
    let mut request = call.request().map_err(Failed::Final)?;
    let url = request.url().clone();
    let shown = strip_url(url.as_str());
    for credentials in &upstream.credentials {
        credentials.apply(&mut request).map_err(Failed::Final)?;
    }
    let limit = time_left(upstream).map_or(upstream.shared.timeout, |left| left.min(upstream.shared.timeout));
    if limit.is_zero() {
        let message = format!("{} {shown}: no time is left for the call", call.method);
        return Err(Failed::Final(coded(message, ErrorCode::RequestTimeout).into()));
    }
    *request.timeout_mut() = Some(limit);
    let begin = Instant::now();
    let failed = |error: &reqwest::Error| {
        let fault = unanswered(call.method.as_str(), &shown, error);
        if error.is_connect() { Failed::NotSent(fault.into()) } else { Failed::Lost(fault) }
    };
    let mut response = upstream.http.execute(request).await.map_err(|error| failed(&error))?;
    let body = body(&mut response, upstream.shared.max_body).await.map_err(|error| failed(&error))?;
    let status = response.status().as_u16();
    let Some(body) = body else {
        let what = format!("the response has more than {} bytes", upstream.shared.max_body);
        return Err(Failed::Final(unusable(call, &url, &what).into()));
    };
    let milliseconds = u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(method = %call.method, url = shown, status, milliseconds, bytes = body.len(), "the upstream answered");
    let headers = std::mem::take(response.headers_mut());
    Ok(Answer { status, url, headers, body, secrets: upstream.secrets.clone() })
}

/// Reads the body, unless it is too large.
async fn body(response: &mut Response, max: usize) -> reqwest::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if chunk.len() > max - body.len() {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

/// Where a redirect leads, if it can be followed: only reads are, and only within the server.
fn redirect(call: &Call<'_>, answer: &Answer) -> Result<Option<Url>> {
    let is_redirect = matches!(answer.status, 301 | 302 | 303 | 307 | 308);
    let location = answer.headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let Some(location) = location.filter(|_| is_redirect && call.method.is_safe()) else { return Ok(None) };
    let url = answer.url.join(location).ok();
    match url.filter(|url| call.upstream.is_on_server(url)) {
        Some(url) => Ok(Some(url)),
        None => Err(unusable(call, &answer.url, "the response redirects to another server").into()),
    }
}

fn unusable(call: &Call<'_>, url: &Url, what: &str) -> ConnectorError {
    let message = format!("{} {}: {what}", call.method, strip_url(url.as_str()));
    coded(message, ErrorCode::InvalidResponse)
}

/// The error for a response with an error status.
fn rejected(call: &Call<'_>, answer: &Answer, repeatable: bool, asked: Option<Duration>) -> Error {
    let body = quoted(&answer.headers, &answer.body, &answer.secrets);
    let error = HttpStatusError::new(call.method.as_str(), answer.url.as_str(), answer.status, &body);
    if answer.status == 429 {
        return throttled(&error, asked).into();
    }
    // What a gateway says about a write doesn't tell whether it happened behind it.
    let is_unknown = matches!(answer.status, 408 | 502 | 504);
    if is_unknown && !repeatable && call.upstream.effect == Effect::UnsafeWrite {
        return UnknownOutcomeError::status(error).into();
    }
    error.into()
}

fn throttled(error: &HttpStatusError, asked: Option<Duration>) -> ConnectorError {
    let throttled = ConnectorError::rate_limited(error.to_string()).with_status(error.status());
    match asked {
        Some(wait) => throttled.with_retry_after(wait),
        None => throttled,
    }
}

/// The error if the wait would outlast the call. If the upstream asked for the wait, the call was throttled.
fn too_long(error: Error, asked: Option<Duration>) -> Error {
    match error.downcast_ref::<HttpStatusError>() {
        Some(status) if asked.is_some() => throttled(status, asked).into(),
        _ => error,
    }
}

fn asked_wait(answer: &Answer) -> Option<Duration> {
    let headers: &HeaderMap = &answer.headers;
    let status = StatusCode::from_u16(answer.status).ok()?;
    let seconds = retry_after::seconds(status, headers, None)?.as_f64()?;
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}
