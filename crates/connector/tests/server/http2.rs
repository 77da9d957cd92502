//! HTTP/2 without TLS, by prior knowledge (RFC 9113, section 3.3).

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{Request, Version};
use connector::server::Server;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};

use crate::support::{REQUEST, Running, Waiting, integration, retry, waiting, with_id};

async fn connect(server: &Running) -> SendRequest<Full<Bytes>> {
    let stream = tokio::net::TcpStream::connect(server.address).await.expect("a connection");
    let (sender, connection) =
        handshake(TokioExecutor::new(), TokioIo::new(stream)).await.expect("a handshake");
    tokio::spawn(connection);
    sender
}

fn request(server: &Running, path: &str, body: &str) -> Request<Full<Bytes>> {
    let request = Request::post(format!("http://{}{path}", server.address));
    request.header("content-type", "application/json").body(Full::from(body.to_owned())).expect("a request")
}

#[tokio::test(flavor = "multi_thread")]
async fn many_calls_share_a_connection() {
    let server = Running::start(Server::new(integration("app")));
    let sender = connect(&server).await;
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..100 {
        let mut sender = sender.clone();
        let (path, status) =
            [("/list_accounts", 200), ("/validate_credentials", 200), ("/no_such_thing", 404)][number % 3];
        let request = request(&server, path, &with_id(&"x".repeat(number * 1000)));
        calls.spawn(async move {
            let response = sender.send_request(request).await.unwrap();
            assert_eq!((response.status().as_u16(), response.version()), (status, Version::HTTP_2));
            let body = response.into_body().collect().await.unwrap().to_bytes();
            serde_json::from_slice::<serde_json::Value>(&body).unwrap();
        });
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn resetting_a_stream_cancels_only_its_call() {
    let Waiting { server, calls, .. } = waiting(|server| server.concurrency(1, 0));
    let mut sender = connect(&server).await;
    let call = tokio::spawn(sender.send_request(request(&server, "/list_accounts", REQUEST)));
    assert_eq!(calls.recv_timeout(Duration::from_secs(20)), Ok("begun"));
    call.abort();
    assert_eq!(calls.recv_timeout(Duration::from_secs(20)), Ok("dropped"));
    server.wait_until_idle();
    let response = sender.send_request(request(&server, "/info", "")).await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_host_is_421() {
    let server = Running::start(Server::new(integration("app")));
    let mut sender = connect(&server).await;
    let foreign = Request::post("http://evil.example/info").body(Full::default()).unwrap();
    assert_eq!(sender.send_request(foreign).await.unwrap().status(), 421);
}

#[tokio::test(flavor = "multi_thread")]
async fn authority_and_host_must_match() {
    let server = Running::start(Server::new(integration("app")));
    let mut sender = connect(&server).await;
    for (host, status) in [("localhost", 200), ("LOCALHOST", 200), ("evil.example", 400)] {
        let request = Request::post("http://localhost/info").header("host", host);
        let response = sender.send_request(request.body(Full::default()).unwrap()).await.unwrap();
        assert_eq!(response.status(), status, "{host}");
    }
}

#[test]
fn a_client_that_sends_only_the_preface_is_disconnected() {
    let server = Server::new(integration("app")).head_timeout(Duration::from_millis(200));
    let server = Running::start(server);
    let received = |hello: &str| {
        let mut stream = server.connect();
        stream.write_all(hello.as_bytes()).unwrap();
        stream.read_to_end(&mut Vec::new()).expect("the server closes the connection")
    };
    assert_eq!(received("PRI * HTTP/2.0\r\n\r\n"), 0, "there is no response to half of the preface");
    // All of it and an empty SETTINGS frame, and then nothing, not even a response to a ping.
    let hello = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    retry(|| Some(received(hello)).filter(|received| *received > 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_head_is_rejected_in_the_wire_format() {
    let server = Running::start(Server::new(integration("app")));
    let mut sender = connect(&server).await;
    for (length, status) in [(20_000, 200), (40_000, 431)] {
        let mut request = request(&server, "/list_accounts", REQUEST);
        request.headers_mut().insert("x-long", "z".repeat(length).parse().unwrap());
        let response = sender.send_request(request).await.unwrap();
        assert_eq!(response.status(), status);
        assert!(response.headers().contains_key("x-request-id"));
        let body = response.into_body().collect().await.unwrap().to_bytes();
        serde_json::from_slice::<serde_json::Value>(&body).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_grants_no_window_is_disconnected() {
    let server = Running::start(Server::new(integration("app")).timeout(Duration::from_secs(1)));
    let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let mut builder = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
    builder.initial_stream_window_size(0);
    let (mut sender, connection) = builder.handshake::<_, Full<Bytes>>(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let response = sender.send_request(request(&server, "/list_accounts", REQUEST)).await.unwrap();
    assert_eq!(response.status(), 200);
    let ended = tokio::time::timeout(Duration::from_secs(20), connection).await;
    ended.expect("the server closes the connection").unwrap().unwrap_err();
    assert!(response.into_body().collect().await.is_err());
    assert!(server.get("/metrics").body.contains("connector_stalled_clients_total 1\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_server_does_not_wait_for_an_idle_client() {
    let server = Server::new(integration("app")).head_timeout(Duration::from_secs(600));
    let mut server = Running::start(server.grace(Duration::from_secs(60)));
    // A client that has sent the preface and then nothing, not even a response to a ping.
    let mut idle = server.connect();
    idle.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").unwrap();
    idle.read_exact(&mut [0; 9]).expect("the server sends its SETTINGS");
    let begin = Instant::now();
    server.wait();
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_reads_no_responses_is_disconnected_after_its_running_call() {
    let Waiting { server, calls, gate } = waiting(|server| server.timeout(Duration::from_secs(8)));
    let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let mut builder = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
    builder.initial_stream_window_size(0);
    let (mut sender, connection) = builder.handshake::<_, Full<Bytes>>(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let unread = sender.send_request(request(&server, "/info", "")).await.unwrap();
    // A call that is running when the client is given up, after more than half of the timeout.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let call = tokio::spawn(sender.send_request(request(&server, "/list_accounts", REQUEST)));
    assert_eq!(calls.recv_timeout(Duration::from_secs(20)), Ok("begun"));
    // More responses that it doesn't read change nothing.
    let further = async {
        while sender.send_request(request(&server, "/livez", "")).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let rejected = tokio::time::timeout(Duration::from_secs(20), further).await;
    rejected.expect("the client can make no further calls, although one is running");
    gate.add_permits(1);
    assert_eq!(call.await.unwrap().unwrap().status(), 200, "the call gets its response");
    let ended = tokio::time::timeout(Duration::from_secs(20), connection).await;
    let _ = ended.expect("the server closes the connection").unwrap();
    drop(unread);
}
