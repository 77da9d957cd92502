//! The server under load, as a process.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread::JoinHandle;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::flat::Sample;
use crate::tally::Tally;

pub(crate) struct Server {
    child: Child,
    address: String,
    log: Option<JoinHandle<Tally>>,
}

impl Server {
    /// Starts `program serve` on a free port.
    pub(crate) fn start(program: &Path, args: &[&str]) -> Result<Self> {
        let mut command = Command::new(program);
        command
            .args(["serve", "-p", "0"])
            .args(args)
            .env_remove("CONNECTOR_LOG")
            .env_remove("CONNECTOR_WIRE");
        let mut child = command.stderr(Stdio::piped()).spawn().context("cannot start the server")?;
        let mut log = BufReader::new(child.stderr.take().context("a pipe")?);
        let mut server = Self { child, address: String::new(), log: None };
        let mut line = String::new();
        log.read_line(&mut line)?;
        server.address = line.trim().strip_prefix("http://").context("the server does not start")?.to_owned();
        server.log = Some(std::thread::spawn(move || count(log)));
        Ok(server)
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// What the process holds now.
    pub(crate) fn sample(&self) -> Result<Sample> {
        let folder = format!("/proc/{}", self.child.id());
        let status = std::fs::read_to_string(format!("{folder}/status")).context("the server's /proc")?;
        let figure = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().ok()
        };
        Ok(Sample {
            rss: figure("VmRSS").context("no VmRSS: the server has ended")?,
            fds: std::fs::read_dir(format!("{folder}/fd"))?.count() as u64,
            threads: figure("Threads").context("no Threads")?,
        })
    }

    /// Sends SIGTERM and waits for the end: the exit status, and the answers in the access log.
    pub(crate) async fn terminate(mut self) -> Result<(Option<i32>, Tally)> {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        ensure!(sent.context("cannot run kill")?.success(), "cannot send SIGTERM");
        tokio::task::spawn_blocking(move || {
            let log = self.log.take().context("the log is read")?;
            let tally = log.join().map_err(|_| anyhow::anyhow!("the log could not be read"))?;
            Ok((self.child.wait()?.code(), tally))
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

/// Counts the lines of the access log until the log ends.
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
