//! Lists the crates that an executable consists of.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde::Deserialize;

use crate::hacking::build::Features;
use crate::hacking::cargo::{cannot_run, cargo};
use crate::hacking::program::Program;
use crate::stop::Stop;

/// A crate that is compiled into the executable.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) license: Option<String>,
    pub(super) license_file: Option<PathBuf>,
    /// Folder of its manifest.
    pub(super) folder: PathBuf,
    /// Where cargo gets it from; `None` for a path dependency.
    pub(super) source: Option<String>,
    pub(super) repository: Option<String>,
    /// SHA-256 of its archive, in hexadecimal.
    pub(super) checksum: Option<String>,
    /// Whether it belongs to the connector's workspace.
    pub(super) is_own: bool,
    /// Indexes of its direct dependencies.
    pub(super) uses: BTreeSet<usize>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    license_file: Option<PathBuf>,
    manifest_path: PathBuf,
    source: Option<String>,
    repository: Option<String>,
}

#[derive(Deserialize)]
struct LockFile {
    #[serde(default)]
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
}

/// The crates of a program built for `target`, starting with the program's own. Crates that are only used during the
/// build are not included: build scripts, macros and their dependencies.
pub(super) fn collect(
    program: &Program,
    directory: &Path,
    target: &str,
    features: &Features,
) -> Result<Vec<Part>, Stop> {
    let run_cargo = |arguments: &[&str]| -> Result<Vec<u8>, Stop> {
        let mut command = cargo(directory);
        command.args(arguments).arg("--manifest-path").arg(&program.manifest).stderr(Stdio::inherit());
        features.apply(&mut command);
        let output = command.output().map_err(|error| cannot_run(&error))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(Stop::io(format!("cargo {} failed", arguments.first().unwrap_or(&""))))
    };
    let metadata = run_cargo(&["metadata", "--format-version", "1"])?;
    let metadata: Metadata = serde_json::from_slice(&metadata).map_err(|error| {
        Stop::io(format!("unexpected output from cargo metadata for {}: {error}", program.package))
    })?;
    let package = format!("{}@{}", program.package, program.version);
    let tree = run_cargo(&[
        "tree",
        "--package",
        &package,
        "--edges",
        "normal,no-proc-macro",
        "--target",
        target,
        "--prefix",
        "depth",
        "--format",
        " {p}",
    ])?;
    let locked = fs::read_to_string(program.workspace.join("Cargo.lock")).unwrap_or_default();
    let locked: LockFile =
        toml::from_str(&locked).map_err(|error| Stop::io(format!("cannot parse Cargo.lock: {error}")))?;
    let nodes = nodes(&String::from_utf8_lossy(&tree));
    nodes.into_iter().map(|node| part(node, &metadata, &locked)).collect()
}

/// A crate in the dependency tree.
#[derive(Debug, PartialEq, Eq)]
struct Node {
    name: String,
    version: String,
    /// Its source, if cargo prints it: a folder, or the URL of a repository.
    place: Option<String>,
    uses: BTreeSet<usize>,
}

/// Parses lines like `2 serde v1.0.229 (*)`. The dependencies of a crate follow only where it is first mentioned.
fn nodes(tree: &str) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut above: Vec<usize> = Vec::new();
    for line in tree.lines() {
        let Some((depth, crate_)) = line.split_once(' ') else { continue };
        let Ok(depth) = depth.parse::<usize>() else { continue };
        let crate_ = crate_.trim_end().trim_end_matches(" (*)");
        let Some((name, rest)) = crate_.split_once(" v") else { continue };
        let (version, place) = match rest.split_once(" (") {
            Some((version, place)) => (version, Some(place.trim_end_matches(')').to_owned())),
            None => (rest, None),
        };
        let at = *known.entry(crate_.to_owned()).or_insert_with(|| {
            let (name, version) = (name.to_owned(), version.to_owned());
            nodes.push(Node { name, version, place, uses: BTreeSet::new() });
            nodes.len() - 1
        });
        above.truncate(depth);
        if let Some(user) = above.last() {
            nodes[*user].uses.insert(at);
        }
        above.push(at);
    }
    nodes
}

fn part(node: Node, metadata: &Metadata, locked: &LockFile) -> Result<Part, Stop> {
    let Node { name, version, place, uses } = node;
    let with_name = || metadata.packages.iter().filter(|p| p.name == name && p.version == version);
    let is_from = |package: &&Package| match &place {
        Some(place) => {
            let folder = package.manifest_path.parent().is_some_and(|folder| folder == Path::new(place));
            let stem = place.split(['?', '#']).next().unwrap_or(place);
            folder || package.source.as_ref().is_some_and(|source| source.contains(stem))
        }
        None => package.source.as_ref().is_some_and(|source| source.starts_with("registry")),
    };
    let package = with_name()
        .find(is_from)
        .or_else(|| with_name().next())
        .ok_or_else(|| Stop::io(format!("{name} {version} is missing from the output of cargo metadata")))?;
    let is_locked = |locked: &&Locked| {
        locked.name == name && locked.version == version && locked.source == package.source
    };
    let checksum = locked.package.iter().find(is_locked).and_then(|locked| locked.checksum.clone());
    Ok(Part {
        license: package.license.clone(),
        license_file: package.license_file.clone(),
        folder: package.manifest_path.parent().unwrap_or(Path::new("")).to_owned(),
        source: package.source.clone(),
        repository: package.repository.clone(),
        checksum,
        is_own: metadata.workspace_members.contains(&package.id),
        name,
        version,
        uses,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tree_is_parsed_with_dependencies() {
        let tree = "0 acme v0.1.0 (/home/ada/acme)\n1 serde v1.0.1\n2 serde_core v1.0.1\n1 itoa v1.0.0\n\
                    1 serde_json v1.0.9\n2 itoa v1.0.0\n2 serde v1.0.1 (*)\n\n";
        let nodes = nodes(tree);
        let actual: Vec<(&str, Vec<usize>)> =
            nodes.iter().map(|node| (node.name.as_str(), node.uses.iter().copied().collect())).collect();
        let expected = [
            ("acme", vec![1, 3, 4]),
            ("serde", vec![2]),
            ("serde_core", vec![]),
            ("itoa", vec![]),
            ("serde_json", vec![1, 3]),
        ];
        assert_eq!(actual, expected);
        assert_eq!(nodes[0].place.as_deref(), Some("/home/ada/acme"));
        assert_eq!((nodes[1].version.as_str(), &nodes[1].place), ("1.0.1", &None));
    }
}
