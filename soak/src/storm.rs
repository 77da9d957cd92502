//! A storm: the server as the Kubernetes manifest starts it, in as much memory as it has there, among clients that mean
//! harm. Good clients and probes go on meanwhile.

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
use good::Answered;
use probe::Prober;

/// What comes one after the other: who, and how many of them, over the first half of the wave. They are fewer than the connections that may wait to be
/// accepted (1024): beyond these the kernel itself resets some, of anyone.
const WAVES: [(&str, &[(Attack, usize)]); 7] = [
    ("answers over HTTP/1.1 that nobody reads", &[(Attack::Unread, 117), (Attack::Drip, 10)]),
    ("answers over HTTP/2 that nobody reads", &[(Attack::UnreadHttp2(1), 97), (Attack::UnreadHttp2(20), 1)]),
    ("bodies that take long to read", &[(Attack::Credentials, 16), (Attack::Keys, 16), (Attack::Nested, 8)]),
    ("bodies that swell", &[(Attack::Bombs, 60)]),
    (
        "requests that stop halfway",
        &[(Attack::HalfBody, 400), (Attack::HalfHead, 100), (Attack::Silent, 100), (Attack::IdleHttp2, 50)],
    ),
    ("more calls than may run", &[(Attack::Strings, 120), (Attack::Slow, 400)]),
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

/// Those who do not read their answers from the beginning to the end: the server must disconnect them.
const STAYING: [Attack; 2] = [Attack::Unread, Attack::UnreadHttp2(1)];

const GOOD: [(Protocol, usize); 2] = [(Protocol::Http1, 3), (Protocol::Http2, 2)];

/// How long the server may take to begin large answers, and to give everything back when the attackers are gone.
const PATIENCE: Duration = Duration::from_secs(30);

/// Takes the server through a storm of about `length`, and stops it.
///
/// # Errors
/// If the server takes more memory than it has, delays a probe, answers a good client wrongly, or keeps something
/// afterwards.
pub(crate) async fn run(program: &Path, manifest: &Manifest, length: Duration) -> Result<()> {
    let length = length.max(STALL);
    println!("a storm of {} s: serve {}", length.as_secs(), manifest.args.join(" "));
    let cgroup = match Cgroup::new(manifest.memory) {
        Ok(cgroup) => Some(cgroup),
        Err(error) => {
            println!("no cgroup, so the peak of resident memory must do: {error:#}");
            None
        }
    };
    let server = launch(program, manifest, cgroup.as_ref(), true)?;
    let body_limit = manifest.option("--body-limit")?;
    let attacker = Attacker {
        address: server.address().to_owned(),
        bodies: Arc::new(Bodies::new(body_limit)?),
        body_limit,
        answers: Arc::default(),
    };
    let (stopped, stormed) = tokio::join!(
        stop::while_nobody_reads(program, manifest, &attacker),
        blow(&server, manifest, &attacker, length),
    );
    // The reason for everything else that went wrong, if so.
    let peak = cgroup.as_ref().map(Cgroup::peak).transpose().context("in the storm")?;
    let staying = stormed.context("in the storm")?;
    stopped.context("a server that is told to stop while nobody reads")?;

    recover(&server, staying).await.context("after the storm")?;
    ensure_within(&server, peak, manifest.memory)?;
    stop::among_idle_peers(server, &attacker).await.context("a server that is told to stop after the storm")
}

fn launch(program: &Path, manifest: &Manifest, cgroup: Option<&Cgroup>, reads_log: bool) -> Result<Server> {
    let (args, env) = (manifest.args.clone(), manifest.env.clone());
    Launch { program, args, env, cgroup, cpus: Some(manifest.cpus), reads_log }.start()
}

/// Sends all waves, and checks what good clients and probes see meanwhile. Those who stay are still there afterwards.
async fn blow(
    server: &Server,
    manifest: &Manifest,
    attacker: &Attacker,
    length: Duration,
) -> Result<JoinSet<()>> {
    let begun = Instant::now();
    let probers = [
        Prober::start(server.address(), "/livez", manifest.liveness)?,
        Prober::start(server.address(), "/readyz", manifest.readiness)?,
    ];
    let answered = Arc::new(Answered::default());
    let mut good = JoinSet::new();
    for (protocol, count) in GOOD {
        for _ in 0..count {
            good.spawn(good::run(server.address().to_owned(), protocol, Arc::clone(&answered)));
        }
    }
    let mut staying = JoinSet::new();
    for attack in STAYING {
        staying.spawn(attacker.clone().run(attack));
    }
    let unread = STAYING.len() as u64 * LISTING;
    metrics::of_server(server.address(), PATIENCE, |found| found.body_bytes >= unread).await?;
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
        let end = begun + length * number / WAVES.len() as u32;
        while Instant::now() < end && !probers.iter().any(Prober::has_failed) {
            tokio::select! {
                Some(ended) = good.join_next() => ended?.context("a good client")?,
                () = tokio::time::sleep(Duration::from_millis(100)) => {}
            }
        }
        let (right, busy) = (&answered.right, &answered.busy);
        println!(
            "{:>6} s  {}  {name}: {} right answers, {} turned away",
            begun.elapsed().as_secs(),
            Mebibytes(server.sample()?.rss << 10),
            right.swap(0, Ordering::Relaxed),
            busy.swap(0, Ordering::Relaxed)
        );
    }
    for prober in probers {
        println!("probes: {}", prober.end()?);
    }
    println!("attackers got {}", attacker.answers);
    Ok(staying)
}

/// Waits until the server has given everything back, and asks it for a page.
async fn recover(server: &Server, staying: JoinSet<()>) -> Result<()> {
    let address = server.address();
    metrics::when_idle(address).await?;
    let expected = staying.len() as u64;
    let is_enough = |found: &metrics::OfServer| found.body_bytes == 0 && found.stalled >= expected;
    let found = metrics::of_server(address, PATIENCE, is_enough).await?;
    drop(staying);
    let answer =
        Client::new(address, Protocol::Http1).post("/list_accounts", load::request("{}", "")).await?;
    ensure!(answer.status == 200, "{}: {}", answer.status, load::begin(&answer.body));
    println!(
        "given back: nothing is in flight, connector_body_bytes is 0; {} clients were disconnected for not taking \
         their answers",
        found.stalled
    );
    Ok(())
}

/// Checks the most memory that the server had.
fn ensure_within(server: &Server, peak: Option<Peak>, limit: u64) -> Result<()> {
    let resident = server.peak_rss()? << 10;
    let now = server.sample()?.rss << 10;
    let limits =
        format!("{} allowed; resident: {}, now {}", Mebibytes(limit), Mebibytes(resident), Mebibytes(now));
    let total = match peak {
        Some(peak) => {
            println!("the most memory, by {peak}; {limits}");
            peak.total()
        }
        None => {
            println!("the most memory, without that of sockets; {limits}");
            resident
        }
    };
    ensure!(total <= limit, "the server took more memory than the manifest allows");
    ensure!(now < resident, "memory does not fall after the storm");
    Ok(())
}
