//! Keeps a mock connector's HTTP server under mixed load for minutes, then stops it under load.
//!
//! It passes if every request got the correct response, the server counted the same responses in `/metrics` and in its
//! access log, its memory, file descriptors and threads did not grow, and it exited with 0 without losing a response.
//!
//! Then a second server, started with the options of the Kubernetes manifest, goes through a storm of hostile clients
//! within the memory limit of the manifest.

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
Usage: soak --program PATH --manifest PATH [--minutes N]

  --program   the mock-connector program
  --manifest  the Kubernetes Deployment; its limits apply in the storm
  --minutes   duration of the load; the storm lasts half as long [default: 10]

Exit status:
  0  every check passed
  1  a check failed or could not run
  2  the command line is invalid";

/// Seconds between progress lines.
const PROGRESS: u32 = 10;
/// Number of calls that are in progress when the server is stopped.
const IN_PROGRESS: usize = 16;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.iter().any(|arg| arg == "--help" || arg == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let Some(Arguments { program, manifest, length }) = arguments(&args) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    // By default, tokio panics if TOKIO_WORKER_THREADS is invalid.
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

/// Keeps a server under load, then stops it.
async fn soak(program: &Path, length: Duration) -> Result<()> {
    let args = load::SERVE.map(str::to_owned).to_vec();
    let server =
        Launch { program, args, env: Vec::new(), cgroup: None, cpus: None, reads_log: true }.start()?;
    println!("{} on {}, {} s of load", program.display(), server.address(), length.as_secs());

    let mut load = Load::start(server.address());
    let samples = watch(&server, &mut load, length).await?;
    load.stop().await.context("a response was wrong")?;
    let responses = load.tally();
    println!("all {} requests got the correct response:\n{responses}", responses.total());

    let counted = metrics::wait_until_idle(server.address()).await?;
    responses.ensure_same_as(&counted, load::UNANSWERED).context("/metrics")?;
    println!("/metrics has the same counts, and no request is in progress");
    flat::ensure(&samples)?;

    stop_under_load(server, &load).await
}

/// Samples the server every second and prints the progress. Ends early if a response was wrong.
async fn watch(server: &Server, load: &mut Load, length: Duration) -> Result<Vec<Sample>> {
    let start = Instant::now();
    let mut samples = Vec::new();
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    let mut seconds = 0_u32;
    while start.elapsed() < length && !load.has_failed() {
        ticks.tick().await;
        let sample = server.sample()?;
        if seconds.is_multiple_of(PROGRESS) {
            println!("{seconds:>6} s  {:>9} responses  {sample}", load.tally().total());
        }
        seconds += 1;
        samples.push(sample);
    }
    Ok(samples)
}

/// Stops the server during all kinds of load, with calls that are known to be in progress.
async fn stop_under_load(server: Server, load: &Load) -> Result<()> {
    let mut last = load.again();
    let slow = load.slow_calls(IN_PROGRESS);
    metrics::wait_until_in_flight(server.address(), load::SLOW_CALL, IN_PROGRESS).await?;
    last.allow_connections_to_end();
    let (status, mut logged) = server.terminate().await?;
    ensure!(status == Some(0), "after SIGTERM the server's exit status is {status:?}");
    for call in slow {
        call.await?.context("a call that was in progress when the server was stopped")?;
    }
    last.stop().await.context("a response after SIGTERM was wrong")?;
    // During shutdown, the server doesn't wait for the rest of a body. There is no response, and it logs 499.
    let abandoned = logged.remove(load::HALF_BODY, 499);
    ensure!(abandoned <= load::STALLED as u64, "{abandoned} incomplete bodies were abandoned");
    load.tally().ensure_same_as(&logged, load::UNANSWERED).context("the access log")?;
    println!(
        "SIGTERM under load: exit status 0, all {IN_PROGRESS} calls in progress were completed, and all {} responses in \
         the access log arrived",
        logged.total()
    );
    Ok(())
}
