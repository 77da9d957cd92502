//! `cargo xtask soak`: what takes too long for every run. A connector's HTTP server under mixed load for minutes, or every
//! connector that can be scaffolded.

mod scaffold;

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::Context as _;
use serde_json::Value;

use crate::outcome::Outcome;
use crate::workspace::{Workspace, succeeds};

pub(crate) const USAGE: &str = "\
Usage: cargo xtask soak [--minutes N]
       cargo xtask soak scaffold [WORD]...

Starts `mock-connector serve`, built as it is shipped, and keeps it under load, good and bad, for N minutes, 10 unless
told otherwise. Fails unless every request got the right answer, /metrics and the access log counted the same,
memory, file descriptors and threads stayed flat, and SIGTERM under load lost nothing. Then hostile clients storm a
second server, started with the options and the memory limit of deploy/kubernetes (a cgroup if it may make one). It
must stay within the limit, answer probes in time, and answer good clients rightly or with 503. Runs on Linux.

`scaffold` makes a connector of each kind of credentials with each of pagination and each preset, and takes each
through what `cargo xtask test --system` does with some of them: build, tests, clippy, fmt, doc, and a listing as
its README shows it. A line tells of each when it is done; in all it takes about ten minutes on two cores, some
gigabytes in the temporary folder, and a registry with everything in it. Words leave those that have all of them:
  cargo xtask soak scaffold token full       with token credentials and all capabilities
";

pub(crate) fn run(workspace: &Workspace, args: &[String]) -> anyhow::Result<Outcome> {
    if let Some(("scaffold", words)) = args.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        return scaffold::run(workspace, words);
    }
    let Some(program) = shipped(workspace)? else { return Ok(Outcome::Failed) };
    let mut build = workspace.cargo(["build", "--release", "--package", "soak"]);
    // It has to be fast enough, and is thrown away.
    build.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    if !succeeds(&mut build)? {
        return Ok(Outcome::Failed);
    }
    let target = workspace.metadata()?.target_directory;
    let mut soak = workspace.command(target.join("release/soak"));
    soak.arg("--program").arg(program);
    soak.arg("--manifest").arg(workspace.root().join("deploy/kubernetes/deployment.yaml")).args(args);
    succeeds(&mut soak).map(Outcome::passed_if)
}

/// The mock connector as it is shipped, built where the system tests build it too; none if it does not compile.
fn shipped(workspace: &Workspace) -> anyhow::Result<Option<PathBuf>> {
    if !succeeds(&mut workspace.cargo(["build", "--package", "lumos-connector-cli"]))? {
        return Ok(None);
    }
    let target = workspace.metadata()?.target_directory;
    let mut build = workspace.command(target.join("debug/connector"));
    build.args(["hacking", "build-executable", "--json", "--directory", "connectors/mock"]);
    build.env("CARGO_TARGET_DIR", target.join("tmp/dist")).stderr(Stdio::inherit());
    let output = build.output().context("`connector` could not be started")?;
    if !output.status.success() {
        return Ok(None);
    }
    let made: Value = serde_json::from_slice(&output.stdout).context("build-executable answers in JSON")?;
    Ok(made["executable"].as_str().map(PathBuf::from))
}
