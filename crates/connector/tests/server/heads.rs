//! Heads that are too large, and input that is not HTTP at all.

use std::io::Write as _;

use connector::server::Server;

use crate::support::{Reply, Running, integration};

fn send(server: &Running, head: &str) -> Reply {
    let mut stream = server.connect();
    // The server may answer before it has read everything.
    let _ = stream.write_all(format!("{head}Host: localhost\r\n\r\n").as_bytes());
    Reply::read(stream)
}

#[test]
fn a_large_head_is_refused_in_the_wire_format_and_counted() {
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
fn malformed_http_is_answered_with_a_status_and_the_connection_closed() {
    let server = Running::start(Server::new(integration("app")));
    let many = "X-Many: y\r\n".repeat(200);
    for (head, status) in [
        (format!("GET /info HTTP/1.1\r\n{many}"), 431),
        (format!("GET /{} HTTP/1.1\r\n", "z".repeat(66_000)), 431),
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
