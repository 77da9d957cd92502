//! What ends a run early.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

/// A message for the user, and the exit status: 1 what was asked for failed, 2 a mistake in the command line, 3
/// something could not be read, written or started.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) status: u8,
    pub(crate) message: String,
}

impl Stop {
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self { status: 1, message: message.into() }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { status: 2, message: message.into() }
    }

    pub(crate) fn io(message: impl Into<String>) -> Self {
        Self { status: 3, message: message.into() }
    }

    /// A file or folder that an operation failed on.
    pub(crate) fn at(path: &Path, error: impl Display) -> Self {
        Self::io(format!("{}: {error}", path.display()))
    }

    /// A file or folder that could not be worked with: `what` is "read" or "write", for example.
    pub(crate) fn cannot(what: &str, path: &Path, error: impl Display) -> Self {
        Self::io(format!("cannot {what} {}: {error}", path.display()))
    }
}

impl From<&Stop> for ExitCode {
    fn from(stop: &Stop) -> Self {
        stop.status.into()
    }
}
