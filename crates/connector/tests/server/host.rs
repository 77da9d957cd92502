//! The host of a request (RFC 9112, section 3.2).

use std::io::Write as _;

use connector::server::Server;

use crate::support::{Reply, Running, integration};

fn send(server: &Running, head: &str) -> Reply {
    let mut stream = server.connect();
    stream.write_all(format!("{head}\r\nConnection: close\r\n\r\n").as_bytes()).expect("it is sent");
    Reply::read(stream)
}

#[test]
fn a_missing_or_repeated_host_is_400_on_any_address() {
    for address in ["127.0.0.1:0", "0.0.0.0:0"] {
        let server = Running::start_at(address, Server::new(integration("app")));
        for head in [
            "GET /info HTTP/1.1",
            "GET /info HTTP/1.1\r\nHost: localhost\r\nHost: localhost",
            "GET /info HTTP/1.1\r\nHost: localhost\r\nX-Other: y\r\nhost: evil.example",
            "GET /info HTTP/1.0\r\nHost: localhost\r\nHost: localhost",
            "GET http://localhost/info HTTP/1.1",
        ] {
            let reply = send(&server, head);
            assert_eq!((reply.status, reply.error_code().as_str()), (400, "app.bad_request"), "{head}");
            assert!(reply.body.contains("Host"), "{reply:?}");
        }
        let metrics = send(&server, "GET /metrics HTTP/1.1\r\nHost: localhost").body;
        let labels = "app=\"app\",capability=\"unknown\",outcome=\"malformed\",status=\"400\"";
        assert!(metrics.contains(&format!("connector_requests_total{{{labels}}} 5\n")), "{metrics}");
    }
}

#[test]
fn an_invalid_host_is_400() {
    let server = Running::start_at("0.0.0.0:0", Server::new(integration("app")));
    for (host, status) in [
        ("example.com", 200),
        ("EXAMPLE.com:8080", 200),
        ("example.com:", 200),
        ("10.0.0.1:80", 200),
        ("[2001:db8::1]", 200),
        ("[2001:db8::1]:80", 200),
        ("under_score.%C3%BC~!$&'()*+,;=", 200),
        // Allowed for a target without an authority.
        ("", 200),
        ("example.com, evil.example", 400),
        ("example.com/path", 400),
        ("ada@example.com", 400),
        ("example.com:http", 400),
        ("example.com:80:80", 400),
        ("example.com?", 400),
        ("http://example.com", 400),
        ("[2001:db8::1", 400),
        ("[example.com]", 400),
        ("[::1]x", 400),
        ("2001:db8::1", 400),
        ("100%", 400),
        ("%4g", 400),
        ("\"localhost\"", 400),
        ("\u{fc}", 400),
    ] {
        let reply = send(&server, &format!("GET /info HTTP/1.1\r\nHost: {host}"));
        assert_eq!(reply.status, status, "{host}: {reply:?}");
    }
    assert_eq!(send(&server, "GET /info HTTP/1.0").status, 200);
}

#[test]
fn probes_succeed_with_any_host() {
    let server = Running::start(Server::new(integration("app")));
    for path in ["/livez", "/readyz", "/readyz/"] {
        // Old load balancers and haproxy's `option httpchk` send this.
        assert_eq!(send(&server, &format!("GET {path} HTTP/1.0")).status, 200, "{path}");
        assert_eq!(send(&server, &format!("GET {path} HTTP/1.1\r\nHost: 10.0.0.1")).status, 200, "{path}");
        assert_eq!(send(&server, &format!("GET {path} HTTP/1.1")).status, 400, "{path}: RFC 9112, 3.2");
    }
    // Other paths don't: a proxy may have removed the name under which a browser opened a page.
    for path in ["/info", "/metrics", "/docs", "/openapi.json", "/livez/info"] {
        assert_eq!(send(&server, &format!("GET {path} HTTP/1.0")).status, 421, "{path}");
    }
}
