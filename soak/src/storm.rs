//! A storm: the server runs with the options and the memory limit of the Kubernetes manifest, among hostile clients.
//! Valid clients and probes run at the same time.

mod attackers;
mod bodies;
mod good;
mod probe;
mod stop;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::task::JoinSet;

use crate::client::{Client, Protocol};
use crate::load;
use crate::manifest::Manifest;
use crate::memory::{Cgroup, Mebibytes, Peak};
use crate::metrics;
use crate::server::{Launch, Server};
use attackers::{Attack, Attacker, STALL};
use bodies::{Bodies, LISTING};
use good::Counts;
use probe::Prober;

/// The waves of attackers, and how many of each kind start during the first half of a wave. There are fewer than the
/// connections that may wait to be accepted (1024). Beyond that limit, the kernel resets connections of any client.
const WAVES: [(&str, &[(Attack, usize)]); 7] = [
    ("unread responses over HTTP/1.1", &[(Attack::Unread, 117), (Attack::Drip, 10)]),
    ("unread responses over HTTP/2", &[(Attack::UnreadHttp2(1), 97), (Attack::UnreadHttp2(20), 1)]),
    ("bodies that are slow to parse", &[(Attack::Credentials, 16), (Attack::Keys, 16), (Attack::Nested, 8)]),
    ("compressed bombs", &[(Attack::Bombs, 60)]),
    (
        "incomplete requests",
        &[(Attack::HalfBody, 400), (Attack::HalfHead, 100), (Attack::Silent, 100), (Attack::IdleHttp2, 50)],
    ),
    ("more calls than allowed", &[(Attack::Strings, 120), (Attack::Slow, 400)]),
    (
        "everything at once",
        &[
            (Attack::Unread, 20),
            (Attack::UnreadHttp2(1), 20),
            (Attack::Drip, 10),
            (Attack::Credentials, 8),
            (Attack::Keys, 8),
            (Attack::Nested, 4),
            (Attack::Bombs, 20),
            (Attack::HalfBody, 100),
            (Attack::HalfHead, 50),
            (Attack::Strings, 100),
            (Attack::Slow, 100),
        ],
    ),
];

/// Attackers that don't read their responses during the whole storm. The server must disconnect them.
const STAYING: [Attack; 2] = [Attack::Unread, Attack::UnreadHttp2(1)];

const GOOD: [(Protocol, usize); 2] = [(Protocol::Http1, 3), (Protocol::Http2, 2)];

/// How long the server may take to start large responses, and to release everything after the attackers have left.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Runs the server through a storm of about `length`, then stops it.
///
/// # Errors
/// If the server exceeds its memory limit, delays a probe, sends a wrong response to a valid client, or doesn't release
/// its resources.
pub(crate) async fn run(program: &Path, manifest: &Manifest, length: Duration) -> Result<()> {
    let length = length.max(STALL);
    println!("a storm of {} s: serve {}", length.as_secs(), manifest.args.join(" "));
    let cgroup = match Cgroup::new(manifest.memory) {
        Ok(cgroup) => Some(cgroup),
        Err(error) => {
            println!("no cgroup, so only the peak of resident memory is checked: {error:#}");
            None
        }
    };
    let server = launch(program, manifest, cgroup.as_ref(), true)?;
    let body_limit = manifest.option("--body-limit")?;
    let attacker = Attacker {
        address: server.address().to_owned(),
        bodies: Arc::new(Bodies::new(body_limit)?),
        body_limit,
        responses: Arc::default(),
    };
    let (stopped, stormed) = tokio::join!(
        stop::with_unread_output(program, manifest, &attacker),
        run_waves(&server, manifest, &attacker, length),
    );
    // This is the cause of any other failure, so report it first.
    let peak = cgroup.as_ref().map(Cgroup::peak).transpose().context("in the storm")?;
    let staying = stormed.context("in the storm")?;
    stopped.context("stopping a server with unread output")?;

    recover(&server, staying).await.context("after the storm")?;
    ensure_within(&server, peak, manifest.memory)?;
    stop::with_idle_clients(server, &attacker).await.context("stopping the server after the storm")
}

fn launch(program: &Path, manifest: &Manifest, cgroup: Option<&Cgroup>, reads_log: bool) -> Result<Server> {
    let (args, env) = (manifest.args.clone(), manifest.env.clone());
    Launch { program, args, env, cgroup, cpus: Some(manifest.cpus), reads_log }.start()
}

/// Runs all waves, and checks the responses of valid clients and probes. The staying attackers are still connected
/// afterwards.
async fn run_waves(
    server: &Server,
    manifest: &Manifest,
    attacker: &Attacker,
    length: Duration,
) -> Result<JoinSet<()>> {
    let start = Instant::now();
    let probers = [
        Prober::start(server.address(), "/livez", manifest.liveness)?,
        Prober::start(server.address(), "/readyz", manifest.readiness)?,
    ];
    let counts = Arc::new(Counts::default());
    let mut good = JoinSet::new();
    for (protocol, count) in GOOD {
        for _ in 0..count {
            good.spawn(good::run(server.address().to_owned(), protocol, Arc::clone(&counts)));
        }
    }
    let mut staying = JoinSet::new();
    for attack in STAYING {
        staying.spawn(attacker.clone().run(attack));
    }
    let unread = STAYING.len() as u64 * LISTING;
    metrics::wait_for_server(server.address(), TIMEOUT, |found| found.body_bytes >= unread).await?;
    for ((name, wave), number) in WAVES.iter().zip(1_u32..) {
        let mut attackers = JoinSet::new();
        let count: usize = wave.iter().map(|(_, count)| count).sum();
        let each = length / WAVES.len() as u32 / 2 / count as u32;
        let all = wave.iter().flat_map(|(attack, count)| std::iter::repeat_n(*attack, *count));
        for (attack, before) in all.zip(0..) {
            let attacker = attacker.clone();
            attackers.spawn(async move {
                tokio::time::sleep(each * before).await;
                attacker.run(attack).await;
            });
        }
        let end = start + length * number / WAVES.len() as u32;
        while Instant::now() < end && !probers.iter().any(Prober::has_failed) {
            tokio::select! {
                Some(ended) = good.join_next() => ended?.context("a valid client")?,
                () = tokio::time::sleep(Duration::from_millis(100)) => {}
            }
        }
        let (correct, busy) = (&counts.correct, &counts.busy);
        println!(
            "{:>6} s  {}  {name}: {} correct responses, {} rejected with 503",
            start.elapsed().as_secs(),
            Mebibytes(server.sample()?.rss << 10),
            correct.swap(0, Ordering::Relaxed),
            busy.swap(0, Ordering::Relaxed)
        );
    }
    for prober in probers {
        println!("probes: {}", prober.end()?);
    }
    println!("attackers got {}", attacker.responses);
    Ok(staying)
}

/// Waits until the server has released everything, then requests a page.
async fn recover(server: &Server, staying: JoinSet<()>) -> Result<()> {
    let address = server.address();
    metrics::wait_until_idle(address).await?;
    let expected = staying.len() as u64;
    let is_enough = |found: &metrics::ServerState| found.body_bytes == 0 && found.stalled >= expected;
    let found = metrics::wait_for_server(address, TIMEOUT, is_enough).await?;
    drop(staying);
    let response =
        Client::new(address, Protocol::Http1).post("/list_accounts", load::request("{}", "")).await?;
    ensure!(response.status == 200, "{}: {}", response.status, load::excerpt(&response.body));
    println!(
        "released: no request is in progress, connector_body_bytes is 0; {} clients were disconnected for not reading \
         their responses",
        found.stalled
    );
    Ok(())
}

/// Checks the server's peak memory.
fn ensure_within(server: &Server, peak: Option<Peak>, limit: u64) -> Result<()> {
    let resident = server.peak_rss()? << 10;
    let now = server.sample()?.rss << 10;
    let limits =
        format!("limit {}; resident: {}, now {}", Mebibytes(limit), Mebibytes(resident), Mebibytes(now));
    let total = match peak {
        Some(peak) => {
            println!("peak memory, by {peak}; {limits}");
            peak.total()
        }
        None => {
            println!("peak memory, without sockets; {limits}");
            resident
        }
    };
    ensure!(total <= limit, "the server used more memory than the manifest allows");
    ensure!(now < resident, "memory does not decrease after the storm");
    Ok(())
}
