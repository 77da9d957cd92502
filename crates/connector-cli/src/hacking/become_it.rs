//! Makes this process another program.

use std::process::{Command, ExitCode};

use crate::stop::Stop;

/// Makes this process the program, so that signals reach it and its exit status is this one's.
#[cfg(unix)]
pub(super) fn become_it(program: &mut Command) -> Result<ExitCode, Stop> {
    use std::os::unix::process::CommandExt as _;
    let error = program.exec();
    Err(Stop::io(format!("{} cannot be started: {error}", program.get_program().display())))
}

/// Runs the program. It gets the console's Ctrl-C as this process does.
#[cfg(not(unix))]
pub(super) fn become_it(program: &mut Command) -> Result<ExitCode, Stop> {
    match program.status() {
        Ok(status) => Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1).into()),
        Err(error) => {
            Err(Stop::io(format!("{} cannot be started: {error}", program.get_program().display())))
        }
    }
}
