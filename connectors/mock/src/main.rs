//! The `mock-connector` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    connector::cli::run(mock_connector::integration())
}
