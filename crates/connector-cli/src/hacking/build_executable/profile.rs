//! The profile `dist`, which optimizes for size.

use std::fs;
use std::process::Command;

use crate::hacking::program::Program;

/// The profile, if the workspace doesn't define it. Panics unwind, because the SDK turns them into error responses.
const DIST: &[&str] = &[
    r#"inherits="release""#,
    r#"opt-level="z""#,
    r#"lto="fat""#,
    "codegen-units=1",
    "strip=true",
    r#"panic="unwind""#,
];

/// Defines the profile for this run of cargo, unless the workspace defines it.
pub(super) fn define(program: &Program, cargo: &mut Command) {
    let manifest = fs::read_to_string(program.workspace.join("Cargo.toml")).unwrap_or_default();
    if !has_dist(&manifest) {
        for setting in DIST {
            cargo.arg("--config").arg(format!("profile.dist.{setting}"));
        }
    }
}

fn has_dist(manifest: &str) -> bool {
    let manifest: toml::Table = toml::from_str(manifest).unwrap_or_default();
    manifest.get("profile").is_some_and(|profiles| profiles.get("dist").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profile_of_the_workspace_is_detected() {
        assert!(has_dist("[profile.dist]\ninherits = \"release\"\n"));
        assert!(!has_dist("[profile.release]\nlto = true\n"));
        assert!(!has_dist(""));
    }
}
