//! The connector in the wire format that the on-premise agent requires. `connector compile-on-prem` packs it.

#![expect(clippy::print_stderr, reason = "a program's output")]

use std::process::ExitCode;

use connector::Wire;

fn main() -> ExitCode {
    match mock_connector::integration().with_wire(Wire::OpenApi) {
        Ok(integration) => connector::cli::run(integration),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
