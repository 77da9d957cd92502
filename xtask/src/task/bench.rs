//! `cargo xtask bench`: runs the benchmarks, optimized as connectors are shipped.

use crate::outcome::{Outcome, Usage};
use crate::workspace::{Workspace, succeeds};

pub(crate) const USAGE: &str = "\
Usage: cargo xtask bench [--] [--no-peers] [author|cold|dispatch|http|memory]...

Builds the `bench` package with the release profile and runs the benchmarks, by default all of them.
`cargo xtask bench -- --help` describes them.
";

/// What the `bench` program accepts.
const ARGUMENTS: [&str; 8] = ["author", "cold", "dispatch", "http", "memory", "--no-peers", "--help", "-h"];

pub(crate) fn run(workspace: &Workspace, args: &[String]) -> anyhow::Result<Outcome> {
    let args = args.strip_prefix(&["--".to_owned()]).unwrap_or(args);
    check_arguments(args)?;
    let mut command = workspace.cargo(["run", "--release", "--package", "bench", "--"]);
    succeeds(command.args(args)).map(Outcome::passed_if)
}

/// Rejects arguments that the program doesn't accept, before it is built.
fn check_arguments(args: &[String]) -> Result<(), Usage> {
    match args.iter().find(|arg| !ARGUMENTS.contains(&arg.as_str())) {
        Some(unknown) => Err(Usage(format!(
            "unknown benchmark `{unknown}`: expected author, cold, dispatch, http, memory or --no-peers"
        ))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_benchmarks_are_rejected() {
        let args = |text: &str| text.split_whitespace().map(String::from).collect::<Vec<_>>();
        assert!(check_arguments(&args("--no-peers cold memory")).is_ok());
        let error = check_arguments(&args("cold NAME")).unwrap_err().to_string();
        assert!(error.contains("`NAME`"), "{error}");
    }

    #[test]
    fn the_program_knows_every_argument() {
        let program = include_str!("../../../bench/src/main.rs");
        for argument in ARGUMENTS {
            assert!(program.contains(&format!("\"{argument}\"")), "{argument}");
        }
    }
}
