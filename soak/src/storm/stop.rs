//! SIGTERM while hostile clients stay connected.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::task::JoinSet;

use super::PATIENCE;
use super::attackers::{Attack, Attacker};
use super::bodies::LISTING;
use crate::client::{Client, Protocol};
use crate::manifest::Manifest;
use crate::metrics;
use crate::server::Server;

/// Peers that have nothing to wait for, and so must not delay the end.
const IDLE: [(Attack, usize); 4] =
    [(Attack::HalfHead, 5), (Attack::HalfBody, 5), (Attack::Silent, 5), (Attack::IdleHttp2, 5)];
/// By then the server has ended if only such peers are connected: a second for them, and much for a slow machine.
const SOON: Duration = Duration::from_secs(10);

/// Answers that nobody reads: the server waits for those clients, but for no longer than its grace.
const UNREAD: [(Attack, usize); 2] = [(Attack::Unread, 2), (Attack::UnreadHttp2(2), 1)];
/// More lines of the access log than a pipe holds.
const LINES: usize = 500;

/// Stops a server that has idle peers, half heads and half bodies.
///
/// # Errors
/// If it does not end with 0, or not soon.
pub(super) async fn among_idle_peers(server: Server, attacker: &Attacker) -> Result<()> {
    let _peers = peers(&IDLE, server.address(), attacker);
    let half_bodies = IDLE[1].1;
    metrics::when_in_flight(server.address(), "list_entitlements", half_bodies).await?;
    let took = end(server, SOON).await?;
    println!("SIGTERM among idle peers, half heads and half bodies: exit status 0 after {took:.1?}");
    Ok(())
}

/// Stops a server of which nobody reads the log or the answers.
///
/// # Errors
/// If it does not end with 0, or not before Kubernetes kills it.
pub(super) async fn while_nobody_reads(
    program: &Path,
    manifest: &Manifest,
    attacker: &Attacker,
) -> Result<()> {
    let server = super::launch(program, manifest, None, false)?;
    let mut client = Client::new(server.address(), Protocol::Http1);
    for _ in 0..LINES {
        let answer = client.post("/no/such/path", String::new()).await?;
        ensure!(answer.status == 404, "{}", answer.status);
    }
    let _peers = peers(&UNREAD, server.address(), attacker);
    let _idle = peers(&IDLE, server.address(), attacker);
    metrics::of_server(server.address(), PATIENCE, |found| found.body_bytes >= 4 * LISTING).await?;
    let took = end(server, manifest.end).await?;
    println!("SIGTERM while nobody reads the log or the answers: exit status 0 after {took:.1?}");
    Ok(())
}

/// The attackers hang up when the set is dropped.
fn peers(attacks: &[(Attack, usize)], address: &str, attacker: &Attacker) -> JoinSet<()> {
    let mut peers = JoinSet::new();
    for (attack, count) in attacks {
        for _ in 0..*count {
            peers.spawn(Attacker { address: address.to_owned(), ..attacker.clone() }.run(*attack));
        }
    }
    peers
}

async fn end(server: Server, limit: Duration) -> Result<Duration> {
    let begun = Instant::now();
    let ended = tokio::time::timeout(limit, server.terminate()).await;
    let (status, _) = ended.with_context(|| format!("it has not ended after {limit:?}"))??;
    ensure!(status == Some(0), "the exit status is {status:?}");
    Ok(begun.elapsed())
}
