//! Connectors in a workspace, and beside one.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::{files, made};

const AT: &str = "projects/connectors/acme";

/// A folder whose `Cargo.toml` is this.
fn below(manifest: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("Cargo.toml"), manifest).expect("a file");
    folder
}

/// What cargo says of the workspace that `folder` is in.
fn cargo(folder: &Path) -> Output {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(folder);
    cargo.env_remove("CARGO_TARGET_DIR").output().expect("it runs")
}

/// The root of the workspace that cargo sees, and the names of its members.
fn seen(folder: &Path) -> (String, Vec<String>) {
    let output = cargo(folder);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let packages = metadata["packages"].as_array().expect("a list");
    (text(&metadata["workspace_root"]), packages.iter().map(|package| text(&package["name"])).collect())
}

#[test]
fn a_folder_that_members_name_becomes_a_member() {
    for manifest in [
        "[workspace]\nresolver = \"3\"\nmembers = [\"projects/connectors/*\"]\n\
         [workspace.dependencies]\nserde = \"1\"\n[profile.release]\nlto = true\n",
        "[workspace]\nresolver = \"3\"\nmembers = [\"tools\", \"projects/*/*\"]\ndefault-members = [\"tools\"]\n",
        "[package]\nname = \"parent\"\nedition = \"2024\"\n[workspace]\nmembers = [\"projects/connectors/acme\"]\n",
    ] {
        let folder = below(manifest);
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
        let run = made(folder.path(), &["acme", AT]);
        assert!(
            run.stdout.contains(&format!("It is a member of the workspace in {}", root.display())),
            "{run:?}"
        );
        for place in [root.clone(), root.join(AT)] {
            let (workspace, names) = seen(&place);
            assert_eq!(Path::new(&workspace), root);
            assert!(names.contains(&"acme".to_owned()), "{names:?}");
        }
        let files = files(&root.join(AT));
        let manifest: toml::Table = toml::from_str(&files["Cargo.toml"]).unwrap();
        assert!(!manifest.contains_key("workspace") && !manifest.contains_key("profile"));
        assert!(files["README.md"].contains("[profile.release]"), "{}", files["README.md"]);
        assert!(files["README.md"].contains("workspace in `../../..`"), "{}", files["README.md"]);
        // The image is built from the workspace, for which Docker needs another list of what it may leave out.
        assert!(files["Dockerfile"].contains("--file projects/connectors/acme/Dockerfile --tag acme ."));
        assert!(files["Dockerfile"].contains("--package acme"));
        assert!(files.contains_key("Dockerfile.dockerignore") && !files.contains_key(".dockerignore"));
        let ci = &files[".github/workflows/ci.yml"];
        assert!(
            ci.contains("cargo test --package acme") && ci.contains("at the repository's root only"),
            "{ci}"
        );
    }
}

#[test]
fn several_connectors_of_a_workspace_have_examples_of_different_names() {
    let folder = below("[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n");
    let mut names = Vec::new();
    for name in ["acme", "hub"] {
        made(folder.path(), &[name, name]);
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
fn a_folder_that_members_do_not_name_is_its_own_workspace_and_says_how_to_join() {
    for (manifest, told) in [
        (
            "[workspace]\nmembers = [\"tools/*\"]\n",
            "To join it, add \"projects/connectors/acme\" to `members`",
        ),
        ("[workspace]\nmembers = [\"projects/**\"]\nexclude = [\"projects\"]\n", "take it out of `exclude`"),
    ] {
        let folder = below(manifest);
        let run = made(folder.path(), &["acme", AT]);
        assert!(run.stdout.contains("It is not a member of the workspace in "), "{run:?}");
        assert!(run.stdout.contains(told), "{run:?}");
        let (root, names) = seen(&folder.path().join(AT));
        assert!(root.ends_with(AT) && names == ["acme"], "{root} {names:?}");
        assert!(files(&folder.path().join(AT)).contains_key(".dockerignore"));
    }
    // A single package is not a workspace, so there is nothing to say.
    let folder = below("[package]\nname = \"parent\"\n");
    let run = made(folder.path(), &["acme", AT]);
    assert!(!run.stdout.contains("workspace"), "{run:?}");
}

#[test]
fn a_connector_joins_when_it_is_made_again() {
    let folder = below("[workspace]\nresolver = \"3\"\nmembers = []\n");
    made(folder.path(), &["acme", AT]);
    fs::write(
        folder.path().join("Cargo.toml"),
        "[workspace]\nresolver = \"3\"\nmembers = [\"projects/connectors/*\"]\n",
    )
    .unwrap();
    assert!(!cargo(folder.path()).status.success(), "two roots");
    let run = made(folder.path(), &["acme", AT, "--force-overwrite", "--json"]);
    let told: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(told["workspace"]["is_member"], true);
    assert_eq!(seen(folder.path()).1, ["acme"]);
}
