//! Who is let in.

use connector::Secret;
use connector::server::Server;

use crate::support::{REQUEST, Running, integration};

#[test]
fn a_foreign_host_is_421_on_loopback() {
    let server = Running::start(Server::new(integration("app")));
    let with_host = |host: &str| server.send(&format!("GET /info HTTP/1.1\r\nHost: {host}"), b"").status;
    assert_eq!(with_host("evil.example"), 421);
    assert_eq!(with_host("localhost.evil.example:80"), 421);
    assert_eq!(with_host("localhost:1234"), 200);
    assert_eq!(with_host("[::1]"), 200);
}

#[test]
fn without_the_token_only_the_probes_answer() {
    let server = Running::start(Server::new(integration("app")).token(Secret::from("canary-token")));
    for path in ["/info", "/metrics", "/no_such_thing"] {
        let reply = server.get(path);
        assert_eq!((reply.status, reply.error_code().as_str()), (401, "app.unauthorized"), "{path}");
        assert!(reply.head.contains("www-authenticate: bearer"));
        assert!(!reply.body.contains("canary"));
    }
    assert_eq!(server.get("/livez").status, 200);
    let bearing = |token: &str| {
        let head = format!("POST /list_accounts HTTP/1.1\r\nAuthorization: Bearer {token}");
        server.send(&head, REQUEST.as_bytes()).status
    };
    assert_eq!(bearing("canary-token"), 200);
    assert_eq!(bearing("canary-tokem"), 401);
}

#[test]
fn no_other_site_is_told_that_it_may_read_answers() {
    let server = Running::start(Server::new(integration("app")));
    let reply = server.send("OPTIONS /list_accounts HTTP/1.1\r\nOrigin: https://evil.example", b"");
    assert_eq!(reply.status, 405);
    assert!(!reply.head.contains("access-control-allow"), "{}", reply.head);
}
