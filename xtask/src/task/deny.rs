//! The deny steps of `cargo xtask lint`: licences, banned crates, sources, advisories, by the rules of `deny.toml`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::report::{Report, Step};
use crate::workspace::{Metadata, Workspace, succeeds, typed};

/// The release that is built when there is none. `deny.toml` is written for it.
const VERSION: &str = "0.20.2";

/// What `cargo-deny --version` begins with for a release that reads `deny.toml` the same way.
const COMPATIBLE: &str = "cargo-deny 0.20.";

pub(crate) fn steps(workspace: &Workspace, metadata: &Metadata, report: &mut Report) {
    let tools = metadata.target_directory.join("tools");
    let mut program = find(&tools);
    if program.is_none() {
        report.step(format!("cargo-deny {VERSION}, building it"), || install(workspace, &tools));
        program = find(&tools);
    }
    let Some(program) = program else {
        for name in ["deny, licences bans sources", "deny, advisories"] {
            report.step(name, || Ok(Step::NotRun("there is no cargo-deny".to_owned())));
        }
        return;
    };
    report.step("deny, licences bans sources", || {
        let mut command = workspace.command(&program);
        command.args(["check", "licenses", "bans", "sources"]);
        println!("{}", typed(&command));
        Ok(Step::passed_or(succeeds(&mut command)?, || "see above".to_owned()))
    });
    report.step("deny, advisories", || advisories(workspace, &program));
}

/// A compatible cargo-deny: the one built here, or the user's own.
fn find(tools: &Path) -> Option<PathBuf> {
    let file = format!("cargo-deny{}", std::env::consts::EXE_SUFFIX);
    [tools.join("bin").join(&file), file.into()].into_iter().find(|program| {
        let output = Command::new(program).arg("--version").output();
        output.is_ok_and(|output| output.stdout.starts_with(COMPATIBLE.as_bytes()))
    })
}

/// Builds cargo-deny under `tools`, which lies in the target folder: nothing is put into the user's home.
fn install(workspace: &Workspace, tools: &Path) -> anyhow::Result<Step> {
    let build = tools.join("build");
    // Without optimisation it is built in a fraction of the time, and still checks this workspace in a second.
    let mut command = workspace.cargo(["install", "cargo-deny", "--locked", "--version", VERSION, "--debug"]);
    command.arg("--root").arg(tools).arg("--target-dir").arg(&build).env("CARGO_PROFILE_DEV_DEBUG", "0");
    println!("there is no {COMPATIBLE}x: building {VERSION} into {} (once)", tools.display());
    let installed = succeeds(&mut command)?;
    // Half a gigabyte that only another build of the same release could use; when it stays, nothing breaks.
    drop(std::fs::remove_dir_all(&build));
    Ok(Step::passed_or(installed, || {
        "cargo-deny could not be built; where crates.io is out of reach, put a cargo-deny 0.20 on PATH"
            .to_owned()
    }))
}

/// Checks against the RustSec advisories, which are in a git repository that not every network reaches.
fn advisories(workspace: &Workspace, program: &Path) -> anyhow::Result<Step> {
    let fetched = workspace.command(program).args(["fetch", "db"]).output()?;
    if !fetched.status.success() {
        let said = String::from_utf8_lossy(&fetched.stderr);
        let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no reason given").trim();
        return Ok(Step::NotRun(format!("the advisory database could not be fetched ({last})")));
    }
    let mut command = workspace.command(program);
    let passed = succeeds(command.args(["check", "advisories"]))?;
    Ok(Step::passed_or(passed, || "see above".to_owned()))
}
