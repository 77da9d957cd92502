//! HTTP/1 connections: slow, broken, reused and interrupted.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use connector::server::Server;

use crate::support::{REQUEST, Reply, Running, Waiting, integration, retry, waiting};

pub(crate) fn write(stream: &mut TcpStream, head: &str, body: &str) {
    let kind = "Host: localhost\r\nContent-Type: application/json";
    let request = format!("{head}\r\n{kind}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).expect("it is sent");
}

/// Reads the head of a response.
pub(crate) fn read_head(reader: &mut BufReader<TcpStream>) -> Vec<u8> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut head).expect("a line"), 0, "it ends: {head}");
    }
    head.into_bytes()
}

/// Reads one response on a connection that stays open.
pub(crate) fn read_one(reader: &mut BufReader<TcpStream>) -> Reply {
    let mut response = read_head(reader);
    let length = Reply::parse(&response).header("content-length").map_or(0, |n| n.parse().expect("a number"));
    reader.take(length).read_to_end(&mut response).expect("a body");
    Reply::parse(&response)
}

#[test]
fn a_disconnecting_client_cancels_its_call() {
    let Waiting { server, calls, .. } = waiting(|server| server.concurrency(1, 0));
    for _ in 0..3 {
        let mut stream = server.connect();
        write(&mut stream, "POST /list_accounts HTTP/1.1", REQUEST);
        // The only slot is free each time.
        assert_eq!(calls.recv_timeout(Duration::from_secs(20)), Ok("begun"));
        assert_eq!(server.post("/list_accounts", REQUEST).status, 503);
        drop(stream);
        assert_eq!(calls.recv_timeout(Duration::from_secs(20)), Ok("dropped"));
        // The handler is dropped before its slot is freed.
        server.wait_until_idle();
    }
}

#[test]
fn an_incomplete_body_never_reaches_the_handler() {
    let Waiting { server, calls, .. } = waiting(|server| server.concurrency(1, 0));
    let head = "POST /list_accounts HTTP/1.1\r\nHost: localhost\r\n";
    for incomplete in [
        // Shorter than Content-Length.
        format!("{head}Content-Length: {}\r\n\r\n{REQUEST}", REQUEST.len() + 1),
        format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{REQUEST}", REQUEST.len()),
        format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{REQUEST}\r\n", REQUEST.len()),
        format!("{head}Transfer-Encoding: chunked\r\n\r\nff"),
        // Not the size of a chunk.
        format!("{head}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{REQUEST}\r\n0\r\n\r\n"),
    ] {
        let mut stream = server.connect();
        stream.write_all(incomplete.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let reply = Reply::read(stream);
        // A client that stops sending may be gone, so a response isn't required.
        assert!(reply.bytes.is_empty() || reply.status == 400, "{incomplete}: {reply:?}");
    }
    server.wait_until_idle();
    assert!(calls.try_recv().is_err(), "a handler was called");
}

#[test]
fn a_chunked_body_is_joined() {
    let server = Running::start(Server::new(integration("app")));
    let mut stream = server.connect();
    let head = "POST /list_accounts HTTP/1.1\r\nHost: localhost\r\nConnection: close";
    write!(stream, "{head}\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
    for part in REQUEST.as_bytes().chunks(7) {
        write!(stream, "{:x};why=not\r\n{}\r\n", part.len(), String::from_utf8_lossy(part)).unwrap();
    }
    write!(stream, "0\r\nX-Trailer: y\r\n\r\n").unwrap();
    assert_eq!(Reply::read(stream).status, 200);
}

#[test]
fn a_request_with_two_lengths_is_never_read_as_two_requests() {
    let server = Running::start(Server::new(integration("app")));
    let smuggled = "GET /info HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let (length, chunked) = (format!("Content-Length: {}", smuggled.len() + 5), "Transfer-Encoding: chunked");
    let mut responses = 0;
    for (headers, status) in [
        // The chunks take precedence, and the connection is closed (RFC 9112, section 6.3).
        (format!("{length}\r\n{chunked}"), 200),
        (format!("{chunked}\r\n{length}"), 200),
        (format!("{length}\r\nContent-Length: 3"), 400),
        ("Content-Length: -1".to_owned(), 400),
        ("Content-Length: 1, 2".to_owned(), 400),
        ("Transfer-Encoding: chunked, gzip".to_owned(), 400),
        ("Transfer-Encoding: xchunked".to_owned(), 400),
    ] {
        let mut stream = server.connect();
        write!(stream, "POST /info HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n0\r\n\r\n{smuggled}")
            .unwrap();
        let mut answers = String::new();
        let _ = stream.read_to_string(&mut answers);
        assert!(answers.matches("HTTP/1.1 ").count() <= 1, "{headers}: {answers}");
        // A reset may overtake a response, but not all of them.
        responses += usize::from(!answers.is_empty());
        assert!(answers.is_empty() || answers.contains(&format!(" {status} ")), "{headers}: {answers}");
    }
    assert!(responses > 0);
}

#[test]
fn a_client_that_does_not_finish_a_head_is_disconnected() {
    let server = Server::new(integration("app")).head_timeout(Duration::from_millis(200));
    let server = Running::start(server);
    for sent in ["", "P", "GET", "GET /info HTTP/1.1\r\nHost: local"] {
        let mut stream = server.connect();
        stream.write_all(sent.as_bytes()).unwrap();
        let mut answer = Vec::new();
        assert_eq!(stream.read_to_end(&mut answer).unwrap(), 0, "{sent}: {answer:?}");
    }
    // Sending a byte now and then gives it no more time.
    let mut slow = server.connect();
    slow.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    let head = "GET /info HTTP/1.1\r\nX-Slow: ".chars().chain(std::iter::repeat('y'));
    let is_disconnected = head
        .take(600)
        .any(|byte| slow.write_all(&[byte as u8]).is_err() || matches!(slow.read(&mut [0; 1]), Ok(0)));
    assert!(is_disconnected);
    // Nor does a previous response.
    let mut idle = retry(|| {
        let mut idle = BufReader::new(server.connect());
        write(idle.get_mut(), "GET /info HTTP/1.1", "");
        idle.fill_buf().is_ok_and(|begin| !begin.is_empty()).then_some(idle)
    });
    assert_eq!(read_one(&mut idle).status, 200);
    assert_eq!(idle.read(&mut [0; 1]).unwrap(), 0);
}

#[test]
fn a_call_may_take_longer_than_the_head_timeout() {
    let server = Running::start(Server::new(integration("app")).head_timeout(Duration::from_millis(200)));
    let post = || server.post("/validate_credentials", REQUEST);
    assert_eq!(retry(|| Some(post()).filter(|reply| !reply.head.is_empty())).status, 200);
}

#[test]
fn a_connection_is_reused_even_after_errors() {
    let server = Running::start(Server::new(integration("app")));
    let mut connection = BufReader::new(server.connect());
    for (head, body, status) in [
        ("POST /list_accounts HTTP/1.1", REQUEST, 200),
        ("POST /list_accounts HTTP/1.1", "{", 400),
        ("POST /no_such_thing HTTP/1.1", REQUEST, 404),
        ("GET /list_accounts HTTP/1.1", "", 405),
        ("POST /list_accounts HTTP/1.1", REQUEST, 200),
    ] {
        write(connection.get_mut(), head, body);
        assert_eq!(read_one(&mut connection).status, status);
    }
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let server = Running::start(Server::new(integration("app")));
    let mut connection = BufReader::new(server.connect());
    let stream = connection.get_mut();
    write(stream, "POST /validate_credentials HTTP/1.1", REQUEST);
    write(stream, "POST /list_accounts HTTP/1.1", "{}");
    write(stream, "GET /livez HTTP/1.1", "");
    let statuses = [(); 3].map(|()| read_one(&mut connection).status);
    assert_eq!(statuses, [200, 422, 200]);
}

#[test]
fn expect_100_continue_is_answered_unless_the_request_is_rejected() {
    let server = Running::start(Server::new(integration("app")));
    let expect = |path: &str| {
        let mut connection = BufReader::new(server.connect());
        let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue");
        write!(connection.get_mut(), "{head}\r\nContent-Length: {}\r\n\r\n", REQUEST.len()).unwrap();
        let first = read_one(&mut connection);
        (connection, first)
    };
    let (mut connection, first) = expect("/list_accounts");
    assert_eq!(first.status, 100);
    connection.get_mut().write_all(REQUEST.as_bytes()).unwrap();
    assert_eq!(read_one(&mut connection).status, 200);
    assert_eq!(expect("/no_such_thing").1.status, 404);
}

#[test]
fn http_1_0_is_answered_and_the_connection_closed() {
    let server = Running::start(Server::new(integration("app")));
    let mut stream = server.connect();
    write(&mut stream, "POST /list_accounts HTTP/1.0", REQUEST);
    let reply = Reply::read(stream);
    assert_eq!((reply.status, reply.json().is_object()), (200, true));
}
