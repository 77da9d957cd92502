//! Build times and executable sizes for an author: a connector created by `connector scaffold`, compared with a base
//! program that uses the same libraries without an SDK.

mod base;
mod package;
mod shipped;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;

use self::package::Package;
use crate::cargo::cargo;

/// Number of measured rebuilds.
const EDITS: usize = 5;

/// Times of the first two commands in an empty target folder, in the order that the scaffold suggests.
struct Cold {
    test: Duration,
    build: Duration,
}

pub(crate) fn run() -> Result<()> {
    let connector = connector()?;
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let acme = Package::new(folder.path(), "acme", "src/read/list_accounts.rs", "list_accounts");
    let scaffold = package::timed("connector scaffold", || scaffold(&connector, &acme))?;
    acme.fetch()?;
    let base = base::create(&acme, folder.path())?;
    base.fetch()?;

    let [base_cold, cold] = [cold(&base)?, cold(&acme)?];
    let [base_build, build] = [after_edits(&base, &["build"])?, after_edits(&acme, &["build"])?];
    let test = ["test", "--no-run"];
    let [base_test, test] = [after_edits(&base, &test)?, after_edits(&acme, &test)?];

    line("build times", "connector", "base", "ratio", "target");
    line("connector scaffold", &seconds(scaffold), "", "", "");
    row("connector scaffold and cargo test, cold", scaffold + cold.test, base_cold.test, "≤ 2.2 × base");
    row("then cargo build", cold.build, base_cold.build, "");
    row("together", scaffold + cold.test + cold.build, base_cold.test + base_cold.build, "≤ 75 s");
    row("cargo build after an edit", build, base_build, "≤ 2 s");
    row("cargo test --no-run after an edit", test, base_test, "");
    println!("base: {}, with the same features as in the connector", base::LIBRARIES.join(", "));
    shipped::run(&connector, &acme, &base)
}

/// Builds the program `connector` and returns its path.
fn connector() -> Result<PathBuf> {
    let messages = cargo(&[
        "build",
        "--quiet",
        "--package",
        "lumos-connector-cli",
        "--bin",
        "connector",
        "--message-format",
        "json-render-diagnostics",
    ])
    .context("`connector` does not compile")?;
    let mut messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let executable = messages.find_map(|message| message["executable"].as_str().map(PathBuf::from));
    executable.context("cargo does not report the path of `connector`")
}

/// Creates a connector with the default choices.
fn scaffold(connector: &Path, package: &Package) -> Result<()> {
    let mut scaffold = Command::new(connector);
    scaffold.args(["scaffold", &package.name]).arg(&package.folder).stdin(Stdio::null());
    package::succeed(&mut scaffold).map(drop)
}

fn cold(package: &Package) -> Result<Cold> {
    Ok(Cold {
        test: package.timed(&["test"], "cold")?,
        build: package.timed(&["build"], "after cargo test")?,
    })
}

/// The median time of a cargo command after an edit.
fn after_edits(package: &Package, args: &[&str]) -> Result<Duration> {
    // The first rebuild after a cold build is not representative, so don't count it.
    package.edit()?;
    package.timed(args, "after an edit, not counted")?;
    let mut times = Vec::with_capacity(EDITS);
    for _ in 0..EDITS {
        package.edit()?;
        times.push(package.timed(args, "after an edit")?);
    }
    times.sort();
    Ok(times[EDITS / 2])
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn row(what: &str, ours: Duration, base: Duration, target: &str) {
    let ratio = format!("{:.2}", ours.as_secs_f64() / base.as_secs_f64());
    line(what, &seconds(ours), &seconds(base), &ratio, target);
}

fn line(what: &str, ours: &str, base: &str, ratio: &str, target: &str) {
    println!("{}", format!("{what:<40} {ours:>13} {base:>8} {ratio:>7}   {target}").trim_end());
}
