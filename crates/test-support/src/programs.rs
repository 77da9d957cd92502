//! The workspace's programs, for tests that run them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Returns the path of a package's program. Builds it first, unless `WORKSPACE_PROGRAMS` names the folder that contains
/// it, as `cargo xtask test` does.
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
    executable(&messages).expect("cargo reports the program's path")
}

/// The executable in cargo's messages, one JSON document per line.
fn executable(messages: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_executable_is_found_among_other_messages() {
        let messages = r#"{"reason":"compiler-artifact","executable":null,"filenames":["a.rlib"]}
{"reason":"compiler-artifact","executable":"/target/debug/mock-connector"}
{"reason":"build-finished","success":true}
"#;
        assert_eq!(executable(messages), Some(PathBuf::from("/target/debug/mock-connector")));
        assert_eq!(executable("{\"reason\":\"build-finished\",\"success\":true}\n"), None);
    }
}
