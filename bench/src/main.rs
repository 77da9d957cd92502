//! Benchmarks, each side by side with a rival in one run. What is printed are ratios; nothing here passes or fails.
//!
//! Before anything is timed the answers of both sides are compared.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program's output")]

mod by_hand;
mod dispatch;
mod paired;

use std::process::ExitCode;

const USAGE: &str = "\
usage: bench [dispatch]…

  dispatch  a request from bytes to bytes, against a hand-written function with serde alone";

fn main() -> ExitCode {
    let mut wanted: Vec<String> = std::env::args().skip(1).collect();
    if wanted.is_empty() {
        wanted = vec!["dispatch".to_owned()];
    }
    for name in &wanted {
        let result = match name.as_str() {
            "dispatch" => dispatch::run(),
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
