//! The build context of the image: what Docker reads from the connector's folder, or from its workspace.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use glob::{MatchOptions, Pattern};

use crate::support::{files, scaffolded};

/// Files that must not get into an image, next to what must.
const PLANTED: [&str; 11] = [
    ".env",
    ".env.local",
    "acme.pem",
    "id_rsa",
    "prod.secret.json",
    ".git/config",
    ".cargo/credentials.toml",
    "src/.env",
    "src/tls/server.key",
    "tests/id_rsa",
    "examples/upstream/ada.pem",
];

/// As Docker matches the patterns of an ignore file.
const MATCHING: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

fn plant(folder: &Path) {
    for path in PLANTED {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, "canary").expect("a file");
    }
}

/// The files that are left of `paths`: the last pattern that matches a path, or a folder above it, decides.
fn context(paths: impl IntoIterator<Item = String>, ignore: &str) -> BTreeSet<String> {
    let lines = ignore.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let rules: Vec<(bool, Pattern)> = lines
        .map(|line| {
            let pattern = line.strip_prefix('!').unwrap_or(line);
            (line.starts_with('!'), Pattern::new(pattern).expect("a pattern"))
        })
        .collect();
    let matches = |pattern: &Pattern, path: &str| {
        Path::new(path).ancestors().any(|path| pattern.matches_path_with(path, MATCHING))
    };
    let is_sent = |path: &String| {
        rules.iter().rfind(|(_, pattern)| matches(pattern, path)).is_none_or(|(is_included, _)| *is_included)
    };
    paths.into_iter().filter(is_sent).collect()
}

/// Copies the context elsewhere, where cargo has to find everything that the image is built from.
fn assert_builds(folder: &Path, context: &BTreeSet<String>, package: &str) {
    let copy = tempfile::tempdir().expect("a folder");
    for path in context {
        let to = copy.path().join(path);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::copy(folder.join(path), to).expect("a copy");
    }
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(copy.path());
    let output = cargo.output().expect("cargo runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{errors}");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("a list");
    let package = packages.iter().find(|one| one["name"] == package).expect("the package");
    let kinds: Vec<_> =
        package["targets"].as_array().expect("a list").iter().map(|one| &one["kind"][0]).collect();
    assert!(kinds.contains(&&"lib".into()) && kinds.contains(&&"bin".into()), "{kinds:?}");
}

#[test]
fn no_secret_gets_into_the_build_context() {
    let folder = tempfile::tempdir().unwrap();
    scaffolded(folder.path(), &["acme", "out", "--capabilities=list_accounts"]);
    let out = folder.path().join("out");
    plant(&out);
    fs::create_dir(out.join("target")).unwrap();
    fs::write(out.join("target/built.rs"), "").unwrap();
    let files = files(&out);
    let context = context(files.keys().cloned(), &files[".dockerignore"]);
    assert!(PLANTED.iter().all(|path| !context.contains(*path)), "{context:?}");
    assert!(!context.contains("target/built.rs"), "{context:?}");
    for path in ["Cargo.toml", "src/main.rs", "src/read/list_accounts.rs"] {
        assert!(context.contains(path), "{path}: {context:?}");
    }
    assert_builds(&out, &context, "acme");
}

#[test]
fn no_secret_of_a_workspace_gets_into_the_build_context() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(
        root.join("Cargo.toml"),
        "[workspace]\nresolver = \"3\"\nmembers = [\"connectors/*\", \"tools\"]\n",
    )
    .unwrap();
    fs::create_dir_all(root.join("tools/src")).unwrap();
    fs::write(root.join("tools/Cargo.toml"), "[package]\nname = \"tools\"\nedition = \"2024\"\n").unwrap();
    fs::write(root.join("tools/src/lib.rs"), "").unwrap();
    fs::write(root.join("Cargo.lock"), "version = 4\n").unwrap();
    scaffolded(root, &["acme", "connectors/acme", "--capabilities=list_accounts"]);
    for planted in ["", "connectors/acme", "tools"] {
        plant(&root.join(planted));
    }
    fs::create_dir(root.join("target")).unwrap();
    fs::write(root.join("target/built.rs"), "").unwrap();
    let files = files(root);
    let ignore = &files["connectors/acme/Dockerfile.dockerignore"];
    let context = context(files.keys().cloned(), ignore);
    let leaked: Vec<_> =
        context.iter().filter(|path| PLANTED.iter().any(|planted| path.ends_with(planted))).collect();
    assert!(leaked.is_empty(), "{leaked:?}");
    assert!(!context.contains("target/built.rs"), "{context:?}");
    assert!(context.contains("Cargo.lock") && context.contains("connectors/acme/src/main.rs"), "{context:?}");
    assert_builds(root, &context, "acme");
}
