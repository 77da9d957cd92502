//! Hosts and tokens.

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
fn only_allowed_hosts_are_accepted() {
    let allowing = |hosts: &[&str]| {
        let hosts = hosts.iter().map(|host| host.parse().expect("a host"));
        Server::new(integration("app")).allow_hosts(hosts)
    };
    for address in ["127.0.0.1:0", "0.0.0.0:0"] {
        let server = Running::start_at(address, allowing(&["Connectors.example", "10.0.0.1"]));
        for (host, status) in [
            ("connectors.example", 200),
            ("CONNECTORS.example:8443", 200),
            ("10.0.0.1:80", 200),
            ("localhost", 200),
            ("evil.connectors.example", 421),
            ("connectors.example.evil.example", 421),
            ("10.0.0.2", 421),
            ("", 421),
        ] {
            let reply = server.send(&format!("GET /info HTTP/1.1\r\nHost: {host}"), b"");
            assert_eq!(reply.status, status, "{host} at {address}: {reply:?}");
        }
        // The host of the target takes precedence over the header (RFC 9112, section 3.2.2).
        for (target, host, status) in [
            ("http://evil.example/info", "connectors.example", 421),
            ("http://connectors.example/info", "evil.example", 200),
        ] {
            let reply = server.send(&format!("GET {target} HTTP/1.1\r\nHost: {host}"), b"");
            assert_eq!(reply.status, status, "{target}: {reply:?}");
        }
    }
}

#[test]
fn everything_but_the_probes_needs_the_token() {
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
fn no_other_site_may_read_responses() {
    let server = Running::start(Server::new(integration("app")));
    let reply = server.send("OPTIONS /list_accounts HTTP/1.1\r\nOrigin: https://evil.example", b"");
    assert_eq!(reply.status, 405);
    assert!(!reply.head.contains("access-control-allow"), "{}", reply.head);
}
