//! The end of a server.

use std::io::Write as _;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use connector::server::Server;

use crate::support::{REQUEST, Reply, Running, integration};

/// Begins a call that takes a second.
fn call(server: &Running) -> TcpStream {
    let mut stream = server.connect();
    let head = format!("POST /validate_credentials HTTP/1.1\r\nHost: {}", server.address);
    write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{REQUEST}", REQUEST.len()).expect("it is sent");
    thread::sleep(Duration::from_millis(200));
    stream
}

#[test]
fn a_call_under_way_is_finished_and_no_new_one_is_taken() {
    let mut server = Running::start(Server::new(integration("app")));
    let stream = call(&server);
    server.begin_stop();
    assert_eq!(Reply::read(stream).status, 200);
    server.wait();
    assert!(TcpStream::connect(server.address).is_err());
}

#[test]
fn a_shutdown_does_not_wait_for_the_rest_of_a_body_that_is_not_wanted_and_does_not_come() {
    let mut server = Running::start(Server::new(integration("app")).grace(Duration::from_secs(600)));
    let mut stream = server.connect();
    let head = format!("POST /no_such_thing HTTP/1.1\r\nHost: {}\r\nContent-Length: 1000", server.address);
    write!(stream, "{head}\r\n\r\nabc").expect("it is sent");
    assert_eq!(Reply::read(stream.try_clone().expect("another handle")).status, 404);
    server.wait();
}

#[test]
fn a_shutdown_does_not_wait_beyond_its_grace() {
    let begun = Instant::now();
    let mut server = Running::start(Server::new(integration("app")).grace(Duration::from_millis(100)));
    let _stream = call(&server);
    server.wait();
    assert!(begun.elapsed() < Duration::from_millis(900), "{:?}", begun.elapsed());
}
