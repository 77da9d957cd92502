//! The cold start of one command as a whole process, compared with a minimal hand-written program that does the same,
//! and with a published Python release.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::cargo::cargo;
use crate::paired;
use crate::peer::Twin;

const LIST: [&str; 3] = [
    "list-accounts",
    "--json",
    r#"{"auth":{"model":"basic","username":"u","password":"p"},"request":{},"page":{"size":10}}"#,
];

pub(crate) fn run(with_peers: bool) -> Result<()> {
    let folder = build()?;
    let ours = || program(&folder.join("mock-connector"));
    let by_hand = || program(&folder.join("by-hand"));

    println!("cold start of list-accounts      ours     baseline   ratio (middle half)");
    ensure!(accounts(ours())? == accounts(by_hand())?, "the responses differ");
    let paired = paired::run(101, || run_silently(ours()), || run_silently(by_hand()));
    println!("{:<24} {paired}", "by hand");

    if !with_peers {
        return Ok(());
    }
    let twin = match Twin::for_release("3.2.0") {
        Ok(twin) => twin,
        Err(error) => {
            println!("connector-py 3.2.0: not run: {error:#}");
            return Ok(());
        }
    };
    let theirs = || twin.command(&LIST);
    ensure!(accounts(ours())? == accounts(theirs())?, "the responses differ");
    let paired = paired::run(11, || run_silently(ours()), || run_silently(theirs()));
    println!("{:<24} {paired}  ({:.0} times faster)", "connector-py 3.2.0", 1.0 / paired.ratio);
    Ok(())
}

/// The command that lists accounts with `program`.
fn program(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(LIST);
    command
}

/// Builds the programs and returns their folder.
pub(crate) fn build() -> Result<PathBuf> {
    cargo(&["build", "--quiet", "--release", "--package", "mock-connector", "--package", "bench"])
        .context("the programs do not compile")?;
    let here = std::env::current_exe().context("cannot find this program")?;
    Ok(here.parent().context("cannot find this program")?.to_owned())
}

fn accounts(mut command: Command) -> Result<Value> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(output.status.success(), "{command:?} failed");
    let response: Value = serde_json::from_slice(&output.stdout)?;
    Ok(response["response"].clone())
}

fn run_silently(mut command: Command) {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.is_ok_and(|status| status.success()), "{command:?} failed");
}
