//! The shutdown of a server.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use connector::server::Server;
use tokio::net::TcpListener;

use crate::connections::read_one;
use crate::support::{REQUEST, Reply, Running, Waiting, integration, retry, waiting};

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
fn running_calls_are_finished_and_new_ones_rejected() {
    let mut waiting = waiting(|server| server);
    let stream = call(&waiting);
    waiting.server.begin_stop();
    let mut tries = 0..1000;
    while TcpStream::connect(waiting.server.address).is_ok() {
        assert!(tries.next().is_some(), "new connections are still accepted");
        thread::sleep(Duration::from_millis(10));
    }
    waiting.gate.add_permits(1);
    assert_eq!(Reply::read(stream).status, 200);
    waiting.server.wait();
}

/// Sends a request on an open connection. `None` if the server has closed it.
fn probe(connection: &mut BufReader<TcpStream>) -> Option<Reply> {
    connection.get_mut().write_all(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n").ok()?;
    let is_open = connection.fill_buf().is_ok_and(|begin| !begin.is_empty());
    is_open.then(|| read_one(connection))
}

#[test]
fn a_stopping_server_answers_one_more_call_on_an_idle_connection() {
    // An idle connection is closed after half a second: a slow machine may miss that, and tries again.
    retry(|| {
        let mut server = Running::start(Server::new(integration("app")));
        let mut idle = BufReader::new(server.connect());
        assert_eq!(probe(&mut idle).expect("a response").header("connection"), None);
        server.begin_stop();
        // It may take a while until the connection learns of the stop.
        let last = loop {
            let reply = probe(&mut idle)?;
            assert_eq!(reply.status, 200);
            if let Some(connection) = reply.header("connection") {
                break connection.to_owned();
            }
        };
        assert_eq!(last, "close");
        assert_eq!(idle.read(&mut [0; 1]).expect("an end"), 0);
        Some(())
    });
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
fn a_shutdown_does_not_wait_for_an_unwanted_body() {
    let mut server = Running::start(Server::new(integration("app")).grace(Duration::from_secs(600)));
    let mut stream = server.connect();
    let head = format!("POST /no_such_thing HTTP/1.1\r\nHost: {}\r\nContent-Length: 1000", server.address);
    write!(stream, "{head}\r\n\r\nabc").expect("it is sent");
    assert_eq!(Reply::read(stream.try_clone().expect("another handle")).status, 404);
    server.wait();
}

#[test]
fn a_shutdown_does_not_wait_beyond_its_grace_period() {
    let mut waiting = waiting(|server| server.grace(Duration::from_millis(100)));
    let _stream = call(&waiting);
    let begin = Instant::now();
    waiting.server.wait();
    // The default is 25 seconds.
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
}
