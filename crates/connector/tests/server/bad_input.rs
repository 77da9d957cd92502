//! Bad bodies and paths: each gets a response in the wire format.

use connector::server::Server;

use crate::support::{REQUEST, Running, integration, with_id};

const JSON: &str = "POST /list_accounts HTTP/1.1\r\nContent-Type: application/json";

#[test]
fn every_bad_body_gets_an_error_in_the_wire_format() {
    let server = Running::start(Server::new(integration("app")));
    let deep = "[".repeat(1 << 20);
    let deep_inside = with_id("").replace("\"request\":{}", &format!("\"request\":{{\"x\":{deep}"));
    let page_of = |size: &str| REQUEST.replace(":{}", &format!(":{{}},\"page\":{{\"size\":{size}}}"));
    let sizes = ["1e400", "-99999999999999999999999", "-1", "0", "1.5", "\"1\""].map(page_of);
    let lone_surrogate = with_id("\\ud800");
    for (body, status) in [
        (&b""[..], 400),
        (b" \n\t", 400),
        (b"null", 422),
        (b"[]", 422),
        (b"0", 422),
        (b"\"x\"", 422),
        (b"true", 422),
        (b"{}", 422),
        (b"{", 400),
        (b"{} {}", 400),
        (b"NaN", 400),
        (b"\xff\xfe", 400),
        (b"\xef\xbb\xbf{}", 400),
        (b"\0", 400),
        (deep.as_bytes(), 400),
        (deep_inside.as_bytes(), 400),
        (sizes[0].as_bytes(), 422),
        (sizes[1].as_bytes(), 422),
        (sizes[2].as_bytes(), 422),
        (sizes[3].as_bytes(), 422),
        (sizes[4].as_bytes(), 422),
        (sizes[5].as_bytes(), 422),
        (lone_surrogate.as_bytes(), 422),
        (b"{\"auth\":{\"username\":\"\xc3\x28\"}}", 400),
    ] {
        let reply = server.send(JSON, body);
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]);
        assert_eq!(
            (reply.status, reply.error_code().as_str()),
            (status, "app.bad_request"),
            "{shown}: {reply:?}"
        );
        assert_eq!(reply.header("content-type"), Some("application/json"), "{shown}");
        assert!(reply.body.len() < 1000, "{shown}: {}", reply.body);
    }
    assert_eq!(server.post("/list_accounts", REQUEST).status, 200);
}

#[test]
fn a_body_of_100_mb_is_413_unless_the_limit_is_raised() {
    let large = with_id(&"x".repeat(100_000_000));
    let server = Running::start(Server::new(integration("app")));
    let reply = server.post("/list_accounts", &large);
    assert_eq!((reply.status, reply.error_code().as_str()), (413, "app.bad_request"));
    let server = Running::start(Server::new(integration("app")).body_limit(200_000_000));
    let reply = server.post("/list_accounts", &large);
    assert_eq!((reply.status, reply.bytes.len() > 100_000_000), (200, true));
}

#[test]
fn the_content_type_is_json_or_absent() {
    let server = Running::start(Server::new(integration("app")));
    for (kind, status) in [
        ("application/json", 200),
        ("APPLICATION/JSON; charset=utf-8", 200),
        ("application/json;charset=\"UTF-8\"", 200),
        ("application/json;; x=y ; charset", 200),
        ("application/json; x=\";charset=utf-16\"", 200),
        ("application/json; x=\"\\\";charset=utf-16\"; charset=utf8", 200),
        ("application/json; x=\"\\\"\"; charset=utf-16", 415),
        ("application/vnd.api+json", 200),
        ("text/plain", 415),
        ("application/xml", 415),
        ("application/jsonp", 415),
        ("text/json+json", 415),
        ("", 415),
        ("\u{fc}", 415),
        ("application/json; charset=utf-16", 415),
        ("application/json;x=y;CHARSET = \"ISO-8859-1\"", 415),
        ("application/vnd.api+json; charset=us-ascii", 415),
        ("application/json; charset=", 415),
    ] {
        let reply =
            server.send(&format!("POST /list_accounts HTTP/1.1\r\nContent-Type: {kind}"), REQUEST.as_bytes());
        assert_eq!(reply.status, status, "{kind}");
        assert!(reply.json().is_object());
        let has_reason = reply.body.contains("UTF-8");
        assert_eq!(has_reason, status == 415 && kind.to_lowercase().contains("charset"), "{kind}: {reply:?}");
    }
    assert_eq!(server.send("POST /list_accounts HTTP/1.1", REQUEST.as_bytes()).status, 200);
}

#[test]
fn a_path_leads_to_a_capability_or_is_404() {
    let server = Running::start(Server::new(integration("app")));
    for (path, status) in [
        ("/list_accounts/", 200),
        ("//list_accounts", 200),
        ("/list_accounts?dry=1&x=%00", 200),
        ("/list-accounts/?", 200),
        ("/list_accounts//", 404),
        ("/list%5Faccounts", 200),
        ("/%6cist_accounts", 200),
        ("/list_accounts/%2E%2E", 404),
        ("/LIST_ACCOUNTS", 404),
        ("/list_accounts%00", 404),
        ("/list_accounts/..", 404),
        ("/../list_accounts", 404),
        ("/%ff%fe", 404),
        ("/%", 404),
        ("/", 404),
        ("/?list_accounts", 404),
        ("/list_accounts;v=1", 404),
    ] {
        let reply = server.post(path, REQUEST);
        assert_eq!(reply.status, status, "{path}: {reply:?}");
        assert!(status == 200 || reply.error_code() == "app.not_implemented", "{path}: {reply:?}");
    }
    // A proxy sends the whole URL. Its host must be this machine too.
    assert_eq!(server.post(&format!("http://{}/list_accounts", server.address), REQUEST).status, 200);
    assert_eq!(server.post("http://evil.example/list_accounts", REQUEST).status, 421);
}

#[test]
fn wrong_methods_and_hosts_get_an_error_in_the_wire_format() {
    let server = Running::start(Server::new(integration("app")));
    for (head, status) in [
        ("OPTIONS /list_accounts HTTP/1.1", 405),
        ("PUT /list_accounts HTTP/1.1", 405),
        ("BREW /list_accounts HTTP/1.1", 405),
        ("POST /livez HTTP/1.1", 405),
        ("DELETE /metrics HTTP/1.1", 405),
        ("GET /info HTTP/1.1\r\nHost: evil.example", 421),
        ("GET /info HTTP/1.1\r\nHost: ", 421),
    ] {
        let reply = server.send(head, b"");
        assert_eq!((reply.status, reply.error_code().as_str()), (status, "app.bad_request"), "{head}");
        assert_eq!(reply.header("allow").is_some(), status == 405, "{head}");
    }
}

#[test]
fn a_head_request_gets_only_the_head_of_the_response() {
    let server = Running::start(Server::new(integration("app")));
    let (get, head) = (server.get("/info"), server.send("HEAD /info HTTP/1.1", b""));
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), get.header("content-length"));
    let rejected = server.send("HEAD /list_accounts HTTP/1.1", b"");
    assert_eq!((rejected.status, rejected.body.as_str()), (405, ""));
}
