//! The `unix-connector` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    connector::cli::run(unix_connector::integration())
}
