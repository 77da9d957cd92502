//! How long to wait before another request, from the headers of a response.

use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use serde_json::Number;

use super::RateLimitReset;

/// Returns how many seconds to wait after a response, if it says so.
pub(crate) fn seconds(
    status: StatusCode,
    headers: &HeaderMap,
    reset: Option<RateLimitReset>,
) -> Option<Number> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    // The upstream's own clock, because the header is relative to it.
    let now = || text(DATE.as_str()).and_then(http_date).unwrap_or_else(Timestamp::now);
    let until = |time: Timestamp| time.duration_since(now()).as_secs().max(0);
    if let Some(value) = text(RETRY_AFTER.as_str()) {
        if let Some(number) = number(value) {
            return Some(number);
        }
        if let Some(time) = http_date(value) {
            return Some(until(time).into());
        }
    }
    let is_limited = matches!(status, StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS)
        && text("x-ratelimit-remaining").is_none_or(|remaining| remaining == "0");
    let value = text("x-ratelimit-reset").filter(|_| is_limited)?;
    match reset? {
        RateLimitReset::Seconds => number(value),
        RateLimitReset::UnixTime => {
            let seconds = value.split('.').next().unwrap_or_default().parse().ok()?;
            Some(until(Timestamp::from_second(seconds).ok()?).into())
        }
    }
}

/// Reads a number of seconds. A negative one is zero.
fn number(text: &str) -> Option<Number> {
    if let Ok(whole) = text.parse::<u64>() {
        return Some(whole.into());
    }
    let seconds = text.parse::<f64>().ok().filter(|seconds| seconds.is_finite())?;
    Number::from_f64(seconds.max(0.0))
}

fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn wait(
        status: u16,
        headers: &[(&'static str, &'static str)],
        reset: Option<RateLimitReset>,
    ) -> Option<String> {
        let header = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let headers = headers.iter().map(header).collect();
        seconds(StatusCode::from_u16(status).unwrap(), &headers, reset).map(|number| number.to_string())
    }

    #[test]
    fn retry_after_is_read_in_all_its_forms() {
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        for (value, expected) in [
            ("30", Some("30")),
            ("1.5", Some("1.5")),
            ("-3", Some("0.0")),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some("60")),
            ("Sun, 06 Nov 1994 08:48:37 GMT", Some("0")),
            ("soon", None),
            ("inf", None),
            ("NaN", None),
        ] {
            assert_eq!(wait(503, &[date, ("retry-after", value)], None).as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn rate_limits_are_read_if_the_policy_says_how() {
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        let unix = [date, ("x-ratelimit-reset", "784111807"), ("x-ratelimit-remaining", "0")];
        assert_eq!(wait(429, &unix, None), None);
        assert_eq!(wait(429, &unix, Some(RateLimitReset::UnixTime)).as_deref(), Some("30"));
        assert_eq!(wait(500, &unix, Some(RateLimitReset::UnixTime)), None);
        let left = [("x-ratelimit-reset", "30"), ("x-ratelimit-remaining", "7")];
        assert_eq!(wait(403, &left, Some(RateLimitReset::Seconds)), None);
        assert_eq!(wait(403, &left[..1], Some(RateLimitReset::Seconds)).as_deref(), Some("30"));
    }
}
