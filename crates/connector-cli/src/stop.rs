//! [`Stop`]: an error that ends a run.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

/// A message for the user and an exit status: 1 if the command failed, 2 if the command line is invalid, 3 if something
/// cannot be read, written or started.
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

    /// An operation on a file or folder failed.
    pub(crate) fn at(path: &Path, error: impl Display) -> Self {
        Self::io(format!("{}: {error}", path.display()))
    }

    /// The operation `what` failed on a file or folder: "read" or "write", for example.
    pub(crate) fn cannot(what: &str, path: &Path, error: impl Display) -> Self {
        Self::io(format!("cannot {what} {}: {error}", path.display()))
    }
}

impl From<&Stop> for ExitCode {
    fn from(stop: &Stop) -> Self {
        stop.status.into()
    }
}
