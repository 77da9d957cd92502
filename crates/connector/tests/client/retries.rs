//! What is repeated, and when.

use std::time::Duration;

use connector::ConnectorError;
use connector::capability::Effect;
use connector::client::UnknownOutcomeError;
use connector::error::HttpStatusError;
use connector::model::RateLimitMode;
use connector::testing::{Exchange, MockUpstream, Reply, paused};
use serde_json::json;
use tokio::time::Instant;

use crate::{client, request, upstream};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_read_is_repeated_after_passing_faults() {
    paused(async {
        for reply in [408, 429, 502, 503, 504].map(Reply::status).into_iter().chain([Reply::broken_off()]) {
            let mock = MockUpstream::in_order([
                Exchange::get("/users").answers(reply),
                Exchange::get("/users").answers(json!([7])),
            ]);
            let ids: Vec<u32> = upstream(&mock.url(), Effect::Read).get(["users"]).json().await.unwrap();
            assert_eq!(ids, [7]);
            mock.verify();
        }
    });
}

#[test]
fn an_unsafe_write_is_sent_once_if_it_may_have_happened() {
    paused(async {
        for reply in [Reply::status(504), Reply::status(502), Reply::broken_off()] {
            let mock = MockUpstream::expecting([Exchange::post("/users").any_body().answers(reply)]);
            let api = upstream(&mock.url(), Effect::UnsafeWrite);
            let error = api.post(["users"]).body_json(&json!({})).send().await.unwrap_err();
            let unknown = error.downcast_ref::<UnknownOutcomeError>().expect("an unknown outcome");
            assert_eq!(unknown.method(), "POST");
            mock.verify();
        }
    });
}

#[test]
fn a_throttled_unsafe_write_is_repeated_until_its_outcome_is_unknown() {
    paused(async {
        let mock = MockUpstream::in_order([
            Exchange::post("/users").answers(Reply::rate_limited(30)),
            Exchange::post("/users").answers(Reply::status(504)),
        ]);
        let begin = Instant::now();
        let error = upstream(&mock.url(), Effect::UnsafeWrite).post(["users"]).send().await.unwrap_err();
        assert!(error.downcast_ref::<UnknownOutcomeError>().is_some(), "{error}");
        assert_eq!(begin.elapsed(), 30 * SECOND);
        mock.verify();
    });
}

#[test]
fn a_post_is_repeated_only_if_it_is_declared_harmless() {
    paused(async {
        let once = MockUpstream::expecting([Exchange::post("/search").answers(Reply::status(503))]);
        let error = upstream(&once.url(), Effect::Read).post(["search"]).send().await.unwrap_err();
        assert_eq!(error.downcast_ref::<HttpStatusError>().unwrap().status(), 503);
        once.verify();
        for (effect, is_safe) in [(Effect::Read, true), (Effect::IdempotentWrite, false)] {
            let twice = MockUpstream::in_order([
                Exchange::post("/search").answers(Reply::status(503)),
                Exchange::post("/search").answers(json!({})),
            ]);
            let api = upstream(&twice.url(), effect);
            let call = api.post(["search"]);
            (if is_safe { call.safe() } else { call }).send().await.unwrap();
            twice.verify();
        }
    });
}

#[test]
fn a_wait_that_outlasts_the_call_ends_it_at_once_as_throttled() {
    paused(async {
        for status in [429, 503] {
            let reply = Reply::rate_limited(30).with_status(status);
            let mock = MockUpstream::expecting([Exchange::get("/users").answers(reply)]);
            let request = request(Effect::Read).with_remaining(20 * SECOND);
            let begin = Instant::now();
            let api = client().upstream(&request, &mock.url()).unwrap();
            let error = api.get(["users"]).send().await.unwrap_err();
            let error = error.downcast_ref::<ConnectorError>().expect("a throttled call");
            assert_eq!((error.code(), error.status_code()), ("rate_limit", Some(status)));
            assert_eq!(error.retry_after(), Some(30 * SECOND));
            assert_eq!(begin.elapsed(), Duration::ZERO);
            mock.verify();
        }
    });
}

#[test]
fn two_of_the_rate_limit_modes_repeat_nothing() {
    paused(async {
        for (mode, is_repeated) in [
            (RateLimitMode::Enforce, true),
            (RateLimitMode::RetryOnly, true),
            (RateLimitMode::Bypass, false),
            (RateLimitMode::EnforceNoRetry, false),
        ] {
            let mock = MockUpstream::in_order([Exchange::get("/users").answers(Reply::rate_limited(1))]);
            if is_repeated {
                mock.expect(Exchange::get("/users").answers(json!([])));
            }
            let request = request(Effect::Read).with_rate_limit_mode(mode);
            let api = client().upstream(&request, &mock.url()).unwrap();
            assert_eq!(api.get(["users"]).send().await.is_ok(), is_repeated, "{mode:?}");
            mock.verify();
        }
    });
}
