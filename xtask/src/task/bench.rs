//! `cargo xtask bench`: runs the benchmarks, optimized as connectors are shipped.

use crate::outcome::Outcome;
use crate::workspace::{Workspace, succeeds};

pub(crate) const USAGE: &str = "\
Usage: cargo xtask bench [--] [ARGS]

Builds the `bench` package with the release profile and runs it with ARGS.
`cargo xtask bench -- --help` lists them.
";

pub(crate) fn run(workspace: &Workspace, args: &[String]) -> anyhow::Result<Outcome> {
    let mut command = workspace.cargo(["run", "--release", "--package", "bench", "--"]);
    command.args(args.strip_prefix(&["--".to_owned()]).unwrap_or(args));
    succeeds(&mut command).map(Outcome::passed_if)
}
