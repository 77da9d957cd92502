//! `connector compile-on-prem`, run on a small crate that stands in for a connector.

#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::read::GzDecoder;
use tempfile::TempDir;

const MANIFEST: &str = "[package]\nname = \"acme-connector\"\nversion = \"0.3.1\"\nedition = \"2024\"\n\
                        license = \"MIT\"\n[workspace]\n";

/// A crate whose program prints `info`.
fn crate_with(info: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("Cargo.toml"), MANIFEST).expect("a file");
    fs::create_dir(folder.path().join("src")).expect("a folder");
    let program = format!("fn main() {{ println!(\"{{}}\", {info:?}) }}");
    fs::write(folder.path().join("src/main.rs"), program).expect("a file");
    folder
}

const OPENAPI: &str = r#"{"response":{"app_id":"acme"}}"#;

fn compile(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_connector"));
    command.arg("compile-on-prem").args(args).current_dir(folder);
    command.env("CARGO_TARGET_DIR", folder.join("target"));
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "SOURCE_DATE_EPOCH"] {
        command.env_remove(variable);
    }
    command
}

/// Runs the command, which must succeed. Returns the last line of stdout.
fn archive(command: &mut Command) -> PathBuf {
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").lines().last().expect("a line").into()
}

/// Runs the command, which must fail. Returns the exit status and stderr.
fn failure(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().expect("it runs");
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    (output.status.code(), String::from_utf8(output.stderr).expect("text"))
}

/// The name, mode and content of each file.
fn members(archive: &Path) -> Vec<(String, u32, Vec<u8>)> {
    let mut archive = tar::Archive::new(GzDecoder::new(File::open(archive).expect("an archive")));
    let members = archive.entries().expect("entries").map(|entry| {
        let mut entry = entry.expect("an entry");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("content");
        let name = entry.path().expect("a path").display().to_string();
        (name, entry.header().mode().expect("a mode"), content)
    });
    members.collect()
}

#[test]
fn archive_contains_what_the_agent_reads_and_runs() {
    let folder = crate_with(OPENAPI);
    let archive = archive(&mut compile(folder.path(), &["--app-id", "acme", "--output-directory", "out"]));
    let expected = folder.path().canonicalize().unwrap().join("out/bundled/acme-0.3.1.tar.gz");
    assert_eq!(archive, expected);
    let members = members(&archive);
    let modes: Vec<(&str, u32)> = members.iter().map(|(name, mode, _)| (name.as_str(), *mode)).collect();
    assert_eq!(
        modes,
        [
            ("main", 0o770),
            ("metadata.toml", 0o644),
            ("THIRD-PARTY-LICENSES.txt", 0o644),
            ("acme-connector.cdx.json", 0o644)
        ]
    );
    let metadata = String::from_utf8(members[1].2.clone()).unwrap();
    assert_eq!(metadata, "[connector]\napp_id = \"acme_on_prem\"\nversion = \"0.3.1\"\n");

    let unpacked = tempfile::tempdir().unwrap();
    tar::Archive::new(GzDecoder::new(File::open(&archive).unwrap())).unpack(unpacked.path()).unwrap();
    let info = Command::new(unpacked.path().join("main")).arg("info").output().unwrap();
    assert_eq!(info.stdout.trim_ascii_end(), OPENAPI.as_bytes());
}

#[test]
fn reported_app_id_may_have_the_suffix() {
    let folder = crate_with(r#"{"response":{"app_id":"acme_on_prem"}}"#);
    let archive = archive(&mut compile(folder.path(), &["--app-id", "acme_on_prem"]));
    let metadata = String::from_utf8(members(&archive).swap_remove(1).2).unwrap();
    assert!(metadata.contains("app_id = \"acme_on_prem\""), "{metadata}");
}

#[test]
fn target_without_static_executables_is_rejected_before_the_build() {
    let folder = crate_with(OPENAPI);
    let args = ["--app-id", "acme", "--target", "aarch64-apple-darwin"];
    let (status, stderr) = failure(&mut compile(folder.path(), &args));
    assert_eq!(status, Some(1), "{stderr}");
    assert!(stderr.contains("requires a static executable"), "{stderr}");
    assert!(!folder.path().join("target").exists());
}

#[test]
fn archive_is_reproducible() {
    let bytes = |app_id: &str| {
        let folder = crate_with(OPENAPI);
        fs::read(archive(&mut compile(folder.path(), &["--app-id", app_id]))).unwrap()
    };
    let first = bytes("acme");
    assert!(first == bytes("acme"), "two archives of the same sources differ");
    assert!(first == bytes("acme_on_prem"), "the suffix is added once");
}

#[test]
fn connectors_that_the_agent_cannot_call_are_rejected() {
    for (info, message) in [
        (r#"{"app_id":"acme","capabilities":[]}"#, "add `.wire(Wire::OpenApi)` to the integration"),
        (r#"{"response":{"app_id":"other"}}"#, "the connector's app ID is other"),
        (r#"{"is_error":true}"#, r#"`info` has no app ID: it returns {"is_error":true}"#),
    ] {
        let folder = crate_with(info);
        let (status, stderr) = failure(&mut compile(folder.path(), &["--app-id", "acme"]));
        assert_eq!(status, Some(1), "{stderr}");
        assert!(stderr.contains(message), "{stderr}");
        assert!(!folder.path().join("bundled").exists());
    }
}

#[test]
fn invalid_app_id_is_rejected_before_the_build() {
    let folder = crate_with(OPENAPI);
    for app_id in ["", "_on_prem", "../acme", "a b"] {
        let (status, stderr) = failure(&mut compile(folder.path(), &["--app-id", app_id]));
        assert_eq!(status, Some(2), "{stderr}");
        assert!(!folder.path().join("target").exists());
    }
}

#[test]
fn python_name_of_the_directory_option_is_accepted() {
    let folder = crate_with(OPENAPI);
    let elsewhere = tempfile::tempdir().unwrap();
    let source = folder.path().join("src");
    let args = [
        "--app-id",
        "acme",
        "--connector-root-module-dir",
        source.to_str().unwrap(),
        "--output-directory",
        ".",
    ];
    let mut command = compile(elsewhere.path(), &args);
    assert_eq!(
        archive(&mut command),
        elsewhere.path().canonicalize().unwrap().join("bundled/acme-0.3.1.tar.gz")
    );
}
