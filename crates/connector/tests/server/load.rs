//! Two thousand connections at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use connector::server::Server;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{Barrier, Mutex};
use tokio::task::JoinSet;

use crate::support::{REQUEST, Reply, Running, Waiting, integration, waiting};

const CONNECTIONS: usize = 2000;

/// How long a connection may be idle: until all others are open and have their responses.
const IDLE: Duration = Duration::from_secs(600);

/// Held by each test that opens this many connections, because open files are limited per process.
static EXCLUSIVE: Mutex<()> = Mutex::const_new(());

/// Opens all connections, then runs `talk` on each.
async fn on_each<F, Fut>(server: &Running, talk: F) -> Vec<u16>
where
    F: Fn(TcpStream) -> Fut,
    Fut: Future<Output = u16> + Send + 'static,
{
    // Both ends of each connection are in this process.
    let files = rlimit::increase_nofile_limit(2 * CONNECTIONS as u64 + 500).expect("a limit");
    assert!(files > 2 * CONNECTIONS as u64, "{files} open files are not enough for this test");
    let mut opening = JoinSet::new();
    for _ in 0..CONNECTIONS {
        opening.spawn(TcpStream::connect(server.address));
    }
    let streams = opening.join_all().await.into_iter().map(|stream| stream.expect("a connection"));
    let mut talking = JoinSet::new();
    for stream in streams.collect::<Vec<_>>() {
        talking.spawn(talk(stream));
    }
    talking.join_all().await
}

async fn ask(stream: &mut TcpStream) -> Reply {
    let head = "POST /list_accounts HTTP/1.1\r\nHost: localhost\r\nContent-Length";
    stream
        .write_all(format!("{head}: {}\r\n\r\n{REQUEST}", REQUEST.len()).as_bytes())
        .await
        .expect("it is sent");
    let mut answer = Vec::new();
    loop {
        assert_ne!(stream.read_buf(&mut answer).await.expect("an answer"), 0, "the connection ended");
        if answer.windows(4).any(|window| window == b"\r\n\r\n") {
            let reply = Reply::parse(&answer);
            if reply.header("content-length") == Some(&reply.bytes.len().to_string()) {
                return reply;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_connections_get_responses_and_stay_open() {
    let _exclusive = EXCLUSIVE.lock().await;
    let server = Running::start(Server::new(integration("app")).head_timeout(IDLE));
    let all_open = Arc::new(Barrier::new(CONNECTIONS));
    let statuses = on_each(&server, |mut stream| {
        let all_open = Arc::clone(&all_open);
        async move {
            let first = ask(&mut stream).await.status;
            // No connection goes on until all have their response.
            all_open.wait().await;
            let second = ask(&mut stream).await.status;
            assert_eq!(first, second);
            first
        }
    });
    assert_eq!(statuses.await, vec![200; CONNECTIONS]);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_beyond_the_limits_are_503_and_the_others_succeed() {
    const ADMITTED: usize = 256 + 1024;
    let _exclusive = EXCLUSIVE.lock().await;
    let Waiting { server, calls: _calls, gate } = waiting(|server| server.head_timeout(IDLE));
    let rejected = Arc::new(AtomicUsize::new(0));
    let statuses = on_each(&server, |mut stream| {
        let (rejected, gate) = (Arc::clone(&rejected), Arc::clone(&gate));
        async move {
            let reply = ask(&mut stream).await;
            if reply.status == 503 {
                assert_eq!(reply.header("retry-after"), Some("1"));
                assert_eq!(reply.error_code(), "app.service_error");
                // Admitted calls end only when all others have been rejected.
                if rejected.fetch_add(1, Ordering::SeqCst) + 1 == CONNECTIONS - ADMITTED {
                    gate.add_permits(CONNECTIONS);
                }
            }
            reply.status
        }
    })
    .await;
    let count = |status| statuses.iter().filter(|found| **found == status).count();
    assert_eq!((count(200), count(503)), (ADMITTED, CONNECTIONS - ADMITTED));
}
