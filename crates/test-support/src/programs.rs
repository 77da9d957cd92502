//! Programs of this workspace, for tests that run them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where the program of a package is. It is built unless `WORKSPACE_PROGRAMS` names the folder that has it, as
/// `cargo xtask test` does.
pub fn program(package: &str, name: &str) -> PathBuf {
    if let Some(programs) = std::env::var_os("WORKSPACE_PROGRAMS") {
        return Path::new(&programs).join(name);
    }
    let build = ["build", "--quiet", "--package", package, "--bin", name];
    let output = Command::new(env!("CARGO"))
        .args(build)
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{name} does not compile");
    let messages = String::from_utf8(output.stdout).expect("UTF-8");
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .next_back()
        .expect("cargo says where the program is")
}
