//! `cargo xtask test`: every test, with a count of what was skipped.

use crate::libtest::Tally;
use crate::outcome::{Outcome, Usage};
use crate::report::{Report, Step};
use crate::stream::stream;
use crate::task::{manifests, system};
use crate::workspace::Workspace;

pub(crate) const USAGE: &str = "\
Usage: cargo xtask test [--system] [-- CARGO_TEST_ARGS [-- LIBTEST_ARGS]]

Runs every test of the workspace, doc tests included, and ends with the names of the skipped tests and the
counts. Without --system it needs a Rust toolchain and nothing else, as any user. Skipped are the tests that
need more; those are run by --system.

  --system   on Debian, as root: installs what the tests need, runs the skipped tests too, with all
             features, compares with the published Python releases and validates the manifests; a test that is
             still skipped is then a failure

Arguments after `--` go to `cargo test`:
  cargo xtask test -- page_token              the tests whose name has `page_token`
  cargo xtask test -- -p unix-connector       one package
  cargo xtask test -- login -- --nocapture    with the output of tests that pass
";

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
    if options.system {
        command.env(system::VARIABLE, "1");
    }
    let streamed = stream(command, &mut std::io::stdout(), |line| tally.line(line))?;
    tally.close();
    if streamed.status.success() {
        tally.unfinished.clear(); // `-- --list` prints no result either
    }
    let problems = problems(tally, options.system, streamed.left_a_process);
    if problems.is_empty() && !streamed.status.success() {
        return Ok(Step::Failed(format!("cargo test ended with {}", streamed.status)));
    }
    Ok(Step::passed_or(problems.is_empty(), || problems.join("; ")))
}

/// All that is wrong with a run, besides an exit status that nothing printed explains.
fn problems(tally: &Tally, system: bool, left_a_process: bool) -> Vec<String> {
    let mut problems = Vec::new();
    if tally.failed > 0 {
        problems.push(format!("{} failed", tally.failed));
    }
    problems.extend(tally.unfinished.iter().map(|program| format!("{program} ended without a result")));
    if system && tally.skipped > 0 {
        problems.push(format!("{} skipped, and --system allows none", tally.skipped));
    }
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
        println!("\n{} tests were left out by the filter", tally.filtered);
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

    fn cargo_test(&self) -> Vec<&str> {
        let picks_packages =
            self.cargo_args.iter().any(|arg| arg.starts_with("-p") || arg.starts_with("--package"));
        let mut args = vec!["test", "--no-fail-fast"];
        if !picks_packages {
            args.push("--workspace");
        }
        if self.system {
            // What needs a feature that is not on by default is tested as well.
            args.push("--all-features");
        }
        args.extend(self.cargo_args.iter().map(String::as_str));
        args.push("--");
        if self.system {
            args.push("--include-ignored");
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
        assert_eq!(options.cargo_test(), ["test", "--no-fail-fast", "--workspace", "--"]);
        assert!(options.covers_everything());
    }

    #[test]
    fn a_system_run_includes_the_ignored_tests() {
        let options = parse("--system").unwrap();
        let expected = ["test", "--no-fail-fast", "--workspace", "--all-features", "--", "--include-ignored"];
        assert_eq!(options.cargo_test(), expected);
    }

    #[test]
    fn arguments_after_the_dashes_go_to_cargo_and_then_to_libtest() {
        let options = parse("-- login -- --nocapture").unwrap();
        assert_eq!(
            options.cargo_test(),
            ["test", "--no-fail-fast", "--workspace", "login", "--", "--nocapture"]
        );
        assert!(!options.covers_everything());
    }

    #[test]
    fn naming_a_package_takes_the_place_of_the_workspace() {
        let options = parse("-- -p unix-connector").unwrap();
        assert_eq!(options.cargo_test(), ["test", "--no-fail-fast", "-p", "unix-connector", "--"]);
    }

    #[test]
    fn an_argument_before_the_dashes_is_refused_with_a_hint() {
        let error = parse("login").unwrap_err().to_string();
        assert!(error.contains("`login`") && error.contains("after `--`"), "{error}");
    }

    #[test]
    fn a_skip_fails_only_a_system_run() {
        let skipped = tally(&["test a ... ignored", "test result: ok. 3 passed; 0 failed; 1 ignored"]);
        assert!(problems(&skipped, false, false).is_empty());
        assert_eq!(problems(&skipped, true, false), ["1 skipped, and --system allows none"]);
    }

    #[test]
    fn a_crash_and_a_process_left_behind_are_problems() {
        let crashed = tally(&["     Running tests/cli/main.rs (target/debug/deps/cli-0a)"]);
        assert_eq!(problems(&crashed, false, false), ["tests/cli/main.rs ended without a result"]);
        assert_eq!(problems(&tally(&[]), false, true).len(), 1);
    }
}
