//! `cargo xtask soak`: checks that take too long for every run. Either a connector's HTTP server under mixed load for
//! minutes, or every connector that can be scaffolded.

pub(crate) mod scaffold;

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;

use crate::outcome::{Outcome, Usage};
use crate::task::test;
use crate::workspace::{Workspace, succeeds};

pub(crate) const USAGE: &str = "\
Usage: cargo xtask soak [--minutes MINUTES]
       cargo xtask soak scaffold [WORD]...

Starts `mock-connector serve`, built as it is shipped, and sends it good and bad requests for MINUTES (default: 10).
Fails unless every request got the correct response, /metrics and the access log counted the same number of them,
memory, file descriptors and threads stayed flat, and SIGTERM under load lost nothing. Then hostile clients storm a
second server, started with the options and the memory limit in deploy/kubernetes (in a cgroup, if permitted). It
must stay within the limit, answer probes in time, and answer good clients correctly or with 503. Runs on Linux.

`scaffold` generates a connector for each kind of credentials, with each kind of pagination and each preset. For each
it does what `cargo xtask test --system` does for a selection: build, tests, clippy, fmt, doc, and a listing as its
README shows it. It prints a line for each connector. All of them take about ten minutes on two cores, several
gigabytes in the target folder, and access to the registry. Words select the connectors that match all of them:
  cargo xtask soak scaffold token full       with token credentials and all capabilities
";

pub(crate) fn run(workspace: &Workspace, args: &[String]) -> anyhow::Result<Outcome> {
    if let Some(("scaffold", words)) = args.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        return scaffold::run(workspace, words);
    }
    check_arguments(args)?;
    let Some(program) = shipped(workspace)? else { return Ok(Outcome::Failed) };
    let mut build = workspace.cargo(["build", "--release", "--package", "soak"]);
    // Only the server must be optimized as it is shipped.
    build.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    build.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    if !succeeds(&mut build)? {
        return Ok(Outcome::Failed);
    }
    let target = workspace.metadata()?.target_directory;
    let mut soak = workspace.command(target.join("release/soak"));
    soak.arg("--program").arg(program);
    soak.arg("--manifest").arg(workspace.root().join("deploy/kubernetes/deployment.yaml")).args(args);
    succeeds(&mut soak).map(Outcome::passed_if)
}

/// Rejects arguments that the soak program doesn't accept, before anything is built.
fn check_arguments(args: &[String]) -> Result<(), Usage> {
    match args {
        [] => Ok(()),
        [name, minutes] if name == "--minutes" => {
            let seconds = minutes.parse().map(|minutes: f64| minutes * 60.0);
            match seconds.ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()) {
                Some(length) if !length.is_zero() => Ok(()),
                _ => Err(Usage(format!("--minutes must be a number above 0, not `{minutes}`"))),
            }
        }
        [name] if name == "--minutes" => Err(Usage("--minutes requires a number".to_owned())),
        args => Err(Usage(format!(
            "`cargo xtask soak` doesn't accept `{}`; `cargo xtask soak --help` describes it",
            args.join(" ")
        ))),
    }
}

/// The mock connector as it is shipped, built in the folder that the system tests use too. `None` if it does not compile.
fn shipped(workspace: &Workspace) -> anyhow::Result<Option<PathBuf>> {
    if !test::build(workspace)? {
        return Ok(None);
    }
    let mut build = workspace.command(test::programs(workspace)?.join("connector"));
    build.args(["hacking", "build-executable", "--json", "--directory", "connectors/mock"]);
    let target = workspace.metadata()?.target_directory;
    build.env("CARGO_TARGET_DIR", target.join("tmp/dist")).stderr(Stdio::inherit());
    let output = build.output().context("`connector` could not be started")?;
    if !output.status.success() {
        return Ok(None);
    }
    let built: Value =
        serde_json::from_slice(&output.stdout).context("build-executable did not return JSON")?;
    Ok(built["executable"].as_str().map(PathBuf::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<(), String> {
        let args: Vec<String> = text.split_whitespace().map(String::from).collect();
        check_arguments(&args).map_err(|error| error.to_string())
    }

    #[test]
    fn durations_above_zero_are_accepted() {
        for args in ["", "--minutes 1", "--minutes 0.5"] {
            assert_eq!(check(args), Ok(()), "{args}");
        }
    }

    #[test]
    fn other_arguments_are_rejected() {
        for args in
            ["--minutes", "--minutes x", "--minutes 0", "--minutes -1", "--minutes 1e300", "--minutes NaN"]
        {
            assert!(check(args).unwrap_err().starts_with("--minutes "), "{args}");
        }
        for args in ["5", "--hours 1", "--minutes 1 2", "scaffolds"] {
            assert!(check(args).unwrap_err().contains(&format!("`{args}`")), "{args}");
        }
    }
}
