//! Connectors in a workspace, and next to one.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::{files, scaffolded};

const AT: &str = "projects/connectors/acme";

/// A folder with this `Cargo.toml`.
fn folder_with(manifest: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("Cargo.toml"), manifest).expect("a file");
    folder
}

/// Runs `cargo metadata` in `folder`.
fn cargo(folder: &Path) -> Output {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(folder);
    cargo.env_remove("CARGO_TARGET_DIR").output().expect("it runs")
}

/// The root of the workspace around `folder`, and the names of its members.
fn workspace_of(folder: &Path) -> (String, Vec<String>) {
    let output = cargo(folder);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let packages = metadata["packages"].as_array().expect("a list");
    (text(&metadata["workspace_root"]), packages.iter().map(|package| text(&package["name"])).collect())
}

#[test]
fn a_folder_that_matches_members_becomes_a_member() {
    for manifest in [
        "[workspace]\nresolver = \"3\"\nmembers = [\"projects/connectors/*\"]\n\
         [workspace.dependencies]\nserde = \"1\"\n[profile.release]\nlto = true\n",
        "[workspace]\nresolver = \"3\"\nmembers = [\"tools\", \"projects/*/*\"]\ndefault-members = [\"tools\"]\n",
        "[package]\nname = \"parent\"\nedition = \"2024\"\n[workspace]\nmembers = [\"projects/connectors/acme\"]\n",
    ] {
        let folder = folder_with(manifest);
        for path in ["src", "tools/src"] {
            fs::create_dir_all(folder.path().join(path)).unwrap();
            fs::write(folder.path().join(path).join("lib.rs"), "").unwrap();
        }
        fs::write(
            folder.path().join("tools/Cargo.toml"),
            "[package]\nname = \"tools\"\nedition = \"2024\"\n",
        )
        .unwrap();
        let root = folder.path().canonicalize().unwrap();
        let run = scaffolded(folder.path(), &["acme", AT]);
        assert!(
            run.stdout.contains(&format!("It is a member of the workspace in {}", root.display())),
            "{run:?}"
        );
        for place in [root.clone(), root.join(AT)] {
            let (workspace, names) = workspace_of(&place);
            assert_eq!(Path::new(&workspace), root);
            assert!(names.contains(&"acme".to_owned()), "{names:?}");
        }
        let files = files(&root.join(AT));
        let manifest: toml::Table = toml::from_str(&files["Cargo.toml"]).unwrap();
        assert!(!manifest.contains_key("workspace") && !manifest.contains_key("profile"));
        assert!(files["README.md"].contains("[profile.release]"), "{}", files["README.md"]);
        assert!(files["README.md"].contains("workspace in `../../..`"), "{}", files["README.md"]);
        // The image is built in the workspace, where Docker looks for another ignore file.
        assert!(files["Dockerfile"].contains("--file projects/connectors/acme/Dockerfile --tag acme ."));
        assert!(files["Dockerfile"].contains("--package acme"));
        assert!(files.contains_key("Dockerfile.dockerignore") && !files.contains_key(".dockerignore"));
        let ci = &files[".github/workflows/ci.yml"];
        assert!(
            ci.contains("cargo test --package acme") && ci.contains("only in the repository's root"),
            "{ci}"
        );
    }
}

#[test]
fn examples_in_a_workspace_have_unique_names() {
    let folder = folder_with("[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n");
    let mut names = Vec::new();
    for name in ["acme", "hub"] {
        scaffolded(folder.path(), &[name, name]);
    }
    let metadata: Value = serde_json::from_slice(&cargo(folder.path()).stdout).unwrap();
    for package in metadata["packages"].as_array().unwrap() {
        let targets = package["targets"].as_array().unwrap();
        names.extend(
            targets
                .iter()
                .filter(|target| target["kind"][0] == "example")
                .map(|target| target["name"].clone()),
        );
    }
    assert_eq!(names, ["acme-upstream", "hub-upstream"]);
}

#[test]
fn other_folders_are_their_own_workspace() {
    for (manifest, expected) in [
        (
            "[workspace]\nmembers = [\"tools/*\"]\n",
            "To join it, add \"projects/connectors/acme\" to `members`",
        ),
        ("[workspace]\nmembers = [\"projects/**\"]\nexclude = [\"projects\"]\n", "remove it from `exclude`"),
    ] {
        let folder = folder_with(manifest);
        let run = scaffolded(folder.path(), &["acme", AT]);
        assert!(run.stdout.contains("It is not a member of the workspace in "), "{run:?}");
        assert!(run.stdout.contains(expected), "{run:?}");
        let (root, names) = workspace_of(&folder.path().join(AT));
        assert!(root.ends_with(AT) && names == ["acme"], "{root} {names:?}");
        assert!(files(&folder.path().join(AT)).contains_key(".dockerignore"));
    }
    // A package without a workspace needs no advice.
    let folder = folder_with("[package]\nname = \"parent\"\n");
    let run = scaffolded(folder.path(), &["acme", AT]);
    assert!(!run.stdout.contains("workspace"), "{run:?}");
}

#[test]
fn a_connector_joins_when_it_is_generated_again() {
    let folder = folder_with("[workspace]\nresolver = \"3\"\nmembers = []\n");
    scaffolded(folder.path(), &["acme", AT]);
    fs::write(
        folder.path().join("Cargo.toml"),
        "[workspace]\nresolver = \"3\"\nmembers = [\"projects/connectors/*\"]\n",
    )
    .unwrap();
    assert!(!cargo(folder.path()).status.success(), "two roots");
    let run = scaffolded(folder.path(), &["acme", AT, "--force-overwrite", "--json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["workspace"]["is_member"], true);
    assert_eq!(workspace_of(folder.path()).1, ["acme"]);
}
