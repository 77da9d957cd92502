//! `cargo xtask package`: creates the archives that a release uploads, and compiles what is in them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use crate::outcome::Outcome;
use crate::workspace::{Workspace, succeeds};

pub(crate) const USAGE: &str = "\
Usage: cargo xtask package [ARGS]

Runs `cargo package` once for all crates whose manifest does not say `publish = false`. They depend on each other by
version; in a single call, cargo takes those versions from the archives it has just created instead of crates.io.
Pass ARGS on to `cargo package`, for example:
  --allow-dirty   also with uncommitted changes
  --list          list the files of each archive without building anything
";

pub(crate) fn run(workspace: &Workspace, args: &[String]) -> anyhow::Result<Outcome> {
    let Some(mut command) = command(workspace, args)? else {
        println!("nothing to publish: every manifest says `publish = false`");
        return Ok(Outcome::Passed);
    };
    succeeds(&mut command).map(Outcome::passed_if)
}

/// The `cargo package` call for all crates to be published. `None` if there is no such crate.
pub(crate) fn command(workspace: &Workspace, args: &[String]) -> anyhow::Result<Option<Command>> {
    let metadata = workspace.metadata()?;
    let mut command = workspace.cargo(["package"]);
    // By default each archive is compiled in a target folder of its own. Here they share the dependencies.
    command.arg("--target-dir").arg(&metadata.target_directory);
    let mut any = false;
    for package in metadata.packages.iter().filter(|package| package.is_published) {
        command.args(["--package", &package.name]);
        forget_unpacked(&package.name)?;
        any = true;
    }
    command.args(args);
    Ok(any.then_some(command))
}

/// Removes the archives that earlier runs unpacked. Cargo unpacks each version only once, so it would keep compiling
/// against outdated sources.
fn forget_unpacked(package: &str) -> anyhow::Result<()> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let Some(sources) = home.map(|home| home.join("registry").join("src")) else { return Ok(()) };
    let Ok(registries) = std::fs::read_dir(&sources) else { return Ok(()) };
    for registry in registries {
        let registry = registry?.path();
        // Crates that were packaged but not published come from a registry without a name.
        if name_of(&registry).starts_with('-') {
            for unpacked in std::fs::read_dir(&registry)? {
                let unpacked = unpacked?.path();
                let version =
                    name_of(&unpacked).strip_prefix(package).and_then(|rest| rest.strip_prefix('-'));
                if version.is_some_and(|version| version.starts_with(|first: char| first.is_ascii_digit())) {
                    std::fs::remove_dir_all(&unpacked)
                        .with_context(|| format!("{} cannot be removed", unpacked.display()))?;
                }
            }
        }
    }
    Ok(())
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}
