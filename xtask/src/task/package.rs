//! `cargo xtask package`: what a release would upload, built and compiled from the archives.

use std::process::Command;

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
        any = true;
    }
    command.args(args);
    Ok(any.then_some(command))
}
