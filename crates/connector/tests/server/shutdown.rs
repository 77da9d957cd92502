//! The end of a server.

use std::io::{BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use connector::server::Server;
use tokio::net::TcpListener;

use crate::connections::{read_one, write};
use crate::support::{REQUEST, Reply, Running, Waiting, integration, waiting};

/// Begins a call that waits for the gate.
fn call(Waiting { server, calls, .. }: &Waiting) -> TcpStream {
    let mut stream = server.connect();
    let head = format!("POST /list_accounts HTTP/1.1\r\nHost: {}", server.address);
    let request = format!("{head}\r\nContent-Length: {}\r\n\r\n{REQUEST}", REQUEST.len());
    stream.write_all(request.as_bytes()).expect("it is sent");
    assert_eq!(calls.recv_timeout(Duration::from_secs(20)), Ok("begun"));
    stream
}

#[test]
fn a_call_under_way_is_finished_and_no_new_one_is_taken() {
    let mut waiting = waiting(|server| server);
    let stream = call(&waiting);
    waiting.server.begin_stop();
    let mut tries = 0..1000;
    while TcpStream::connect(waiting.server.address).is_ok() {
        assert!(tries.next().is_some(), "new connections are still taken");
        thread::sleep(Duration::from_millis(10));
    }
    waiting.gate.add_permits(1);
    assert_eq!(Reply::read(stream).status, 200);
    waiting.server.wait();
}

#[test]
fn a_call_on_a_connection_that_was_idle_is_answered_and_is_its_last() {
    let mut server = Running::start(Server::new(integration("app")));
    let mut idle = BufReader::new(server.connect());
    let mut ask = || {
        write(idle.get_mut(), "GET /livez HTTP/1.1", "");
        let reply = read_one(&mut idle);
        assert_eq!(reply.status, 200);
        reply.header("connection").map(str::to_owned)
    };
    assert_eq!(ask(), None);
    server.begin_stop();
    // It may be a while until the connection learns of it.
    let last = std::iter::repeat_with(ask).take(100_000).flatten().next();
    assert_eq!(last.as_deref(), Some("close"));
    assert_eq!(idle.read(&mut [0; 1]).expect("an end"), 0);
}

#[tokio::test]
async fn a_connection_that_the_kernel_has_accepted_is_served() {
    for _ in 0..20 {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let mut client = TcpStream::connect(address).expect("a connection");
        client.write_all(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("it is sent");
        let server = Server::new(integration("app"));
        server.serve(listener, std::future::ready(())).await.expect("it serves");
        assert_eq!(Reply::read(client).status, 200);
    }
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
    let mut waiting = waiting(|server| server.grace(Duration::from_millis(100)));
    let _stream = call(&waiting);
    let told = Instant::now();
    waiting.server.wait();
    // Without the option it is 25 seconds.
    assert!(told.elapsed() < Duration::from_secs(20), "{:?}", told.elapsed());
}
