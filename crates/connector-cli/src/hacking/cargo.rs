//! How cargo is started.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::stop::Stop;

/// Cargo, run in a folder.
pub(crate) fn cargo(directory: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(directory).stdin(Stdio::null());
    cargo
}

/// Why cargo could not be started, and what to do about it.
pub(crate) fn cannot_run(error: &std::io::Error) -> Stop {
    match error.kind() {
        std::io::ErrorKind::NotFound => Stop::io(
            "cargo is not there: install Rust (https://rustup.rs), or set CARGO to the path of cargo",
        ),
        _ => Stop::io(format!("cargo cannot be started: {error}")),
    }
}
