//! The id of a request: where it comes from, and what is not taken.

use connector::server::Server;

use crate::support::{REQUEST, Reply, Running, integration};

fn id(reply: &Reply) -> &str {
    reply.head.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap_or_default()
}

fn post(server: &Running, given: &str, body: &str) -> Reply {
    let head =
        format!("POST /list_accounts HTTP/1.1\r\nContent-Type: application/json\r\nX-Request-Id: {given}");
    server.send(&head, body.as_bytes())
}

#[test]
fn the_body_wins_over_the_head_and_the_head_over_a_made_one() {
    let server = Running::start(Server::new(integration("app")));
    let own = REQUEST.replacen('{', "{\"request_id\":\"of-the-body\",", 1);
    assert_eq!(id(&post(&server, "of-the-head", &own)), "of-the-body");
    assert_eq!(id(&post(&server, "of-the-head", REQUEST)), "of-the-head");
    let (one, other) = (server.post("/list_accounts", REQUEST), server.post("/list_accounts", REQUEST));
    assert!(id(&one).len() == 32 && id(&other).len() == 32 && id(&one) != id(&other), "{one:?} {other:?}");
}

#[test]
fn an_id_that_could_harm_a_log_is_not_taken() {
    let server = Running::start(Server::new(integration("app")));
    for given in ["two words", &"x".repeat(129), "\u{fc}", ""] {
        assert_eq!(id(&post(&server, given, REQUEST)).len(), 32, "{given:?}");
        let own = REQUEST.replacen('{', &format!("{{\"request_id\":\"{given}\\n\","), 1);
        assert_eq!(id(&post(&server, "of-the-head", &own)), "of-the-head", "{given:?}");
    }
    assert_eq!(id(&post(&server, &"x".repeat(128), REQUEST)).len(), 128);
}

#[test]
fn every_answer_has_an_id() {
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
