//! Benchmarks that compare the SDK side by side with an alternative, in the same run. They print ratios; nothing passes
//! or fails.
//!
//! Before anything is timed, the responses of both sides are compared.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program's output")]

mod author;
mod by_hand;
mod cargo;
mod cold;
mod dispatch;
mod http;
mod memory;
mod paired;
mod peer;

use std::process::ExitCode;

const USAGE: &str = "\
Usage: bench [--no-peers] [author|cold|dispatch|http|memory]…   (default: all of them)

  author    build times and executable size of a scaffolded connector, compared with a program that uses the same
            libraries; takes minutes, and downloads dependencies
  cold      one command as a whole process, compared with a hand-written program and connector-py 3.2.0
  dispatch  a request from bytes to bytes, compared with a hand-written function that only uses serde
  http      `serve` under load, compared with a hand-written axum handler, connector-py 3.2.0 and 4.280.0 (requires wrk)
  memory    peak memory of a long listing after few and after many pages

  --no-peers  skip the Python releases. They require python3 with venv and, on the first run, the Python package
              index. If an environment cannot be created, that is reported and its comparison is skipped

Exit status:
  0  all benchmarks ran; their results do not matter
  1  a benchmark could not run
  2  the command line is invalid";

/// The benchmarks in the order in which they run by default.
const NAMES: [&str; 5] = ["memory", "cold", "dispatch", "http", "author"];

fn main() -> ExitCode {
    let mut names: Vec<String> = std::env::args().skip(1).collect();
    if names.iter().any(|name| name == "--help" || name == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let with_peers = !names.iter().any(|name| name == "--no-peers");
    names.retain(|name| name != "--no-peers");
    if let Some(unknown) = names.iter().find(|name| !NAMES.contains(&name.as_str())) {
        eprintln!("error: unknown benchmark `{unknown}`\n\n{USAGE}");
        return ExitCode::from(2);
    }
    if names.is_empty() {
        names = NAMES.map(str::to_owned).to_vec();
    }
    for name in &names {
        let result = match name.as_str() {
            "author" => author::run(),
            "cold" => cold::run(with_peers),
            "dispatch" => dispatch::run(),
            "http" => http::run(with_peers),
            _ => memory::run(),
        };
        if let Err(error) = result {
            eprintln!("bench: {error:#}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
