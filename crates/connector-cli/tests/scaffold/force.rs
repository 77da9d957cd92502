//! Folders that aren't empty.

use std::fs;

use crate::support::{files, scaffold, scaffolded};

#[test]
fn only_empty_folders_are_accepted_by_default() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    scaffolded(folder.path(), &["acme", "out"]);
    let before = files(&out);
    let run = scaffold(folder.path(), &["acme", "out", "--auth", "none"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("out is not empty"), "{run:?}");
    assert_eq!(files(&out), before);
}

#[test]
fn force_overwrites_only_unchanged_generated_files() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    scaffolded(folder.path(), &["acme", "out"]);
    fs::write(out.join("NOTES"), "mine").unwrap();
    scaffolded(folder.path(), &["acme", "out", "-f", "--auth", "oauth"]);
    assert!(files(&out)["src/client.rs"].contains("OAuthCredentials"));
    assert_eq!(files(&out)["NOTES"], "mine");

    fs::write(out.join("src/client.rs"), "mine").unwrap();
    fs::write(out.join("README.md"), "mine too").unwrap();
    let before = files(&out);
    for dry_run in [&["--dry-run"][..], &[]] {
        let args = [&["acme", "out", "--force-overwrite", "--auth", "none"], dry_run].concat();
        let run = scaffold(folder.path(), &args);
        assert_eq!(run.status, 1);
        assert!(
            run.stderr.contains("client.rs is not overwritten: it was changed or not generated"),
            "{run:?}"
        );
        assert!(
            run.stderr.contains("README.md is not overwritten: it was changed or not generated"),
            "{run:?}"
        );
        assert_eq!(run.stderr.matches("error: ").count(), 2, "{run:?}");
        assert_eq!(files(&out), before);
    }
}

#[test]
fn force_keeps_other_files() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Cargo.toml"), "[package]").unwrap();
    let run = scaffold(folder.path(), &["acme", ".", "-f"]);
    assert!(run.status == 1 && run.stderr.contains("Cargo.toml"), "{run:?}");
    assert_eq!(files(folder.path()).len(), 1);
    fs::remove_file(folder.path().join("Cargo.toml")).unwrap();
    fs::write(folder.path().join("LICENSE"), "").unwrap();
    scaffolded(folder.path(), &["acme", ".", "-f"]);
    assert!(files(folder.path()).contains_key("src/main.rs"));
}

#[test]
fn obsolete_files_are_listed_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    scaffolded(folder.path(), &["acme", "out", "--ci", "github"]);
    let run = scaffolded(folder.path(), &["acme", "out", "-f", "--ci", "gitlab"]);
    assert!(run.stdout.contains("no longer generated, but not deleted: .github/workflows/ci.yml"), "{run:?}");
    let found = files(&folder.path().join("out"));
    assert!(found.contains_key(".gitlab-ci.yml") && found.contains_key(".github/workflows/ci.yml"));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), out.join("src")).unwrap();
    let run = scaffold(folder.path(), &["acme", "out", "-f"]);
    assert!(run.status == 1 && run.stderr.contains("is in the way"), "{run:?}");
    assert!(files(elsewhere.path()).is_empty());
}

#[test]
fn a_failed_run_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let run = scaffold(folder.path(), &["acme", "file/out"]);
    assert_eq!(run.status, 3, "{run:?}");
    assert_eq!(files(folder.path()).keys().collect::<Vec<_>>(), ["file"]);
}
