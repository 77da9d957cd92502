//! What goes to stdout.

use std::io::{self, Write as _};

use crate::stop::Stop;

/// Writes to stdout.
///
/// # Errors
/// If that fails. The message is empty if the reader has gone away.
pub(crate) fn print(output: &[u8]) -> Result<(), Stop> {
    io::stdout().lock().write_all(output).map_err(|error| {
        let is_gone = error.kind() == io::ErrorKind::BrokenPipe;
        Stop::io(if is_gone { String::new() } else { format!("cannot write to stdout: {error}") })
    })
}
