//! Calls through a proxy: bodies, headers, connections and cancellation.

use std::io::Write as _;
use std::time::Duration;

use connector::Secret;
use connector::server::Server;

use super::Proxy;
use crate::compression::{compress, decompress};
use crate::support::{REQUEST, Running, Waiting, integration, waiting, with_id};

const FOREVER: Duration = Duration::from_secs(60);

/// The protocols that nginx uses with a server.
const NGINX: [&str; 4] = [
    // HTTP/1.0, and a connection for each request.
    "proxy_http_version 1.0; client_max_body_size 64m;",
    "proxy_http_version 1.0; client_max_body_size 64m; proxy_request_buffering off; proxy_buffering off;",
    "proxy_http_version 1.1; client_max_body_size 64m;",
    "proxy_http_version 1.1; client_max_body_size 64m; proxy_request_buffering off; proxy_buffering off;",
];

fn server(configure: impl FnOnce(Server) -> Server) -> Running {
    let host = "connectors.example".parse().expect("a host");
    Running::start(configure(Server::new(integration("app")).allow_hosts([host])))
}

/// Proxies in front of `server`, with their names.
fn proxies(server: &Running) -> Vec<(&'static str, Proxy)> {
    let nginx = NGINX.map(|lines| (lines, Proxy::nginx_before(server, lines)));
    let haproxy = ["", "option http-server-close"].map(|more| (more, Proxy::haproxy_before(server, more)));
    nginx.into_iter().chain(haproxy).collect()
}

/// A request of `length` bytes.
fn large(length: usize) -> String {
    format!("{REQUEST}{}", " ".repeat(length - REQUEST.len()))
}

fn chunked(body: &str) -> String {
    let chunks = body.as_bytes().chunks(100_000);
    let mut text: String =
        chunks.map(|chunk| format!("{:x}\r\n{}\r\n", chunk.len(), String::from_utf8_lossy(chunk))).collect();
    text += "0\r\n\r\n";
    text
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn large_and_chunked_bodies_arrive() {
    let server = server(|server| server);
    let body = large(20 << 20);
    for (name, proxy) in proxies(&server) {
        assert_eq!(proxy.post("/list_accounts", &body).status, 200, "{name}");
        let head = "POST /list_accounts HTTP/1.1\r\nHost: connectors.example\r\nTransfer-Encoding: chunked";
        let reply = proxy.send_framed(head, chunked(&body).as_bytes());
        assert_eq!(reply.status, 200, "{name}: {reply:?}");
    }
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn a_rejected_large_body_gets_the_servers_response() {
    let open = server(|server| server.body_limit(1 << 20));
    let closed = server(|server| server.token(Secret::from("canary-token")));
    let body = large(20 << 20);
    for (server, path, status) in
        [(&open, "/list_accounts", 413), (&open, "/no_such_thing", 404), (&closed, "/list_accounts", 401)]
    {
        for (name, proxy) in proxies(server) {
            let reply = proxy.post(path, &body);
            assert_eq!(reply.status, status, "{name}: {reply:?}");
            assert!(reply.body.contains("error_code"), "{name}: {reply:?}");
        }
    }
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn compression_and_ids_pass_both_ways() {
    let server = server(|server| server);
    for (name, proxy) in proxies(&server) {
        let id = "long".repeat(5000);
        let head = "POST /list_accounts HTTP/1.1\r\nContent-Encoding: gzip\r\nAccept-Encoding: gzip";
        let reply = proxy.send(head, &compress("gzip", with_id(&id).as_bytes()));
        assert_eq!(
            (reply.status, reply.header("content-encoding")),
            (200, Some("gzip")),
            "{name}: {}",
            reply.head
        );
        let answer = decompress("gzip", &reply.bytes);
        assert!(String::from_utf8_lossy(&answer).contains(&id), "{name}");
        let reply =
            proxy.send("POST /list_accounts HTTP/1.1\r\nX-Request-Id: of-a-client", REQUEST.as_bytes());
        assert_eq!(reply.header("x-request-id"), Some("of-a-client"), "{name}: {reply:?}");
    }
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn expect_100_continue_is_answered() {
    let server = server(|server| server);
    for (name, proxy) in proxies(&server) {
        let mut stream = proxy.connect();
        let head = "POST /list_accounts HTTP/1.1\r\nHost: connectors.example\r\nConnection: close";
        let length = REQUEST.len();
        write!(stream, "{head}\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n").unwrap();
        let mut first = [0; 25];
        std::io::Read::read_exact(&mut stream, &mut first).unwrap();
        assert_eq!(&first, b"HTTP/1.1 100 Continue\r\n\r\n", "{name}");
        stream.write_all(REQUEST.as_bytes()).unwrap();
        assert_eq!(crate::support::Reply::read(stream).status, 200, "{name}");
    }
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn a_proxys_own_timeout_cancels_the_call() {
    for nginx in [true, false] {
        let host = "connectors.example".parse().expect("a host");
        let Waiting { server, calls, .. } = waiting(|server| server.allow_hosts([host]));
        let proxy = if nginx {
            Proxy::nginx_before(&server, "proxy_read_timeout 3s;")
        } else {
            Proxy::haproxy_before(&server, "timeout server 3s")
        };
        let reply = proxy.post("/list_accounts", REQUEST);
        assert_eq!(reply.status, 504, "{reply:?}");
        assert_eq!(calls.recv_timeout(FOREVER), Ok("begun"));
        assert_eq!(calls.recv_timeout(FOREVER), Ok("dropped"));
        server.wait_until_idle();
        let cancelled = "capability=\"list_accounts\",outcome=\"cancelled\",status=\"499\"} 1";
        assert!(server.get("/metrics").body.contains(cancelled));
    }
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn a_client_that_disconnects_from_a_proxy_cancels_its_call() {
    for nginx in [true, false] {
        let host = "connectors.example".parse().expect("a host");
        let Waiting { server, calls, .. } = waiting(|server| server.allow_hosts([host]));
        let proxy = if nginx {
            Proxy::nginx_before(&server, "")
        } else {
            Proxy::haproxy_before(&server, "option abortonclose")
        };
        let mut stream = proxy.connect();
        let head = "POST /list_accounts HTTP/1.1\r\nHost: connectors.example";
        write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{REQUEST}", REQUEST.len()).unwrap();
        assert_eq!(calls.recv_timeout(FOREVER), Ok("begun"));
        drop(stream);
        assert_eq!(calls.recv_timeout(FOREVER), Ok("dropped"));
    }
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn connections_to_the_server_are_reused() {
    // With a limit of one connection, a second one would never be served.
    let server = server(|server| server.connections(1));
    let upstream = format!("upstream connector {{ server {}; keepalive 1; }}", server.address);
    let location = "proxy_pass http://connector; proxy_http_version 1.1; proxy_set_header Connection \"\";";
    let host = "proxy_set_header Host $host;";
    let nginx = Proxy::nginx(&format!(
        "{upstream} server {{ listen {{socket}}; location / {{ {location} {host} }} }}"
    ));
    for (path, status) in [("/list_accounts", 200), ("/no_such_thing", 404), ("/list_accounts", 200)] {
        assert_eq!(nginx.post(path, REQUEST).status, status);
    }
    drop(nginx);
    let haproxy = Proxy::haproxy_before(&server, "http-reuse always");
    for (path, status) in [("/list_accounts", 200), ("/no_such_thing", 404), ("/list_accounts", 200)] {
        assert_eq!(haproxy.post(path, REQUEST).status, status);
    }
}
