//! A server that stops while a proxy sends calls to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use connector::Integration;
use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::model::BasicCredentials;
use connector::server::Server;

use super::Proxy;
use crate::support::{REQUEST, Request, Running, Waiting, waiting};

const KEEPING: &str = "proxy_http_version 1.1; proxy_set_header Connection \"\";";

/// A server that counts its calls.
fn counting() -> (Running, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let handler = move |_: Request<ListAccountsRequest>| {
        counted.fetch_add(1, Ordering::SeqCst);
        async { Ok(ListAccountsResponse::default().into()) }
    };
    let builder = Integration::builder("app").auth::<BasicCredentials>();
    let integration = builder.register(ListAccounts, handler).build();
    (Running::start(Server::new(integration)), calls)
}

fn nginx(server: &Running) -> Proxy {
    let upstream = format!("upstream connector {{ server {}; keepalive 8; }}", server.address);
    let host = format!("proxy_set_header Host {};", server.address);
    let location = format!("proxy_pass http://connector; {KEEPING} {host}");
    Proxy::nginx(&format!("{upstream} server {{ listen {{socket}}; location / {{ {location} }} }}"))
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn a_running_call_gets_its_response_through_the_proxy() {
    let Waiting { mut server, calls, gate } = waiting(|server| server);
    let proxy = nginx(&server);
    thread::scope(|scope| {
        let call = scope.spawn(|| proxy.post("/list_accounts", REQUEST).status);
        assert_eq!(calls.recv_timeout(std::time::Duration::from_secs(60)), Ok("begun"));
        server.begin_stop();
        gate.add_permits(1);
        assert_eq!(call.join().expect("an answer"), 200);
    });
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn every_call_on_an_open_connection_gets_its_response() {
    for _ in 0..10 {
        let (mut server, calls) = counting();
        let proxy = nginx(&server);
        let answered = AtomicUsize::new(0);
        thread::scope(|scope| {
            let callers: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        // Until the server has stopped.
                        while proxy.post("/list_accounts", REQUEST).status == 200 {
                            answered.fetch_add(1, Ordering::SeqCst);
                        }
                    })
                })
                .collect();
            while answered.load(Ordering::SeqCst) < 200 {
                assert!(callers.iter().any(|caller| !caller.is_finished()), "the server stopped too early");
                thread::yield_now();
            }
            server.wait();
        });
        assert_eq!(answered.load(Ordering::SeqCst), calls.load(Ordering::SeqCst));
        let log = proxy.log();
        let lost: Vec<&str> = log.lines().filter(|line| !line.contains("Connection refused")).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }
}
