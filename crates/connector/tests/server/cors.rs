//! Pages of other origins.

use connector::Secret;
use connector::server::{Origin, Server};

use crate::support::{REQUEST, Reply, Running, integration};

const PAGE: &str = "https://admin.example";

fn server(origins: &[&str]) -> Server {
    let origins = origins.iter().map(|origin| origin.parse::<Origin>().expect("an origin"));
    Server::new(integration("app")).cors(origins)
}

fn preflight(server: &Running, origin: &str) -> Reply {
    let asks =
        "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization,content-type";
    server.send(&format!("OPTIONS /list_accounts HTTP/1.1\r\nOrigin: {origin}\r\n{asks}"), b"")
}

fn call(server: &Running, origin: &str, more: &str) -> Reply {
    let head = format!("POST /list_accounts HTTP/1.1\r\nContent-Type: application/json\r\nOrigin: {origin}");
    server.send(&format!("{head}{more}"), REQUEST.as_bytes())
}

#[test]
fn without_leave_no_page_of_another_origin_is_told_anything() {
    let server = Running::start(Server::new(integration("app")));
    let reply = preflight(&server, PAGE);
    assert_eq!((reply.status, reply.error_code().as_str()), (405, "app.bad_request"));
    for reply in [reply, call(&server, PAGE, "")] {
        assert!(!reply.head.contains("access-control"), "{}", reply.head);
    }
}

#[test]
fn a_page_with_leave_may_ask_and_read() {
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
fn credentials_of_the_browser_are_never_asked_for() {
    for origins in [PAGE, "*"] {
        let server = Running::start(server(&[origins]));
        for reply in [preflight(&server, PAGE), call(&server, PAGE, "")] {
            assert_eq!(reply.header("access-control-allow-origin"), Some(origins));
            assert!(!reply.head.contains("access-control-allow-credentials"), "{}", reply.head);
        }
    }
}

#[test]
fn a_preflight_needs_no_token_and_the_call_does() {
    let server = Running::start(server(&[PAGE]).token(Secret::from("canary-token")));
    assert_eq!(preflight(&server, PAGE).status, 200);
    let refused = call(&server, PAGE, "");
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (401, Some(PAGE)));
    assert_eq!(call(&server, PAGE, "\r\nAuthorization: Bearer canary-token").status, 200);
}

#[test]
fn a_page_cannot_send_a_call_past_the_preflight() {
    let server = Running::start(Server::new(integration("app")));
    // What a browser sends for a page of any origin without asking first: these types, or a `Blob` that has none.
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
