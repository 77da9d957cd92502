//! The guide's configurations, and proxies without any.

use connector::Secret;
use connector::server::Server;

use super::{Proxy, from_guide};
use crate::support::{REQUEST, Running, integration};

/// A server that allows the host that the proxy's clients use.
fn allowing() -> Running {
    let host = "connectors.example".parse().expect("a host");
    Running::start(Server::new(integration("app")).allow_hosts([host]))
}

fn closed() -> Running {
    Running::start(Server::new(integration("app")))
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn the_guides_nginx_configuration_rewrites_or_passes_the_host() {
    let server = closed();
    let lines = from_guide("nginx", &server);
    let proxy = Proxy::nginx(&lines);
    for _ in 0..3 {
        let reply = proxy.post("/list_accounts", REQUEST);
        assert_eq!(reply.status, 200, "{reply:?}");
        assert_eq!(reply.header("x-request-id").map(str::len), Some(32), "{reply:?}");
    }
    let rewrite = format!("Host {};", server.address);
    assert!(lines.contains(&rewrite), "{lines}");
    let passing = |server: &Running| {
        let lines = from_guide("nginx", server);
        Proxy::nginx(&lines.replace(&format!("Host {};", server.address), "Host $host;"))
    };
    assert_eq!(passing(&server).post("/list_accounts", REQUEST).status, 421);
    assert_eq!(passing(&allowing()).post("/list_accounts", REQUEST).status, 200);
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn the_guides_haproxy_configuration_passes_or_rewrites_the_host() {
    let server = allowing();
    let proxy = Proxy::haproxy(&from_guide("haproxy", &server));
    for _ in 0..3 {
        let reply = proxy.post("/list_accounts", REQUEST);
        assert_eq!(reply.status, 200, "{reply:?}");
    }
    let server = closed();
    let lines = from_guide("haproxy", &server);
    assert_eq!(Proxy::haproxy(&lines).get("/info").status, 421);
    let rewrite = format!("http-request set-header Host {}", server.address);
    let proxy = Proxy::haproxy(&format!("{lines}\n{rewrite}"));
    assert_eq!(proxy.get("/info").status, 200);
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn haproxys_health_check_works_with_a_token() {
    let server = Running::start(Server::new(integration("app")).token(Secret::from("canary-token")));
    let lines = from_guide("haproxy", &server).replace(" check", " check inter 50ms");
    let proxy = Proxy::haproxy(&format!("{lines}\nstats enable\nstats uri /statistics"));
    // Comma-separated, with names in the first line.
    let state = || {
        let statistics = proxy.get("/statistics;csv").body;
        let mut lines = statistics.lines();
        let column = lines.next()?.split(',').position(|name| name == "check_status")?;
        let server = lines.find(|line| line.starts_with("connector,connector,"))?;
        // `INI` until the first check has ended, and with a star during a check.
        server.split(',').nth(column).filter(|state| state.starts_with('L')).map(str::to_owned)
    };
    let mut states = std::iter::repeat_with(|| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        state()
    });
    assert_eq!(states.by_ref().take(1000).flatten().next().as_deref(), Some("L7OK"));
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn the_proxies_need_only_the_servers_address() {
    let server = allowing();
    for proxy in [Proxy::nginx_before(&server, ""), Proxy::haproxy_before(&server, "")] {
        assert_eq!(proxy.post("/list_accounts", REQUEST).status, 200);
        let document = proxy.get("/openapi.json");
        assert_eq!(document.bytes, server.get("/openapi.json").bytes);
        assert_eq!(proxy.post("/no_such_thing", REQUEST).error_code(), "app.not_implemented");
        assert_eq!(proxy.send("HEAD /info HTTP/1.1", b"").status, 200);
    }
}
