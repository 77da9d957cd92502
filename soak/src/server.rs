//! The server under load, run as a process.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::num::NonZero;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread::JoinHandle;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::flat::Sample;
use crate::memory::Cgroup;
use crate::tally::Tally;

pub(crate) struct Server {
    child: Child,
    address: String,
    log: Log,
}

/// Options for starting a server.
pub(crate) struct Launch<'a> {
    pub(crate) program: &'a Path,
    /// The options of `serve`.
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<(String, String)>,
    /// The cgroup that limits its memory.
    pub(crate) cgroup: Option<&'a Cgroup>,
    /// Number of CPUs that it may use.
    pub(crate) cpus: Option<usize>,
    /// Whether its log is read.
    pub(crate) reads_log: bool,
}

enum Log {
    Read(JoinHandle<Tally>),
    /// The pipe stays open, but is never read.
    Unread(#[expect(dead_code, reason = "held, never read")] BufReader<ChildStderr>),
    Ended,
}

impl Launch<'_> {
    /// Starts `program serve` on a free port.
    pub(crate) fn start(self) -> Result<Server> {
        let mut child = self.command().stderr(Stdio::piped()).spawn().context("cannot start the server")?;
        let mut log = BufReader::new(child.stderr.take().context("a pipe")?);
        let mut line = String::new();
        let read = log.read_line(&mut line);
        let log =
            if self.reads_log { Log::Read(std::thread::spawn(move || count(log))) } else { Log::Unread(log) };
        let server = Server { child, address: line.trim().trim_start_matches("http://").to_owned(), log };
        read?;
        ensure!(line.starts_with("http://"), "the server did not start: {line}");
        Ok(server)
    }

    fn command(&self) -> Command {
        let mut words: Vec<OsString> = Vec::new();
        if let Some(cgroup) = self.cgroup {
            // The shell moves itself to the cgroup, then becomes the server.
            words.extend(["sh", "-c", r#"echo $$ > "$0" && exec "$@""#].map(Into::into));
            words.push(cgroup.processes().into());
        }
        let available = std::thread::available_parallelism().map_or(1, NonZero::get);
        if let Some(cpus) = self.cpus.filter(|cpus| *cpus < available) {
            words.extend(["taskset", "--cpu-list", &format!("0-{}", cpus - 1)].map(Into::into));
        }
        words.push(self.program.into());
        let mut command = Command::new(&words[0]);
        command
            .args(&words[1..])
            .args(["serve", "-p", "0"])
            .args(&self.args)
            .envs(self.env.iter().cloned())
            .env_remove("CONNECTOR_LOG")
            .env_remove("CONNECTOR_WIRE");
        command
    }
}

impl Server {
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The current resource usage of the process.
    pub(crate) fn sample(&self) -> Result<Sample> {
        let fds = std::fs::read_dir(format!("/proc/{}/fd", self.child.id()))?.count() as u64;
        Ok(Sample { rss: self.status("VmRSS")?, fds, threads: self.status("Threads")? })
    }

    /// The peak resident memory of the process, in KiB.
    pub(crate) fn peak_rss(&self) -> Result<u64> {
        self.status("VmHWM")
    }

    /// A number from the process's `/proc/…/status`.
    fn status(&self, name: &str) -> Result<u64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).context("cannot read the server's /proc")?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let number = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        number.with_context(|| format!("no {name}: the server has ended"))
    }

    /// Sends SIGTERM and waits for the end. Returns the exit status and the responses in the access log.
    pub(crate) async fn terminate(mut self) -> Result<(Option<i32>, Tally)> {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        ensure!(sent.context("cannot run kill")?.success(), "cannot send SIGTERM");
        tokio::task::spawn_blocking(move || {
            let status = self.child.wait()?.code();
            let tally = match std::mem::replace(&mut self.log, Log::Ended) {
                Log::Read(log) => log.join().map_err(|_| anyhow::anyhow!("the log could not be read"))?,
                Log::Unread(_) | Log::Ended => Tally::default(),
            };
            Ok((status, tally))
        })
        .await?
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Counts the lines of the access log until it ends.
fn count(log: BufReader<ChildStderr>) -> Tally {
    let mut tally = Tally::default();
    for line in log.lines().map_while(Result::ok) {
        let line: Value = serde_json::from_str(&line).unwrap_or_default();
        if let (Some(capability), Some(status)) = (line["capability"].as_str(), line["status"].as_u64()) {
            tally.add(capability, u16::try_from(status).unwrap_or_default(), 1);
        }
    }
    tally
}
