//! `cargo xtask test`: all tests, with a count of those that were skipped.

use std::num::NonZero;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::libtest::Tally;
use crate::outcome::{Outcome, Usage};
use crate::report::{Report, Step};
use crate::stream::stream;
use crate::task::soak::scaffold;
use crate::task::system;
use crate::workspace::{Workspace, succeeds};

pub(crate) const USAGE: &str = "\
Usage: cargo xtask test [--system] [-- CARGO_TEST_ARGS [-- LIBTEST_ARGS]]

Runs the tests of the workspace with all features, including doc tests. Ends with the slowest test programs, the
names of the skipped tests, and the counts. It needs a Rust toolchain and a C compiler, and runs as any user. Tests
that need more are skipped.

  --system   run only the tests that are skipped otherwise. Runs on Debian, as root, and installs what they need.
             Also compares with the published Python releases and validates the Kubernetes manifests

Arguments after `--` go to `cargo test`:
  cargo xtask test -- page_token              the tests with `page_token` in their name
  cargo xtask test -- -p unix-connector       one package
  cargo xtask test -- login -- --nocapture    show the output of tests that pass too
";

/// The folder of the workspace's programs. It is set if all tests run, because then cargo has built every program.
pub(crate) const PROGRAMS: &str = "WORKSPACE_PROGRAMS";

/// The prefixes of variables that configure a connector. The user's own must not change what a test sees.
const CONNECTOR_PREFIXES: [&str; 2] = ["CONNECTOR_", "LUMOS_"];

/// How many tests of a program run at the same time: a variable of libtest. Many tests wait for a server, a process or
/// a timeout, so one per core, the default, would leave cores idle.
const THREADS: &str = "RUST_TEST_THREADS";
const TESTS_PER_CORE: usize = 2;

/// Selects every test. It is the same with and without `--system`, which saves a second build.
pub(crate) const EVERYTHING: [&str; 2] = ["--workspace", "--all-features"];

pub(crate) fn run(workspace: &Workspace, args: &[String]) -> anyhow::Result<Outcome> {
    let options = Options::parse(args)?;
    let mut report = Report::default();
    let mut tally = Tally::default();
    if options.system {
        system::require_debian_and_root()?;
    }
    if options.system && options.covers_everything() {
        system::run(workspace, &options, &mut report, &mut tally)?;
    } else if options.system {
        report.step("Debian packages", || system::install_packages(workspace));
        cargo_test(workspace, &options, &mut report, &mut tally);
        report
            .step("conformance and manifests", || Ok(Step::NotRun("the arguments select tests".to_owned())));
    } else {
        cargo_test(workspace, &options, &mut report, &mut tally);
    }
    let outcome = report.finish();
    print(&tally, &options);
    Ok(outcome)
}

/// Builds all tests, and with them the programs of the workspace. Whether they compile.
///
/// # Errors
/// If cargo can't be started.
pub(crate) fn build(workspace: &Workspace) -> anyhow::Result<bool> {
    succeeds(workspace.cargo(["test", "--no-run"]).args(EVERYTHING))
}

/// The step that runs the tests in the foreground.
pub(crate) fn cargo_test(workspace: &Workspace, options: &Options, report: &mut Report, tally: &mut Tally) {
    report.step("cargo test", || test(workspace, options, tally));
    report.slowest(std::mem::take(&mut tally.times));
}

fn test(workspace: &Workspace, options: &Options, tally: &mut Tally) -> anyhow::Result<Step> {
    let mut command = workspace.cargo(options.cargo_test());
    without_connector_variables(&mut command);
    if std::env::var_os(THREADS).is_none() {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        command.env(THREADS, (cores * TESTS_PER_CORE).to_string());
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

/// Keeps variables that configure a connector from a command that calls connectors.
pub(crate) fn without_connector_variables(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if CONNECTOR_PREFIXES.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            command.env_remove(name);
        }
    }
}

/// Where cargo puts the programs that it builds together with the tests.
pub(crate) fn programs(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    Ok(workspace.metadata()?.target_directory.join("debug"))
}

/// Everything that is wrong with a run, except for an exit status that no output explains.
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
            if options.covers_everything() { "run without --system" } else { "did not match the filter" };
        println!("\n{} tests {why}", tally.filtered);
    }
    println!("\n{tally}");
}

/// The arguments, grouped by the program that they are for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
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
        let [workspace, features] = EVERYTHING;
        let mut args = vec!["test", "--no-fail-fast", features];
        if !self.picks_packages() {
            args.push(workspace);
        }
        if self.system && self.covers_everything() {
            args.push("--tests"); // no example in the docs is ignored, but all of them would be compiled
        }
        args.extend(self.cargo_args.iter().map(String::as_str));
        args.push("--");
        if self.system {
            args.push("--ignored");
        }
        if self.system && self.covers_everything() {
            args.extend(["--skip", scaffold::TEST]); // it runs in the background
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
    fn a_plain_run_covers_the_workspace_without_the_ignored_tests() {
        let options = parse("").unwrap();
        assert_eq!(options.cargo_test(), ["test", "--no-fail-fast", "--all-features", "--workspace", "--"]);
        assert!(options.covers_everything());
    }

    #[test]
    fn a_system_run_covers_the_ignored_tests_but_the_one_in_the_background() {
        let options = parse("--system").unwrap();
        let expected =
            ["test", "--no-fail-fast", "--all-features", "--workspace", "--tests", "--", "--ignored"];
        assert_eq!(options.cargo_test(), [&expected[..], &["--skip", scaffold::TEST]].concat());
        let options = parse("--system -- -p unix-connector").unwrap();
        assert_eq!(options.cargo_test().last(), Some(&"--ignored"));
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
    fn a_package_replaces_the_workspace() {
        let options = parse("-- -p unix-connector").unwrap();
        let expected = ["test", "--no-fail-fast", "--all-features", "-p", "unix-connector", "--"];
        assert_eq!(options.cargo_test(), expected);
    }

    #[test]
    fn an_argument_before_the_dashes_is_rejected_with_a_hint() {
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
