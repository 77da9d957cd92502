//! Replaces this process with another program.

use std::process::{Command, ExitCode};

use crate::stop::Stop;

/// Replaces this process with the program. Signals then reach the program, and its exit status is ours.
#[cfg(unix)]
pub(super) fn exec(program: &mut Command) -> Result<ExitCode, Stop> {
    use std::os::unix::process::CommandExt as _;
    let error = program.exec();
    Err(Stop::io(format!("{} cannot be started: {error}", program.get_program().display())))
}

/// Runs the program and returns its exit status. Both processes receive Ctrl-C from the console.
#[cfg(not(unix))]
pub(super) fn exec(program: &mut Command) -> Result<ExitCode, Stop> {
    match program.status() {
        Ok(status) => Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1).into()),
        Err(error) => {
            Err(Stop::io(format!("{} cannot be started: {error}", program.get_program().display())))
        }
    }
}
