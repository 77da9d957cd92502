//! Keeps a mock connector's HTTP server under mixed load for minutes, then stops it under load.
//!
//! It passes if every request got the right answer, the server counted the same answers in `/metrics` and its access
//! log as its clients did, its memory, file descriptors and threads stayed flat, and it exited with 0 without losing
//! an answer that it had made.
//!
//! Then a second server, started as the Kubernetes manifest starts it, goes through a storm of hostile clients in as
//! much memory as the manifest gives it.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program's output")]

mod client;
mod flat;
mod load;
mod manifest;
mod memory;
mod metrics;
mod server;
mod socket;
mod storm;
mod tally;

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::runtime::Builder;

use flat::Sample;
use load::Load;
use manifest::Manifest;
use server::{Launch, Server};

const USAGE: &str = "\
usage: soak --program PATH --manifest PATH [--minutes N]

  --program   the mock-connector program
  --manifest  the Deployment for Kubernetes, whose limits hold in the storm
  --minutes   how long the load lasts before the server is stopped; the storm lasts half as long [default: 10]";

/// A line of progress this often.
const PROGRESS: u32 = 10;
/// Calls that are under way for certain when the server is told to stop.
const UNDER_WAY: usize = 16;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(Arguments { program, manifest, length }) = arguments(&args) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    // Left to itself, tokio panics if TOKIO_WORKER_THREADS is wrong.
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let runtime = match Builder::new_multi_thread().worker_threads(threads).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("soak: cannot start a runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(&program, &manifest, length)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("soak: {error:#}");
            ExitCode::FAILURE
        }
    }
}

struct Arguments {
    program: PathBuf,
    manifest: PathBuf,
    length: Duration,
}

fn arguments(args: &[String]) -> Option<Arguments> {
    let (mut program, mut manifest, mut minutes) = (None, None, 10.0);
    for pair in args.chunks(2) {
        match pair {
            [name, value] if name == "--program" => program = Some(PathBuf::from(value)),
            [name, value] if name == "--manifest" => manifest = Some(PathBuf::from(value)),
            [name, value] if name == "--minutes" => minutes = value.parse().ok()?,
            _ => return None,
        }
    }
    let length = Duration::try_from_secs_f64(minutes * 60.0).ok().filter(|length| !length.is_zero())?;
    Some(Arguments { program: program?, manifest: manifest?, length })
}

async fn run(program: &Path, manifest: &Path, length: Duration) -> Result<()> {
    let manifest = Manifest::read(manifest)?;
    soak(program, length).await?;
    storm::run(program, &manifest, length / 2).await
}

/// Keeps a server under load, and then stops it.
async fn soak(program: &Path, length: Duration) -> Result<()> {
    let args = load::SERVE.map(str::to_owned).to_vec();
    let server =
        Launch { program, args, env: Vec::new(), cgroup: None, cpus: None, reads_log: true }.start()?;
    println!("{} on {}, {} s of load", program.display(), server.address(), length.as_secs());

    let mut load = Load::start(server.address());
    let samples = watch(&server, &mut load, length).await?;
    load.stop().await.context("an answer was not as it should be")?;
    let answers = load.tally();
    println!("every one of {} requests got the right answer:\n{answers}", answers.total());

    let counted = metrics::when_idle(server.address()).await?;
    answers.ensure_same_as(&counted, load::UNANSWERED).context("/metrics")?;
    println!("/metrics counted the same, and nothing is in flight");
    flat::ensure(&samples)?;

    stop_under_load(server, &load).await
}

/// Samples the server each second and tells how it goes. Ends early if a client is answered wrongly.
async fn watch(server: &Server, load: &mut Load, length: Duration) -> Result<Vec<Sample>> {
    let begun = Instant::now();
    let mut samples = Vec::new();
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    let mut seconds = 0_u32;
    while begun.elapsed() < length && !load.has_failed() {
        ticks.tick().await;
        let sample = server.sample()?;
        if seconds.is_multiple_of(PROGRESS) {
            println!("{seconds:>6} s  {:>9} answers  {sample}", load.tally().total());
        }
        seconds += 1;
        samples.push(sample);
    }
    Ok(samples)
}

/// Tells the server to stop while all kinds of load go on and some calls are known to be under way.
async fn stop_under_load(server: Server, load: &Load) -> Result<()> {
    let mut last = load.again();
    let slow = load.slow_calls(UNDER_WAY);
    metrics::when_in_flight(server.address(), load::SLOW_CALL, UNDER_WAY).await?;
    last.lets_connections_end();
    let (status, mut logged) = server.terminate().await?;
    ensure!(status == Some(0), "after SIGTERM the server's exit status is {status:?}");
    for call in slow {
        call.await?.context("a call that was under way when the server was told to stop")?;
    }
    last.stop().await.context("an answer after SIGTERM was not as it should be")?;
    // A server that stops does not wait for the rest of a body: nobody is answered, and it logs 499.
    let given_up = logged.remove(load::HALF_BODY, 499);
    ensure!(given_up <= load::STALLED as u64, "{given_up} half bodies were given up");
    load.tally().ensure_same_as(&logged, load::UNANSWERED).context("the access log")?;
    println!(
        "SIGTERM under load: exit status 0, {UNDER_WAY} calls under way were answered, and the access log has {} \
         answers, all of which arrived",
        logged.total()
    );
    Ok(())
}
