//! What is no request of HTTP/1: refused before any route is asked, and told so like all others.

use std::io::{BufReader, Read as _, Write as _};
use std::time::{Duration, Instant};

use connector::Secret;
use connector::server::Server;

use crate::connections::{read_head, read_one};
use crate::support::{Reply, Running, heard, integration};

fn send(server: &Running, head: &str) -> Reply {
    let mut stream = server.connect();
    // The server may answer before it has read all.
    let _ = stream.write_all(format!("{head}Host: localhost\r\n\r\n").as_bytes());
    Reply::read(stream)
}

#[test]
fn a_head_that_is_too_large_or_no_http_is_refused_in_the_wire_format() {
    let server = Running::start(Server::new(integration("app")));
    let many = "X-Many: y\r\n".repeat(200);
    let long = "z".repeat(1 << 20);
    for (head, status) in [
        (format!("GET /info HTTP/1.1\r\n{many}"), 431),
        (format!("GET /info HTTP/1.1\r\nX-Long: {long}\r\n"), 431),
        (format!("GET /{} HTTP/1.1\r\n", &long[..70_000]), 414),
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
        assert_eq!((reply.status, reply.error_code().as_str()), (status, "app.bad_request"), "{shown}");
        assert_eq!(reply.header("content-type"), Some("application/json"), "{shown}");
        assert_eq!(reply.header("content-length"), Some(reply.bytes.len().to_string().as_str()), "{shown}");
        assert_eq!(reply.header("connection"), Some("close"), "{shown}");
        assert!(reply.header("date").is_some() && reply.header("x-request-id").is_some(), "{reply:?}");
    }
    assert_eq!(server.get("/info").status, 200);
}

#[test]
fn it_is_refused_behind_other_requests_too() {
    let server = Running::start(Server::new(integration("app")));
    for (before, version) in [("HTTP/1.1", "1.1"), ("HTTP/1.0\r\nConnection: keep-alive", "1.0")] {
        for (method, pause) in [("GET", false), ("GET", true), ("HEAD", false), ("HEAD", true)] {
            let mut connection = BufReader::new(server.connect());
            let broken = "GET /in fo HTTP/1.1\r\n\r\n";
            let (at_once, later) = if pause { ("", broken) } else { (broken, "") };
            write!(connection.get_mut(), "{method} /livez {before}\r\nHost: localhost\r\n\r\n{at_once}")
                .unwrap();
            if method == "HEAD" {
                assert_eq!(Reply::parse(&read_head(&mut connection)).status, 200);
            } else {
                assert_eq!(read_one(&mut connection).body, "ok\n");
            }
            connection.get_mut().write_all(later.as_bytes()).unwrap();
            let refused = read_one(&mut connection);
            assert_eq!((refused.status, refused.error_code().as_str()), (400, "app.bad_request"));
            assert!(refused.head.starts_with(&format!("http/{version} ")), "{refused:?}");
            let mut rest = Vec::new();
            connection.read_to_end(&mut rest).unwrap();
            assert!(rest.is_empty(), "{rest:?}");
        }
    }
}

#[test]
fn who_asks_for_the_head_only_is_refused_with_no_more() {
    let server = Running::start(Server::new(integration("app")));
    let refused = send(&server, "HEAD /in fo HTTP/1.1\r\n");
    assert_eq!((refused.status, refused.body.as_str()), (400, ""));
    let length: usize = refused.header("content-length").unwrap().parse().unwrap();
    let other = send(&server, "GET /in fo HTTP/1.1\r\n");
    assert!(length > 0 && length == other.bytes.len(), "{length}: {other:?}");
}

#[test]
fn who_still_sends_a_head_that_is_too_large_is_heard_out_and_gets_the_answer() {
    let server = Running::start(Server::new(integration("app")));
    let head = format!("GET /info HTTP/1.1\r\nX-Long: {}\r\n\r\n", "z".repeat(32 << 20));
    let send_all = || {
        let mut stream = server.connect();
        let mut answer = Vec::new();
        let begun = Instant::now();
        let sent = stream.write_all(head.as_bytes()).and_then(|()| stream.read_to_end(&mut answer));
        // The server hears out nobody who says nothing for a second.
        (sent.is_ok() || begun.elapsed() < Duration::from_millis(500)).then_some((sent, answer))
    };
    for _ in 0..5 {
        let (sent, answer) = heard(send_all);
        sent.expect("the connection is not reset");
        assert_eq!(Reply::parse(&answer).error_code(), "app.bad_request");
    }
}

#[test]
fn it_counts_as_unknown() {
    let server = Running::start(Server::new(integration("app")).token(Secret::from("canary-token")));
    send(&server, "GET /in fo HTTP/1.1\r\n");
    send(&server, &format!("GET /{} HTTP/1.1\r\n", "z".repeat(70_000)));
    send(&server, &format!("GET /info HTTP/1.1\r\n{}", "X-Many: y\r\n".repeat(200)));
    let text = server.send("GET /metrics HTTP/1.1\r\nAuthorization: Bearer canary-token", b"").body;
    for (outcome, status) in [("broken", 400), ("refused", 414), ("refused", 431)] {
        let labels = format!("app=\"app\",capability=\"unknown\",outcome=\"{outcome}\",status=\"{status}\"");
        assert!(text.contains(&format!("connector_requests_total{{{labels}}} 1\n")), "{text}");
    }
    assert!(text.contains("connector_requests_in_flight{app=\"app\",capability=\"unknown\"} 0\n"), "{text}");
}
