//! The ID of a request: where it comes from, and which ones are rejected.

use connector::server::Server;

use crate::support::{REQUEST, Reply, Running, integration};

fn id(reply: &Reply) -> &str {
    reply.head.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap_or_default()
}

fn post(server: &Running, requested: &str, body: &str) -> Reply {
    let head = format!(
        "POST /list_accounts HTTP/1.1\r\nContent-Type: application/json\r\nX-Request-Id: {requested}"
    );
    server.send(&head, body.as_bytes())
}

#[test]
fn the_id_comes_from_the_body_then_the_head_then_the_server() {
    let server = Running::start(Server::new(integration("app")));
    let own = REQUEST.replacen('{', "{\"request_id\":\"of-the-body\",", 1);
    assert_eq!(id(&post(&server, "of-the-head", &own)), "of-the-body");
    assert_eq!(id(&post(&server, "of-the-head", REQUEST)), "of-the-head");
    let (one, other) = (server.post("/list_accounts", REQUEST), server.post("/list_accounts", REQUEST));
    assert!(id(&one).len() == 32 && id(&other).len() == 32 && id(&one) != id(&other), "{one:?} {other:?}");
}

#[test]
fn ids_that_could_corrupt_a_log_are_ignored() {
    let server = Running::start(Server::new(integration("app")));
    for requested in ["two words", &"x".repeat(129), "\u{fc}", ""] {
        assert_eq!(id(&post(&server, requested, REQUEST)).len(), 32, "{requested:?}");
        let own = REQUEST.replacen('{', &format!("{{\"request_id\":\"{requested}\\n\","), 1);
        assert_eq!(id(&post(&server, "of-the-head", &own)), "of-the-head", "{requested:?}");
    }
    assert_eq!(id(&post(&server, &"x".repeat(128), REQUEST)).len(), 128);
}

#[test]
fn every_response_has_an_id() {
    let server = Running::start(Server::new(integration("app")).token("a-token-of-its-own".into()));
    for reply in [
        server.get("/livez"),
        server.get("/metrics"),
        server.get("/info"),
        server.post("/list_accounts", REQUEST),
        server.send("GET /livez HTTP/1.1\r\nHost: evil.example", b""),
    ] {
        assert_eq!(id(&reply).len(), 32, "{reply:?}");
    }
    let reply = server.send("GET /info HTTP/1.1\r\nX-Request-Id: a-token-of-its-own", b"");
    assert_eq!((reply.status, id(&reply).len()), (401, 32), "the server's own secret is not repeated");
    let own = REQUEST.replacen('{', "{\"request_id\":\"x-a-token-of-its-own\",", 1);
    let head = "POST /list_accounts HTTP/1.1\r\nAuthorization: Bearer a-token-of-its-own";
    let reply = server.send(head, own.as_bytes());
    assert_eq!((reply.status, id(&reply).len()), (200, 32), "nor if the body names it");
}
