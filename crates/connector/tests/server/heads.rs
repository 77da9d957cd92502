//! Heads that are too large, and malformed HTTP.

use std::io::Write as _;

use connector::server::Server;

use crate::support::{Reply, Running, integration};

/// The status of a request whose path is longer than 65 534 bytes, hyper's limit for a path, and so longer than the buffer
/// for a head. With `http2`, the connection's first bytes are read before hyper's HTTP/1 code sees them, and the buffer
/// is full first.
const LONG_PATH: u16 = if cfg!(feature = "http2") { 431 } else { 414 };

fn send(server: &Running, head: &str) -> Reply {
    let mut stream = server.connect();
    // The server may respond before it has read everything.
    let _ = stream.write_all(format!("{head}Host: localhost\r\n\r\n").as_bytes());
    Reply::read(stream)
}

#[test]
fn a_large_head_is_rejected_in_the_wire_format_and_counted() {
    let server = Running::start(Server::new(integration("app")));
    let with_field = |length| {
        send(
            &server,
            &format!("GET /livez HTTP/1.1\r\nConnection: close\r\nX-Long: {}\r\n", "z".repeat(length)),
        )
    };
    assert_eq!(with_field(30_000).status, 200);
    let reply = with_field(40_000);
    assert_eq!((reply.status, reply.error_code().as_str()), (431, "app.bad_request"));
    assert!(reply.header("x-request-id").is_some(), "{reply:?}");
    let metrics = server.get("/metrics").body;
    let labels = "app=\"app\",capability=\"unknown\",outcome=\"rejected\",status=\"431\"";
    assert!(metrics.contains(&format!("connector_requests_total{{{labels}}} 1\n")), "{metrics}");
}

#[test]
fn malformed_http_gets_a_status_and_the_connection_is_closed() {
    let server = Running::start(Server::new(integration("app")));
    let many = "X-Many: y\r\n".repeat(200);
    for (head, status) in [
        (format!("GET /info HTTP/1.1\r\n{many}"), 431),
        (format!("GET /{} HTTP/1.1\r\n", "z".repeat(66_000)), LONG_PATH),
        ("GET /info HTTP/9.9\r\n".to_owned(), 400),
        ("GET /info\r\n".to_owned(), 400),
        ("GET /in fo HTTP/1.1\r\n".to_owned(), 400),
        ("GET /info HTTP/1.1\r\nNo header\r\n".to_owned(), 400),
        ("POST /info HTTP/1.1\r\nContent-Length: -1\r\n".to_owned(), 400),
        ("GET /in fo HTTP/1.0\r\n".to_owned(), 400),
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n".to_owned(), 400),
    ] {
        let shown = &head[..head.len().min(60)];
        let reply = send(&server, &head);
        assert_eq!((reply.status, reply.body.as_str()), (status, ""), "{shown}");
        assert_eq!(reply.header("connection"), Some("close"), "{shown}");
    }
    assert_eq!(server.get("/info").status, 200);
}
