//! Finds the program to build, from `cargo metadata`.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde::Deserialize;

use super::cargo::{cannot_run, cargo};
use crate::stop::Stop;

/// A program of a crate.
pub(super) struct Program {
    pub(super) manifest: PathBuf,
    pub(super) name: String,
    /// Name of the crate.
    pub(super) package: String,
    pub(super) version: String,
    /// Folder of the workspace's manifest; the crate's own folder if it has no workspace.
    pub(super) workspace: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    manifest_path: PathBuf,
    default_run: Option<String>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
}

/// Finds the program in the crate that contains `directory`.
pub(super) fn find(directory: &Path, requested: Option<&str>) -> Result<Program, Stop> {
    let manifest = locate(directory)?;
    let mut metadata = cargo(directory);
    metadata.args(["metadata", "--no-deps", "--format-version", "1"]);
    let output = metadata.stderr(Stdio::inherit()).output().map_err(|error| cannot_run(&error))?;
    if !output.status.success() {
        return Err(Stop::usage(format!("cargo could not read {}", manifest.display())));
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout).map_err(|error| {
        Stop::io(format!("unexpected output from cargo metadata for {}: {error}", manifest.display()))
    })?;
    let Some(package) = metadata.packages.iter().find(|package| same_file(&package.manifest_path, &manifest))
    else {
        let members: Vec<&str> = metadata
            .packages
            .iter()
            .filter(|package| package.programs().next().is_some())
            .map(|package| package.name.as_str())
            .collect();
        return Err(Stop::usage(format!(
            "{} is a workspace with several crates: choose the connector's folder with --directory; crates with \
             programs: {}",
            directory.display(),
            members.join(", ")
        )));
    };
    let name = package.choose(requested).map_err(Stop::usage)?;
    Ok(Program {
        manifest,
        name,
        package: package.name.clone(),
        version: package.version.clone(),
        workspace: metadata.workspace_root,
    })
}

/// Path of the manifest in this folder or in the closest folder above it.
///
/// # Errors
/// If there is none.
pub(crate) fn locate(directory: &Path) -> Result<PathBuf, Stop> {
    if !directory.is_dir() {
        return Err(Stop::usage(format!("no such folder: {}", directory.display())));
    }
    let mut locate = cargo(directory);
    locate.args(["locate-project", "--message-format", "plain"]).stderr(Stdio::null());
    let output = locate.output().map_err(|error| cannot_run(&error))?;
    let path = String::from_utf8_lossy(&output.stdout);
    match path.trim_end() {
        path if output.status.success() && !path.is_empty() => Ok(path.into()),
        _ => Err(Stop::usage(format!("no Cargo.toml in {} or a folder above it", directory.display()))),
    }
}

impl Package {
    fn programs(&self) -> impl Iterator<Item = &str> {
        let is_program = |target: &&Target| target.kind.iter().any(|kind| kind == "bin");
        self.targets.iter().filter(is_program).map(|target| target.name.as_str())
    }

    /// The requested program, or the one that `cargo run` would run.
    fn choose(&self, requested: Option<&str>) -> Result<String, String> {
        let programs: Vec<&str> = self.programs().collect();
        let all = programs.join(", ");
        match (requested.or(self.default_run.as_deref()), programs.as_slice()) {
            (_, []) => Err(format!("the crate {} has no program: no src/main.rs", self.name)),
            (Some(requested), programs) if programs.contains(&requested) => Ok(requested.to_owned()),
            (Some(requested), _) => {
                Err(format!("the crate {} has no program {requested}; it has {all}", self.name))
            }
            (None, [only]) => Ok((*only).to_owned()),
            (None, _) => Err(format!(
                "the crate {} has several programs: choose one with --bin ({all}), or set default-run in its Cargo.toml",
                self.name
            )),
        }
    }
}

fn same_file(one: &Path, other: &Path) -> bool {
    one == other || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(programs: &[&str], default_run: Option<&str>) -> Package {
        let program = |name: &&str| Target { kind: vec!["bin".to_owned()], name: (*name).to_owned() };
        let library = Target { kind: vec!["lib".to_owned()], name: "library".to_owned() };
        Package {
            name: "acme".to_owned(),
            version: "0.1.0".to_owned(),
            manifest_path: PathBuf::new(),
            default_run: default_run.map(str::to_owned),
            targets: programs.iter().map(program).chain([library]).collect(),
        }
    }

    #[test]
    fn requested_program_wins_over_default_run() {
        assert_eq!(package(&["one"], None).choose(None).as_deref(), Ok("one"));
        assert_eq!(package(&["one", "two"], Some("two")).choose(None).as_deref(), Ok("two"));
        assert_eq!(package(&["one", "two"], Some("two")).choose(Some("one")).as_deref(), Ok("one"));
    }

    #[test]
    fn errors_list_the_programs() {
        let message = package(&["one", "two"], None).choose(None).unwrap_err();
        assert!(message.contains("--bin (one, two)"), "{message}");
        let message = package(&["one"], None).choose(Some("library")).unwrap_err();
        assert!(message.contains("no program library; it has one"), "{message}");
        let message = package(&[], None).choose(None).unwrap_err();
        assert!(message.contains("no src/main.rs"), "{message}");
    }
}
