//! Runs cargo in this workspace.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

/// Runs cargo and returns its stdout. Its stderr is passed on.
pub(crate) fn cargo(args: &[&str]) -> Result<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(args)
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run cargo")?;
    ensure!(output.status.success(), "cargo {} failed, see above", args.first().unwrap_or(&""));
    Ok(String::from_utf8(output.stdout)?)
}
