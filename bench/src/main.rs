//! Benchmarks, each side by side with a rival in one run. What is printed are ratios; nothing here passes or fails.
//!
//! Before anything is timed the answers of both sides are compared.

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
usage: bench [--no-peers] [author|cold|dispatch|http|memory]…   (all of them without a name)

  author    what an author waits for and ships: a scaffolded connector, built, tested, edited and made an executable,
            against a program of the same libraries; takes minutes, and what cargo has to fetch
  cold      one command, whole processes, against a hand-written program and connector-py 3.2.0
  dispatch  a request from bytes to bytes, against a hand-written function with serde alone
  http      `serve` under load, against a hand-written axum handler, connector-py 3.2.0 and 4.275.0 (needs wrk)
  memory    the peak of a long listing after few and after many pages

  --no-peers  without the Python releases. With them python3 and its venv module are needed, and on the first run the
              Python package index; an environment that cannot be made is said, and the rest goes on";

fn main() -> ExitCode {
    let mut wanted: Vec<String> = std::env::args().skip(1).collect();
    let with_peers = !wanted.iter().any(|name| name == "--no-peers");
    wanted.retain(|name| name != "--no-peers");
    if wanted.is_empty() {
        wanted = ["memory", "cold", "dispatch", "http", "author"].map(str::to_owned).to_vec();
    }
    for name in &wanted {
        let result = match name.as_str() {
            "author" => author::run(),
            "cold" => cold::run(with_peers),
            "dispatch" => dispatch::run(),
            "http" => http::run(with_peers),
            "memory" => memory::run(),
            _ => {
                eprintln!("{USAGE}");
                return ExitCode::from(2);
            }
        };
        if let Err(error) = result {
            eprintln!("bench: {error:#}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
