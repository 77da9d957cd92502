//! `cargo xtask`: every check of this repository behind one command.
//!
//! Each task is one file under `task/`, and one entry of [`TASKS`]. CI calls the same tasks as a developer does.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program prints")]

mod background;
mod group;
mod house;
mod libtest;
mod outcome;
mod report;
mod stream;
mod task;
mod workspace;

use std::process::ExitCode;

use outcome::{Outcome, Usage};
use workspace::Workspace;

/// A task: its name, its help and its function.
struct Task {
    /// The word after `cargo xtask`.
    name: &'static str,
    /// One line, shown in the list of tasks.
    help: &'static str,
    /// The text of `cargo xtask NAME --help`, after that line.
    usage: &'static str,
    run: fn(&Workspace, &[String]) -> anyhow::Result<Outcome>,
}

/// Every task, in the order that `cargo xtask` lists them.
const TASKS: &[Task] = &[
    Task {
        name: "test",
        help: "run the tests; with --system, those that need root, real servers or the network",
        usage: task::test::USAGE,
        run: task::test::run,
    },
    Task {
        name: "lint",
        help: "house rules, fmt, clippy on all feature sets, docs, deny, package",
        usage: task::lint::USAGE,
        run: task::lint::run,
    },
    Task {
        name: "bench",
        help: "run the benchmarks and print a table of ratios",
        usage: task::bench::USAGE,
        run: task::bench::run,
    },
    Task {
        name: "soak",
        help: "put the HTTP server under load for minutes, or build every connector that can be scaffolded",
        usage: task::soak::USAGE,
        run: task::soak::run,
    },
    Task {
        name: "package",
        help: "package and compile the crates that are published",
        usage: task::package::USAGE,
        run: task::package::run,
    },
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = args.split_first() else {
        print_tasks();
        return ExitCode::SUCCESS;
    };
    if matches!(name.as_str(), "--help" | "-h" | "help") {
        print_tasks();
        return ExitCode::SUCCESS;
    }
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        eprintln!("error: unknown task `{name}`; `cargo xtask` lists all tasks");
        return ExitCode::from(2);
    };
    if wants_help(rest) {
        println!("cargo xtask {}: {}\n\n{}", task.name, task.help, task.usage.trim_end());
        return ExitCode::SUCCESS;
    }
    match Workspace::find().and_then(|workspace| (task.run)(&workspace, rest)) {
        Ok(Outcome::Passed) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::FAILURE,
        Err(error) if error.is::<Usage>() => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether `--help` is given before any `--`. After it, `--help` belongs to the command that the task calls.
fn wants_help(args: &[String]) -> bool {
    args.iter().take_while(|arg| *arg != "--").any(|arg| arg == "--help" || arg == "-h")
}

fn print_tasks() {
    println!("cargo xtask TASK [OPTIONS]\n\nTasks:");
    let width = TASKS.iter().map(|task| task.name.len()).max().unwrap_or_default();
    for task in TASKS {
        println!("  {:width$}  {}", task.name, task.help);
    }
    println!("\n`cargo xtask TASK --help` describes a task.");
    println!("\nExit status:\n  0  the task passed\n  1  a step failed or could not run");
    println!("  2  the command line is invalid, or the task doesn't support this machine");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_task_has_one_line_of_help() {
        for task in TASKS {
            assert!(!task.help.is_empty() && !task.help.contains('\n'), "{}", task.name);
            assert!(task.usage.contains(&format!("cargo xtask {}", task.name)), "{}", task.name);
        }
    }

    #[test]
    fn help_after_the_double_dash_is_passed_on() {
        let args = |text: &str| text.split_whitespace().map(String::from).collect::<Vec<_>>();
        assert!(wants_help(&args("--system --help")));
        assert!(!wants_help(&args("--system -- -- --help")));
    }
}
