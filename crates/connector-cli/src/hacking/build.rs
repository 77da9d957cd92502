//! Builds a program with cargo.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use serde::Deserialize;

use super::cargo::{cannot_run, cargo};
use super::program::Program;
use crate::stop::Stop;

/// The fields of a cargo message that are used here.
#[derive(Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
}

/// Feature flags, the same as cargo's.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Features {
    /// Features to activate
    #[arg(short = 'F', long, value_name = "FEATURES")]
    features: Vec<String>,
    /// Activate all features
    #[arg(long)]
    all_features: bool,
    /// Do not activate the default features
    #[arg(long)]
    no_default_features: bool,
}

impl Features {
    /// Passes the flags to cargo.
    pub(super) fn apply(&self, cargo: &mut Command) {
        for features in &self.features {
            cargo.args(["--features", features]);
        }
        if self.all_features {
            cargo.arg("--all-features");
        }
        if self.no_default_features {
            cargo.arg("--no-default-features");
        }
    }
}

/// Builds a program and returns the path of its executable. Compiler messages go to stderr.
pub(super) fn build(
    program: &Program,
    directory: &Path,
    adjust: impl FnOnce(&mut Command),
) -> Result<PathBuf, Stop> {
    let mut build = cargo(directory);
    build.args(["build", "--message-format", "json-render-diagnostics", "--bin", &program.name]);
    build.arg("--manifest-path").arg(&program.manifest);
    adjust(&mut build);
    let mut child = build.stdout(Stdio::piped()).spawn().map_err(|error| cannot_run(&error))?;
    let lines = child.stdout.take().map(BufReader::new).into_iter().flat_map(|messages| messages.lines());
    let mut found = None;
    for line in lines.map_while(Result::ok) {
        found = executable(&line, &program.name).or(found);
    }
    let status = child.wait().map_err(|error| Stop::io(format!("cannot wait for cargo: {error}")))?;
    if !status.success() {
        return Err(Stop::failed(format!("{} could not be built", program.name)));
    }
    found.ok_or_else(|| Stop::io(format!("cargo did not report the path of {}", program.name)))
}

/// The path of the executable, if the message reports the program of this name.
fn executable(message: &str, name: &str) -> Option<PathBuf> {
    // Build scripts and macros may print other lines.
    let message: Message = serde_json::from_str(message).ok()?;
    let target = message.target?;
    let is_program = message.reason == "compiler-artifact"
        && target.name == name
        && target.kind.iter().any(|kind| kind == "bin");
    message.executable.filter(|_| is_program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executable_path_comes_from_cargo_messages() {
        let parse = |kind: &str, name: &str| {
            let target = format!(r#""target":{{"kind":["{kind}"],"name":"{name}","doc":true}}"#);
            let line =
                format!(r#"{{"reason":"compiler-artifact",{target},"executable":"/t/x","fresh":true}}"#);
            executable(&line, "acme")
        };
        assert_eq!(parse("bin", "acme"), Some(PathBuf::from("/t/x")));
        assert_eq!(parse("bin", "other"), None);
        assert_eq!(parse("test", "acme"), None);
        assert_eq!(executable("not json", "acme"), None);
        assert_eq!(executable(r#"{"reason":"build-finished","success":true}"#, "acme"), None);
    }
}
