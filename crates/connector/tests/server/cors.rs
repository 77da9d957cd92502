//! Pages from other origins.

use connector::Secret;
use connector::server::{Origin, Server};

use crate::support::{REQUEST, Reply, Running, integration};

const PAGE: &str = "https://admin.example";

fn server(origins: &[&str]) -> Server {
    let origins = origins.iter().map(|origin| origin.parse::<Origin>().expect("an origin"));
    Server::new(integration("app")).cors(origins)
}

fn preflight(server: &Running, origin: &str) -> Reply {
    let request =
        "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization,content-type";
    server.send(&format!("OPTIONS /list_accounts HTTP/1.1\r\nOrigin: {origin}\r\n{request}"), b"")
}

fn call(server: &Running, origin: &str, more: &str) -> Reply {
    let head = format!("POST /list_accounts HTTP/1.1\r\nContent-Type: application/json\r\nOrigin: {origin}");
    server.send(&format!("{head}{more}"), REQUEST.as_bytes())
}

#[test]
fn no_origin_is_allowed_by_default() {
    let server = Running::start(Server::new(integration("app")));
    let reply = preflight(&server, PAGE);
    assert_eq!((reply.status, reply.error_code().as_str()), (405, "app.bad_request"));
    for reply in [reply, call(&server, PAGE, "")] {
        assert!(!reply.head.contains("access-control"), "{}", reply.head);
    }
}

#[test]
fn an_allowed_origin_may_call_and_read() {
    let server = Running::start(server(&["https://other.example", PAGE]));
    let reply = preflight(&server, PAGE);
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, Some(PAGE)));
    assert_eq!(reply.header("access-control-allow-headers"), Some("authorization,content-type"));
    assert!(reply.header("access-control-allow-methods").unwrap().contains("post"));
    let reply = call(&server, PAGE, "");
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, Some(PAGE)));
    assert_eq!(reply.header("access-control-expose-headers"), Some("x-partial,x-request-id"));
    assert!(reply.header("vary").unwrap().contains("origin"));
    for reply in [preflight(&server, "https://evil.example"), call(&server, "null", "")] {
        assert!(!reply.head.contains("access-control-allow-origin"), "{}", reply.head);
    }
}

#[test]
fn credentials_of_the_browser_are_never_allowed() {
    for origins in [PAGE, "*"] {
        let server = Running::start(server(&[origins]));
        for reply in [preflight(&server, PAGE), call(&server, PAGE, "")] {
            assert_eq!(reply.header("access-control-allow-origin"), Some(origins));
            assert!(!reply.head.contains("access-control-allow-credentials"), "{}", reply.head);
        }
    }
}

#[test]
fn a_call_needs_the_token_and_its_preflight_does_not() {
    let server = Running::start(server(&[PAGE]).token(Secret::from("canary-token")));
    assert_eq!(preflight(&server, PAGE).status, 200);
    let rejected = call(&server, PAGE, "");
    assert_eq!((rejected.status, rejected.header("access-control-allow-origin")), (401, Some(PAGE)));
    assert_eq!(call(&server, PAGE, "\r\nAuthorization: Bearer canary-token").status, 200);
}

#[test]
fn a_page_cannot_call_without_a_preflight() {
    let server = Running::start(Server::new(integration("app")));
    // For these content types, and for a `Blob` without one, a browser sends no preflight.
    for kind in [
        "\r\nContent-Type: text/plain",
        "\r\nContent-Type: application/x-www-form-urlencoded",
        "\r\nContent-Type: multipart/form-data; boundary=x",
        "",
    ] {
        let head = format!("POST /list_accounts HTTP/1.1\r\nOrigin: https://evil.example{kind}");
        assert_eq!(server.send(&head, REQUEST.as_bytes()).status, 415, "{kind}");
    }
    assert_eq!(server.send("POST /list_accounts HTTP/1.1", REQUEST.as_bytes()).status, 200);
}
