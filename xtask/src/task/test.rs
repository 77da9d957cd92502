//! `cargo xtask test`: every test, with a count of what was skipped.

use std::path::PathBuf;
use std::time::Instant;

use crate::libtest::Tally;
use crate::outcome::{Outcome, Usage};
use crate::report::{Report, Step};
use crate::stream::stream;
use crate::task::{manifests, system};
use crate::workspace::Workspace;

pub(crate) const USAGE: &str = "\
Usage: cargo xtask test [--system] [-- CARGO_TEST_ARGS [-- LIBTEST_ARGS]]

Runs the tests of the workspace with all features, doc tests included. Ends with the slowest test programs, the
names of the skipped tests, and the counts. It needs a Rust toolchain and a C compiler, and runs as any user. Tests
that need more are skipped.

  --system   run the tests that are skipped otherwise, and only those. Runs on Debian, as root: installs what they
             need. Also compares with the published Python releases and validates the manifests

Arguments after `--` go to `cargo test`:
  cargo xtask test -- page_token              the tests whose name has `page_token`
  cargo xtask test -- -p unix-connector       one package
  cargo xtask test -- login -- --nocapture    with the output of tests that pass
";

/// Where the programs of the workspace are while all of its tests run, so that no test has to build one again.
pub(crate) const PROGRAMS: &str = "WORKSPACE_PROGRAMS";

/// Variables of this prefix set up a connector. The caller's own must not change what a test sees.
const CONNECTOR_PREFIX: &str = "CONNECTOR_";

pub(crate) fn run(workspace: &Workspace, args: &[String]) -> anyhow::Result<Outcome> {
    let options = Options::parse(args)?;
    let mut report = Report::default();
    let mut tally = Tally::default();
    if options.system {
        system::require_debian_and_root()?;
        report.step("Debian packages", || system::install_packages(workspace));
    }
    report.step("cargo test", || test(workspace, &options, &mut tally));
    report.slowest(std::mem::take(&mut tally.times));
    if options.system && options.covers_everything() {
        system::compare_with_peers(workspace, &mut report);
        report.step("Kubernetes manifests", || manifests::validate(workspace));
    } else if options.system {
        report.step("conformance and manifests", || Ok(Step::NotRun("arguments narrow this run".to_owned())));
    }
    let outcome = report.finish();
    print(&tally, &options);
    Ok(outcome)
}

fn test(workspace: &Workspace, options: &Options, tally: &mut Tally) -> anyhow::Result<Step> {
    let mut command = workspace.cargo(options.cargo_test());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with(CONNECTOR_PREFIX) {
            command.env_remove(name);
        }
    }
    if !options.cargo_args.iter().any(|arg| arg.starts_with('-')) {
        command.env(PROGRAMS, programs(workspace)?);
    }
    let begun = Instant::now();
    let mut built = None;
    let streamed = stream(command, &mut std::io::stdout(), |line| {
        tally.line(line);
        if tally.is_running() {
            built.get_or_insert_with(|| begun.elapsed());
        }
    })?;
    tally.close();
    tally.times.extend(built.map(|took| ("building the tests".to_owned(), took)));
    if streamed.status.success() {
        tally.unfinished.clear(); // `-- --list` prints no result either
    }
    let problems = problems(tally, streamed.left_a_process);
    if problems.is_empty() && !streamed.status.success() {
        return Ok(Step::Failed(format!("cargo test ended with {}", streamed.status)));
    }
    Ok(Step::passed_or(problems.is_empty(), || problems.join("; ")))
}

/// Where cargo puts the programs that it builds together with the tests.
pub(crate) fn programs(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    Ok(workspace.metadata()?.target_directory.join("debug"))
}

/// Everything that is wrong with a run, besides an exit status that nothing printed explains.
fn problems(tally: &Tally, left_a_process: bool) -> Vec<String> {
    let mut problems = Vec::new();
    if tally.failed > 0 {
        problems.push(format!("{} failed", tally.failed));
    }
    problems.extend(tally.unfinished.iter().map(|program| format!("{program} ended without a result")));
    if left_a_process {
        problems.push("a test left a process running that holds the output open".to_owned());
    }
    problems
}

fn print(tally: &Tally, options: &Options) {
    for (title, tests) in [("Failed", &tally.failures), ("Skipped", &tally.skips)] {
        if !tests.is_empty() {
            println!("\n{title}:");
        }
        for test in tests {
            println!("  {test}");
        }
    }
    if tally.skipped > 0 && !options.system {
        println!("  `cargo xtask test --system` runs these (Debian, root)");
    }
    if tally.filtered > 0 {
        let why =
            if options.covers_everything() { "run without --system" } else { "were left out by the filter" };
        println!("\n{} tests {why}", tally.filtered);
    }
    println!("\n{tally}");
}

/// The arguments, sorted by whom they are for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    system: bool,
    cargo_args: Vec<String>,
    libtest_args: Vec<String>,
}

impl Options {
    fn parse(args: &[String]) -> Result<Self, Usage> {
        let mut parts = args.splitn(3, |arg| arg == "--");
        let mut options = Self::default();
        for arg in parts.next().unwrap_or_default() {
            match arg.as_str() {
                "--system" => options.system = true,
                _ => {
                    return Err(Usage(format!(
                        "`cargo xtask test` has no argument `{arg}`; arguments for cargo test go after `--`"
                    )));
                }
            }
        }
        options.cargo_args = parts.next().unwrap_or_default().to_vec();
        options.libtest_args = parts.next().unwrap_or_default().to_vec();
        Ok(options)
    }

    /// Whether nothing narrows the run.
    fn covers_everything(&self) -> bool {
        self.cargo_args.is_empty() && self.libtest_args.is_empty()
    }

    fn picks_packages(&self) -> bool {
        self.cargo_args.iter().any(|arg| arg.starts_with("-p") || arg.starts_with("--package"))
    }

    fn cargo_test(&self) -> Vec<&str> {
        // The features are the same with and without `--system`, so that everything is built once.
        let mut args = vec!["test", "--no-fail-fast", "--all-features"];
        if !self.picks_packages() {
            args.push("--workspace");
        }
        args.extend(self.cargo_args.iter().map(String::as_str));
        args.push("--");
        if self.system {
            args.push("--ignored");
        }
        args.extend(self.libtest_args.iter().map(String::as_str));
        args
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Options, Usage> {
        Options::parse(&text.split_whitespace().map(String::from).collect::<Vec<_>>())
    }

    fn tally(lines: &[&str]) -> Tally {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.line(line));
        tally.close();
        tally
    }

    #[test]
    fn a_plain_run_is_of_the_whole_workspace_and_ignores_what_needs_more() {
        let options = parse("").unwrap();
        assert_eq!(options.cargo_test(), ["test", "--no-fail-fast", "--all-features", "--workspace", "--"]);
        assert!(options.covers_everything());
    }

    #[test]
    fn a_system_run_is_of_the_ignored_tests() {
        let options = parse("--system").unwrap();
        let expected = ["test", "--no-fail-fast", "--all-features", "--workspace", "--", "--ignored"];
        assert_eq!(options.cargo_test(), expected);
    }

    #[test]
    fn arguments_after_the_dashes_go_to_cargo_and_then_to_libtest() {
        let options = parse("-- login -- --nocapture").unwrap();
        assert_eq!(
            options.cargo_test(),
            ["test", "--no-fail-fast", "--all-features", "--workspace", "login", "--", "--nocapture"]
        );
        assert!(!options.covers_everything());
    }

    #[test]
    fn naming_a_package_takes_the_place_of_the_workspace() {
        let options = parse("-- -p unix-connector").unwrap();
        let expected = ["test", "--no-fail-fast", "--all-features", "-p", "unix-connector", "--"];
        assert_eq!(options.cargo_test(), expected);
    }

    #[test]
    fn an_argument_before_the_dashes_is_refused_with_a_hint() {
        let error = parse("login").unwrap_err().to_string();
        assert!(error.contains("`login`") && error.contains("after `--`"), "{error}");
    }

    #[test]
    fn a_crash_and_a_process_left_behind_are_problems() {
        let crashed = tally(&["     Running tests/cli/main.rs (target/debug/deps/cli-0a)"]);
        assert_eq!(problems(&crashed, false), ["tests/cli/main.rs ended without a result"]);
        assert_eq!(problems(&tally(&[]), true).len(), 1);
    }
}
