//! What a client can use up: memory, time, and the threads that serve others.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use connector::capability::{
    CreateAccount, CreateAccountRequest, CreateAccountResponse, ListAccounts, ListAccountsRequest,
    ListAccountsResponse,
};
use connector::model::{AccountStatus, FoundAccountData};
use connector::server::Server;
use connector::{Integration, NoAuth, NoSettings, Response, Result};

use crate::support::{REQUEST, Reply, Running, Waiting, integration, retry, waiting};

/// More than the buffers of a connection hold.
const LONG: usize = 8 << 20;

/// A connector with long responses.
fn long_responses() -> Integration {
    type Request<P> = connector::Request<P, NoSettings, NoAuth>;
    async fn list(_: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
        Ok(Response::new(ListAccountsResponse { accounts: vec![FoundAccountData::new("x".repeat(LONG))] }))
    }
    async fn create(_: Request<CreateAccountRequest>) -> Result<Response<CreateAccountResponse>> {
        let created = CreateAccountResponse { status: AccountStatus::Active, created: true, id: None };
        Ok(Response::new(created).raw_data_if(true, serde_json::json!({"x": "x".repeat(LONG)})))
    }
    Integration::builder("app").register(ListAccounts, list).register(CreateAccount, create).build()
}

/// The value of a metric without labels.
fn metric(server: &Running, name: &str) -> u64 {
    let text = server.get("/metrics").body;
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name}: {text}"))
}

/// Waits until a metric has a value.
fn wait_for(server: &Running, name: &str, holds: impl Fn(u64) -> bool) {
    let begun = Instant::now();
    while !holds(metric(server, name)) {
        assert!(begun.elapsed() < Duration::from_secs(30), "{name} is {}", metric(server, name));
        thread::sleep(Duration::from_millis(10));
    }
}

/// Sends the head of a request with a body of `length` bytes, and `body`.
fn begin(server: &Running, path: &str, length: usize, body: &[u8]) -> TcpStream {
    let mut stream = server.connect();
    let head = format!("POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {length}", server.address);
    stream.write_all(format!("{head}\r\n\r\n").as_bytes()).expect("the head is sent");
    stream.write_all(body).expect("the body is sent");
    stream
}

#[test]
fn a_client_that_does_not_read_its_response_is_disconnected() {
    let server = Running::start(Server::new(long_responses()).timeout(Duration::from_secs(1)));
    let mut stream = begin(&server, "/list_accounts", REQUEST.len(), REQUEST.as_bytes());
    wait_for(&server, "connector_stalled_clients_total", |stalled| stalled == 1);
    wait_for(&server, "connector_body_bytes", |bytes| bytes == 0);
    let mut read = Vec::new();
    let _ = stream.read_to_end(&mut read);
    assert!(read.len() < LONG, "the response is incomplete");
}

#[test]
fn a_client_that_reads_slowly_gets_the_whole_response() {
    let server = Running::start(Server::new(long_responses()).timeout(Duration::from_secs(4)));
    let mut stream = begin(&server, "/list_accounts", REQUEST.len(), REQUEST.as_bytes());
    let (mut read, mut piece) = (Vec::new(), vec![0; LONG / 8]);
    let begun = Instant::now();
    while read.len() < LONG {
        stream.read_exact(&mut piece).expect("the connection stays");
        read.extend_from_slice(&piece);
        // The whole response takes longer than the timeout, each piece takes less.
        thread::sleep(Duration::from_millis(700));
    }
    assert!(begun.elapsed() > Duration::from_secs(4));
    assert_eq!(metric(&server, "connector_stalled_clients_total"), 0);
}

#[test]
fn bodies_share_a_memory_limit() {
    let server = Running::start(Server::new(integration("app")).memory_limit(1 << 20));
    let body = vec![b' '; 700 << 10];
    let waiting = begin(&server, "/list_accounts", 1 << 20, &body);
    wait_for(&server, "connector_body_bytes", |bytes| bytes == 700 << 10);
    let large = format!("{REQUEST}{}", " ".repeat(400 << 10));
    let rejected = server.post("/list_accounts", &large);
    assert_eq!((rejected.status, rejected.error_code().as_str()), (503, "app.service_error"));
    assert_eq!(rejected.header("retry-after"), Some("1"));
    assert_eq!(server.post("/list_accounts", REQUEST).status, 200, "a small request fits");
    drop(waiting);
    wait_for(&server, "connector_body_bytes", |bytes| bytes == 0);
    assert_eq!(server.post("/list_accounts", &large).status, 200);
}

#[test]
fn a_response_over_the_memory_limit_is_503_except_for_writes() {
    let server = Running::start(Server::new(long_responses()).memory_limit(1 << 20));
    let rejected = server.post("/list_accounts", REQUEST);
    assert_eq!((rejected.status, rejected.error_code().as_str()), (503, "app.service_error"));
    let create = REQUEST
        .replace("\"request\":{}", "\"request\":{\"account\":{\"email\":\"a@b.c\"},\"entitlements\":[]}");
    let written = server.post("/create_account", &create);
    assert_eq!(written.status, 200, "{:?}", &written.body[..written.body.len().min(300)]);
    assert!(written.bytes.len() > LONG);
    wait_for(&server, "connector_body_bytes", |bytes| bytes == 0);
}

#[test]
fn a_call_that_is_queued_for_too_long_is_rejected() {
    let Waiting { server, calls, .. } =
        waiting(|server| server.concurrency(1, 10).timeout(Duration::from_secs(2)));
    let begun = Instant::now();
    thread::scope(|scope| {
        let calls: Vec<_> = (0..5).map(|_| scope.spawn(|| server.post("/list_accounts", REQUEST))).collect();
        for call in calls {
            let reply = call.join().unwrap();
            // Calls that start at the last moment time out at once.
            assert!([503, 504].contains(&reply.status), "{reply:?}");
        }
    });
    // One after the other, they would take 10 s.
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    drop(calls);
}

#[test]
fn a_large_request_times_out_even_if_its_handler_blocks_the_thread() {
    let (unblock, blocked) = channel::<()>();
    let blocked = std::sync::Mutex::new(blocked);
    let list = move |_: connector::Request<ListAccountsRequest>| {
        let _ = blocked.lock().unwrap().recv();
        async { Ok(ListAccountsResponse::default().into()) }
    };
    let integration = Integration::builder("app").register(ListAccounts, list).build();
    let server = Running::start(Server::new(integration).timeout(Duration::from_millis(500)));
    let large = format!("{REQUEST}{}", " ".repeat(100 << 10));
    let reply = server.post("/list_accounts", &large);
    assert_eq!((reply.status, reply.error_code().as_str()), (504, "app.internal_error"));
    drop(unblock);
}

#[test]
fn a_disconnecting_client_cancels_a_large_request() {
    let Waiting { server, calls, gate } = waiting(|server| server);
    let large = format!("{REQUEST}{}", " ".repeat(100 << 10));
    let stream = begin(&server, "/list_accounts", large.len(), large.as_bytes());
    assert_eq!(calls.recv_timeout(Duration::from_secs(20)), Ok("begun"));
    drop(stream);
    assert_eq!(calls.recv_timeout(Duration::from_secs(20)), Ok("dropped"));
    gate.add_permits(1);
    assert_eq!(server.post("/list_accounts", &large).status, 200);
}

#[test]
fn a_stopping_server_does_not_wait_for_the_rest_of_a_request() {
    let server = Server::new(integration("app")).head_timeout(Duration::from_secs(600));
    let mut server = Running::start(server.grace(Duration::from_secs(60)));
    let mut half_a_head = server.connect();
    half_a_head.write_all(b"POST /list_accounts HTTP/1.1\r\nHo").unwrap();
    let half_a_body = begin(&server, "/list_accounts", 100, b"{");
    retry(|| (metric(&server, "connector_body_bytes") == 1).then_some(()));
    let begin = Instant::now();
    server.wait();
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    drop((half_a_head, half_a_body));
}

#[test]
fn a_stopping_server_lets_a_client_read_slowly() {
    let mut server = Running::start(Server::new(long_responses()).grace(Duration::from_secs(600)));
    let mut stream = begin(&server, "/list_accounts", REQUEST.len(), REQUEST.as_bytes());
    let mut first = [0; 1];
    stream.read_exact(&mut first).unwrap();
    server.begin_stop();
    // Longer than a client gets for the rest of a request.
    thread::sleep(Duration::from_secs(3));
    let mut rest = first.to_vec();
    stream.read_to_end(&mut rest).unwrap();
    assert!(Reply::parse(&rest).bytes.len() > LONG);
    server.wait();
}

#[test]
fn connections_beyond_the_limit_wait_until_another_is_closed() {
    let server = Running::start(Server::new(integration("app")).connections(2));
    let (first, second) = (server.connect(), server.connect());
    let mut third = server.connect();
    write!(third, "GET /livez HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address).unwrap();
    third.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert!(third.read(&mut [0]).is_err(), "it is not served yet");
    drop(first);
    third.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    assert_eq!(Reply::read(third).status, 200);
    drop(second);
}
