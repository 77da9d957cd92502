//! Sends SIGTERM while hostile clients stay connected.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::task::JoinSet;

use super::TIMEOUT;
use super::attackers::{Attack, Attacker};
use super::bodies::LISTING;
use crate::client::{Client, Protocol};
use crate::manifest::Manifest;
use crate::metrics;
use crate::server::Server;

/// Clients without a pending response, which must not delay the shutdown.
const IDLE: [(Attack, usize); 4] =
    [(Attack::HalfHead, 5), (Attack::HalfBody, 5), (Attack::Silent, 5), (Attack::IdleHttp2, 5)];
/// Time limit for the shutdown if only such clients are connected: one second for them, plus time for a slow machine.
const IDLE_LIMIT: Duration = Duration::from_secs(10);

/// Responses that nobody reads. The server waits for those clients, but not longer than its grace period.
const UNREAD: [(Attack, usize); 2] = [(Attack::Unread, 2), (Attack::UnreadHttp2(2), 1)];
/// More lines of the access log than a pipe can hold.
const LINES: usize = 500;

/// Stops a server that has idle clients, incomplete heads and incomplete bodies.
///
/// # Errors
/// If it doesn't exit with 0, or not in time.
pub(super) async fn with_idle_clients(server: Server, attacker: &Attacker) -> Result<()> {
    let _peers = clients(&IDLE, server.address(), attacker);
    let half_bodies = IDLE[1].1;
    metrics::wait_until_in_flight(server.address(), "list_entitlements", half_bodies).await?;
    let took = end(server, IDLE_LIMIT).await?;
    println!(
        "SIGTERM with idle clients, incomplete heads and incomplete bodies: exit status 0 after {took:.1?}"
    );
    Ok(())
}

/// Stops a server whose log and responses nobody reads.
///
/// # Errors
/// If it doesn't exit with 0, or not before Kubernetes kills it.
pub(super) async fn with_unread_output(
    program: &Path,
    manifest: &Manifest,
    attacker: &Attacker,
) -> Result<()> {
    let server = super::launch(program, manifest, None, false)?;
    let mut client = Client::new(server.address(), Protocol::Http1);
    for _ in 0..LINES {
        let response = client.post("/no/such/path", String::new()).await?;
        ensure!(response.status == 404, "{}", response.status);
    }
    let _peers = clients(&UNREAD, server.address(), attacker);
    let _idle = clients(&IDLE, server.address(), attacker);
    metrics::wait_for_server(server.address(), TIMEOUT, |found| found.body_bytes >= 4 * LISTING).await?;
    let took = end(server, manifest.end).await?;
    println!("SIGTERM while nobody reads the log or the responses: exit status 0 after {took:.1?}");
    Ok(())
}

/// Connects attackers. They disconnect when the set is dropped.
fn clients(attacks: &[(Attack, usize)], address: &str, attacker: &Attacker) -> JoinSet<()> {
    let mut clients = JoinSet::new();
    for (attack, count) in attacks {
        for _ in 0..*count {
            clients.spawn(Attacker { address: address.to_owned(), ..attacker.clone() }.run(*attack));
        }
    }
    clients
}

async fn end(server: Server, limit: Duration) -> Result<Duration> {
    let start = Instant::now();
    let ended = tokio::time::timeout(limit, server.terminate()).await;
    let (status, _) = ended.with_context(|| format!("the server has not exited after {limit:?}"))??;
    ensure!(status == Some(0), "unexpected exit status {status:?}");
    Ok(start.elapsed())
}
