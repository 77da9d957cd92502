//! The cold start of one command, whole processes: against a minimal hand-written program that does the same, and
//! against the published Python release if its environment is there.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::paired;

const REQUEST: &str =
    r#"{"auth":{"model":"basic","username":"u","password":"p"},"request":{},"page":{"size":10}}"#;

pub(crate) fn run() -> Result<()> {
    let folder = build()?;
    let ours = || program(&folder.join("mock-connector"), &[]);
    let by_hand = || program(&folder.join("by-hand"), &[]);

    println!("cold start of list-accounts      ours        rival   ratio (middle half)");
    ensure!(accounts(ours())? == accounts(by_hand())?, "the answers differ");
    let paired = paired::run(101, || silent(ours()), || silent(by_hand()));
    println!("{:<24} {paired}", "by hand");

    let python = peer_folder(&folder).join("venv/bin/python");
    if !python.exists() {
        println!(
            "connector-py 3.2.0: not run; `cargo run -p conformance -- peer 3.2.0` makes its environment"
        );
        return Ok(());
    }
    let theirs = || {
        let mut command = program(&python, &["-m", "mock_connector"]);
        command.env("PYTHONPATH", concat!(env!("CARGO_MANIFEST_DIR"), "/../conformance/peer"));
        command
    };
    ensure!(accounts(ours())? == accounts(theirs())?, "the answers differ");
    let paired = paired::run(11, || silent(ours()), || silent(theirs()));
    println!("{:<24} {paired}  ({:.0} times faster)", "connector-py 3.2.0", 1.0 / paired.ratio);
    Ok(())
}

/// The command that lists accounts with `program`.
fn program(program: &Path, before: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(before).args(["list-accounts", "--json", REQUEST]);
    command
}

/// Builds the programs and says where they are.
pub(crate) fn build() -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--release", "--package", "mock-connector", "--package", "bench"])
        .status()
        .context("cannot run cargo")?;
    ensure!(built.success(), "the programs do not compile");
    let here = std::env::current_exe().context("where this program is")?;
    Ok(here.parent().context("where this program is")?.to_owned())
}

/// Where the conformance run keeps the Python releases.
fn peer_folder(release: &Path) -> PathBuf {
    release.parent().unwrap_or(release).join("peers/3.2.0")
}

fn accounts(mut command: Command) -> Result<Value> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(output.status.success(), "{command:?} failed");
    let answer: Value = serde_json::from_slice(&output.stdout)?;
    Ok(answer["response"].clone())
}

fn silent(mut command: Command) {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.is_ok_and(|status| status.success()), "{command:?} failed");
}
