//! Writing to stdout.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::stop::Stop;

/// Writes to stdout and returns the exit status for success.
///
/// # Errors
/// If writing fails. The message is empty if the reader closed the pipe.
pub(crate) fn print(output: &[u8]) -> Result<ExitCode, Stop> {
    io::stdout().lock().write_all(output).map(|()| ExitCode::SUCCESS).map_err(|error| {
        let is_closed = error.kind() == io::ErrorKind::BrokenPipe;
        Stop::io(if is_closed { String::new() } else { format!("cannot write to stdout: {error}") })
    })
}
