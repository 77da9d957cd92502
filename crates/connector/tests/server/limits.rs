//! Limits, and clients that exceed them.

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use connector::Secret;
use connector::server::Server;

use crate::support::{REQUEST, Reply, Running, Waiting, integration, waiting};

#[test]
fn a_body_beyond_the_limit_is_413() {
    let server = Running::start(Server::new(integration("app")).body_limit(1000));
    let large = REQUEST.replace("ada", &"x".repeat(2000));
    let reply = server.post("/list_accounts", &large);
    assert_eq!((reply.status, reply.error_code().as_str()), (413, "app.bad_request"));
    assert_eq!(server.post("/list_accounts", REQUEST).status, 200);
}

#[test]
fn a_client_that_sends_an_unwanted_body_gets_the_response() {
    let server = Server::new(integration("app")).body_limit(1 << 20).token(Secret::from("canary-token"));
    let server = Running::start(server);
    let body = vec![b'x'; 32 << 20];
    let token = "Authorization: Bearer canary-token";
    for (head, status) in [
        (format!("/list_accounts HTTP/1.1\r\n{token}\r\nContent-Type: application/json"), 413),
        (format!("/list_accounts HTTP/1.1\r\n{token}\r\nContent-Type: text/plain"), 415),
        (format!("/no_such_thing HTTP/1.1\r\n{token}"), 404),
        ("/list_accounts HTTP/1.1".to_owned(), 401),
        ("/list_accounts HTTP/1.1\r\nHost: evil.example".to_owned(), 421),
    ] {
        assert_eq!(server.send(&format!("POST {head}"), &body).status, status, "{head}");
    }
}

#[test]
fn a_call_that_takes_too_long_is_504() {
    let Waiting { server, calls: _calls, .. } = waiting(|server| server.timeout(Duration::from_millis(100)));
    let reply = server.post("/list_accounts", REQUEST);
    assert_eq!((reply.status, reply.error_code().as_str()), (504, "app.internal_error"));
}

#[test]
fn a_stalled_body_is_408_and_an_incomplete_one_affects_no_other_call() {
    let server = Running::start(Server::new(integration("app")).timeout(Duration::from_millis(200)));
    let head = format!(
        "POST /list_accounts HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{",
        server.address
    );
    let mut stalled = server.connect();
    stalled.write_all(head.as_bytes()).unwrap();
    assert_eq!(Reply::read(stalled.try_clone().unwrap()).status, 408);
    for incomplete in
        ["POST /list_acc", &head, &head.replace("Content-Length: 100", "Transfer-Encoding: chunked")]
    {
        server.connect().write_all(incomplete.as_bytes()).unwrap();
    }
    assert_eq!(server.post("/list_accounts", REQUEST).status, 200);
}

#[test]
fn a_call_beyond_the_limits_is_503_with_retry_after() {
    let Waiting { server, calls: _calls, gate } = waiting(|server| server.concurrency(1, 1));
    let rejected = AtomicUsize::new(0);
    let call = || {
        let reply = server.post("/list_accounts", REQUEST);
        // Admitted calls end only when all others have been rejected.
        if reply.status == 503 && rejected.fetch_add(1, Ordering::SeqCst) == 1 {
            gate.add_permits(2);
        }
        reply
    };
    thread::scope(|scope| {
        let calls: Vec<_> = (0..4).map(|_| scope.spawn(call)).collect();
        let replies: Vec<Reply> = calls.into_iter().map(|call| call.join().unwrap()).collect();
        let count = |status| replies.iter().filter(|reply| reply.status == status).count();
        assert_eq!((count(200), count(503)), (2, 2), "{replies:?}");
        let rejected = replies.iter().find(|reply| reply.status == 503).unwrap();
        assert!(rejected.head.contains("retry-after: 1"), "{rejected:?}");
    });
}
