//! `cargo xtask soak`: a connector's HTTP server under mixed load for minutes.

use crate::outcome::Outcome;
use crate::workspace::{Workspace, succeeds};

pub(crate) const USAGE: &str = "\
Usage: cargo xtask soak [--minutes N]

Starts `mock-connector serve` (release profile) and keeps it under load, good and bad, for N minutes, 10 unless
told otherwise. Fails unless every request got the right answer, /metrics and the access log counted the same,
memory, file descriptors and threads stayed flat, and SIGTERM under load lost nothing. Runs on Linux.
";

pub(crate) fn run(workspace: &Workspace, args: &[String]) -> anyhow::Result<Outcome> {
    let build = ["build", "--release", "--package", "mock-connector", "--package", "soak", "--bins"];
    if !succeeds(&mut workspace.cargo(build))? {
        return Ok(Outcome::Failed);
    }
    let folder = workspace.metadata()?.target_directory.join("release");
    let mut soak = workspace.command(folder.join("soak"));
    soak.arg("--program").arg(folder.join("mock-connector")).args(args);
    succeeds(&mut soak).map(Outcome::passed_if)
}
