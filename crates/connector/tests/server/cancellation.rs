//! Blocking handlers whose client no longer waits.

use std::io::Write as _;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use connector::Integration;
use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::model::BasicCredentials;
use connector::server::Server;

use crate::support::{REQUEST, Request, Running};

/// Longer than any test waits.
const FOREVER: Duration = Duration::from_secs(60);

/// A server whose `list_accounts` blocks until it is cancelled, and reports both.
fn server(configure: impl FnOnce(Server) -> Server) -> (Running, Receiver<&'static str>) {
    let (sender, calls) = channel();
    let handler = move |request: Request<ListAccountsRequest>| {
        let _ = sender.send("begun");
        let begun = Instant::now();
        while !request.cancellation().is_cancelled() && begun.elapsed() < FOREVER {
            std::thread::yield_now();
        }
        let _ = sender.send(if request.cancellation().is_cancelled() { "cancelled" } else { "forgotten" });
        Ok(ListAccountsResponse::default().into())
    };
    let builder = Integration::builder("app").auth::<BasicCredentials>();
    let integration = builder.register_blocking(ListAccounts, handler).build();
    (Running::start(configure(Server::new(integration))), calls)
}

#[test]
fn a_timeout_cancels_a_blocking_handler() {
    let (server, calls) = server(|server| server.timeout(Duration::from_millis(100)));
    assert_eq!(server.post("/list_accounts", REQUEST).status, 504);
    assert_eq!(calls.recv_timeout(FOREVER).unwrap(), "begun");
    assert_eq!(calls.recv_timeout(FOREVER).unwrap(), "cancelled");
}

#[test]
fn a_disconnecting_client_cancels_a_blocking_handler() {
    let (server, calls) = server(|server| server.timeout(FOREVER * 10));
    let mut client = server.connect();
    let head = format!(
        "POST /list_accounts HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        server.address,
        REQUEST.len()
    );
    client.write_all(format!("{head}{REQUEST}").as_bytes()).unwrap();
    assert_eq!(calls.recv_timeout(FOREVER).unwrap(), "begun");
    drop(client);
    assert_eq!(calls.recv_timeout(FOREVER).unwrap(), "cancelled");
}
