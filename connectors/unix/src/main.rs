//! The `unix-connector` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    let code = connector::cli::run(unix_connector::integration());
    unix_connector::write::finish();
    code
}
