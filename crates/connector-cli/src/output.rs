//! What goes to stdout.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::stop::Stop;

/// Writes to stdout. Gives the exit status of a run that ends with it.
///
/// # Errors
/// If that fails. The message is empty if the reader has gone away.
pub(crate) fn print(output: &[u8]) -> Result<ExitCode, Stop> {
    io::stdout().lock().write_all(output).map(|()| ExitCode::SUCCESS).map_err(|error| {
        let is_gone = error.kind() == io::ErrorKind::BrokenPipe;
        Stop::io(if is_gone { String::new() } else { format!("cannot write to stdout: {error}") })
    })
}
