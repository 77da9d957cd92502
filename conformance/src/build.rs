//! The executables that are run, and the place for what runs leave behind: both are cargo's to say.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

/// Cargo's target directory.
pub(crate) fn target_directory() -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let metadata = cargo(&["metadata", "--no-deps", "--format-version=1"])?;
    let metadata: Metadata =
        serde_json::from_slice(&metadata).context("cargo metadata is not as expected")?;
    Ok(metadata.target_directory)
}

/// Builds the mock connector and says where it is.
pub(crate) fn mock_connector() -> Result<PathBuf> {
    program("mock-connector", "mock-connector")
}

/// Returns the path of a package's program, and builds it unless `WORKSPACE_PROGRAMS` names the folder that has it.
pub(crate) fn program(package: &str, name: &str) -> Result<PathBuf> {
    if let Some(built) = std::env::var_os("WORKSPACE_PROGRAMS") {
        return Ok(Path::new(&built).join(name));
    }
    eprintln!("building {name}");
    let messages = cargo(&[
        "build",
        "--quiet",
        "--package",
        package,
        "--bin",
        name,
        "--message-format=json-render-diagnostics",
    ])?;
    executable(&messages).with_context(|| format!("cargo does not say where it has put {name}"))
}

/// The executable that cargo's messages name: one JSON document a line.
fn executable(messages: &[u8]) -> Option<PathBuf> {
    #[derive(Deserialize)]
    struct Message {
        executable: Option<PathBuf>,
    }
    let lines = messages.split(|byte| *byte == b'\n');
    lines.filter_map(|line| serde_json::from_slice::<Message>(line).ok()?.executable).next_back()
}

fn cargo(args: &[&str]) -> Result<Vec<u8>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let output = Command::new(cargo)
        .args(args)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    ensure!(output.status.success(), "cargo {} failed", args.first().unwrap_or(&""));
    Ok(output.stdout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_executable_is_told_from_libraries_and_other_messages() {
        let messages = br#"{"reason":"compiler-artifact","executable":null,"filenames":["a.rlib"]}
{"reason":"compiler-artifact","executable":"/target/debug/mock-connector"}
{"reason":"build-finished","success":true}
"#;
        assert_eq!(executable(messages), Some(PathBuf::from("/target/debug/mock-connector")));
        assert_eq!(executable(b"{\"reason\":\"build-finished\",\"success\":true}\n"), None);
    }
}
