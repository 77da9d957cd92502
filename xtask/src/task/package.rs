//! `cargo xtask package`: what a release would upload, built and compiled from the archives.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use crate::outcome::Outcome;
use crate::workspace::{Workspace, succeeds};

pub(crate) const USAGE: &str = "\
Usage: cargo xtask package [ARGS]

Runs `cargo package` for every crate whose manifest does not say `publish = false`, all in one call: they
depend on each other by version, and cargo then takes those versions from the archives it has just made
instead of asking crates.io for them. ARGS go to `cargo package`, for instance:
  --allow-dirty   also with uncommitted changes
  --list          name the files of each archive and build nothing
";

pub(crate) fn run(workspace: &Workspace, args: &[String]) -> anyhow::Result<Outcome> {
    let Some(mut command) = command(workspace, args)? else {
        println!("no crate is meant to be published: every manifest says `publish = false`");
        return Ok(Outcome::Passed);
    };
    succeeds(&mut command).map(Outcome::passed_if)
}

/// The one `cargo package` for all crates that are meant to be published; none when there is no such crate.
pub(crate) fn command(workspace: &Workspace, args: &[String]) -> anyhow::Result<Option<Command>> {
    let packages = workspace.metadata()?.packages;
    let mut command = workspace.cargo(["package"]);
    let mut any = false;
    for package in packages.iter().filter(|package| package.is_published) {
        command.args(["--package", &package.name]);
        forget_unpacked(&package.name)?;
        any = true;
    }
    command.args(args);
    Ok(any.then_some(command))
}

/// Removes what earlier runs have unpacked. Cargo unpacks an archive once for each version, and would go on compiling
/// against the sources of the day that it first did.
fn forget_unpacked(package: &str) -> anyhow::Result<()> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let Some(sources) = home.map(|home| home.join("registry").join("src")) else { return Ok(()) };
    let Ok(registries) = std::fs::read_dir(&sources) else { return Ok(()) };
    for registry in registries {
        let registry = registry?.path();
        // Crates that are only packaged and not published come from a registry without a name.
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
