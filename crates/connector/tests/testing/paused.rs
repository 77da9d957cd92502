//! Waits on a paused clock.

use std::time::Duration;

use connector::testing::{Exchange, MockUpstream, Reply, paused};
use http_body_util::{BodyExt as _, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::error::Elapsed;
use tokio::time::{Instant, sleep, timeout};

use crate::support;

const SECOND: Duration = Duration::from_secs(1);

/// Gets a path of the upstream on a new connection. Returns the status and the body.
async fn get(url: &str, path: &str) -> (u16, Bytes) {
    let stream = TcpStream::connect(url.trim_start_matches("http://")).await.expect("a connection");
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.expect("a handshake");
    tokio::spawn(connection);
    let request = Request::get(path).header("host", "localhost").body(Empty::<Bytes>::new());
    let response = sender.send_request(request.expect("a request")).await.expect("a response");
    let status = response.status().as_u16();
    (status, response.into_body().collect().await.expect("a body").to_bytes())
}

/// Gets a path as clients do that have a timeout.
async fn get_within(limit: Duration, url: &str, path: &str) -> Result<(u16, Bytes), Elapsed> {
    timeout(limit, get(url, path)).await
}

#[test]
fn waits_between_calls_take_no_time_and_timeouts_do_not_expire() {
    let waited = paused(async {
        let upstream = MockUpstream::in_order([
            Exchange::get("/a").answers(Reply::rate_limited(30)).times(5),
            Exchange::get("/a").answers(Reply::text("done")),
        ]);
        let begin = Instant::now();
        while get_within(SECOND, &upstream.url(), "/a").await.unwrap().0 == 429 {
            sleep(30 * SECOND).await;
        }
        upstream.verify();
        begin.elapsed()
    });
    assert_eq!(waited, 150 * SECOND);
}

#[test]
fn a_timeout_expires_when_the_upstream_takes_longer() {
    // Created outside: it is watched all the same.
    let upstream = MockUpstream::expecting([
        Exchange::get("/late").answers(Reply::text("late").delayed(60 * SECOND)),
        Exchange::get("/soon").answers(Reply::text("soon").delayed(5 * SECOND)),
    ]);
    paused(async {
        let begin = Instant::now();
        get_within(10 * SECOND, &upstream.url(), "/late").await.unwrap_err();
        assert_eq!(begin.elapsed(), 10 * SECOND);
        let begin = Instant::now();
        assert_eq!(get_within(10 * SECOND, &upstream.url(), "/soon").await.unwrap().1, "soon");
        assert_eq!(begin.elapsed(), 5 * SECOND);
    });
    upstream.verify();
}

#[test]
fn a_large_response_takes_no_time() {
    let large = "x".repeat(32 << 20);
    paused(async {
        let upstream = MockUpstream::expecting([Exchange::get("/a").answers(Reply::text(large.clone()))]);
        let begin = Instant::now();
        let (_, body) = get_within(SECOND, &upstream.url(), "/a").await.unwrap();
        assert_eq!((body.len(), begin.elapsed()), (large.len(), Duration::ZERO));
        upstream.verify();
    });
}

#[test]
fn calls_at_the_same_time_wait_together() {
    paused(async {
        let upstream = MockUpstream::expecting([Exchange::get("/a")
            .answers(Reply::text("done").delayed(SECOND))
            .times(20)]);
        let begin = Instant::now();
        let mut calls = JoinSet::new();
        for _ in 0..20 {
            let url = upstream.url();
            calls.spawn(async move { get_within(2 * SECOND, &url, "/a").await.unwrap().0 });
        }
        assert_eq!(calls.join_all().await, [200; 20]);
        assert_eq!((begin.elapsed(), upstream.most_in_flight()), (SECOND, 20));
        upstream.verify();
    });
}

#[test]
fn the_clock_stands_still_while_a_blocking_task_runs() {
    let waited = paused(async {
        let begin = Instant::now();
        let blocking = tokio::task::spawn_blocking(|| std::thread::sleep(Duration::from_millis(20)));
        timeout(SECOND, blocking).await.unwrap().unwrap();
        begin.elapsed()
    });
    assert_eq!(waited, Duration::ZERO);
}

#[test]
fn a_blocking_client_gets_a_delayed_reply_although_the_clock_stands_still() {
    let upstream = MockUpstream::expecting([
        Exchange::get("/a").answers(Reply::text("late").delayed(Duration::from_millis(1)))
    ]);
    let body = paused(async {
        let url = upstream.url();
        tokio::task::spawn_blocking(move || support::get(&url, "/a").unwrap().body).await.unwrap()
    });
    assert_eq!(body, "late");
    upstream.verify();
}

#[cfg(feature = "client")]
#[test]
fn the_timeout_of_a_reqwest_client_does_not_expire_during_a_wait() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    paused(async {
        let upstream = MockUpstream::in_order([
            Exchange::get("/a").answers(Reply::rate_limited(30)).times(3),
            Exchange::get("/a").answers(Reply::text("done").delayed(2 * SECOND)),
        ]);
        let client = reqwest::Client::builder().no_proxy().timeout(SECOND).build().unwrap();
        let begin = Instant::now();
        for _ in 0..3 {
            let response = client.get(format!("{}/a", upstream.url())).send().await.unwrap();
            assert_eq!(response.status(), 429);
            sleep(30 * SECOND).await;
        }
        let error = client.get(format!("{}/a", upstream.url())).send().await.unwrap_err();
        assert!(error.is_timeout(), "{error}");
        assert_eq!(begin.elapsed(), 91 * SECOND);
        upstream.verify();
    });
}
