//! Runs cargo.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::stop::Stop;

/// A cargo command that runs in a folder.
pub(crate) fn cargo(directory: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(directory).stdin(Stdio::null());
    cargo
}

/// The error if cargo cannot be started, with a hint.
pub(crate) fn cannot_run(error: &std::io::Error) -> Stop {
    match error.kind() {
        std::io::ErrorKind::NotFound => Stop::io(
            "cargo is not installed: install Rust (https://rustup.rs), or set CARGO to the path of cargo",
        ),
        _ => Stop::io(format!("cargo cannot be started: {error}")),
    }
}
