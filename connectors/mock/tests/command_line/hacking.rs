//! Commands that are passed on to other programs. `echo` replaces those programs.

use std::os::unix::fs::symlink;

use crate::support::{program, status, stderr};

#[test]
fn test_runs_cargo_in_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().to_str().unwrap();
    let test = |group: &str, args: &[&str]| {
        let mut command = program();
        command.args([group, "test", "--directory", directory]).args(args).env("CARGO", "echo");
        command.output().unwrap()
    };
    let output = test("hacking", &[]);
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).contains("no Cargo.toml in"), "{}", stderr(&output));
    std::fs::write(folder.path().join("Cargo.toml"), "").unwrap();
    for group in ["hacking", "dev"] {
        assert_eq!(test(group, &["--", "--lib", "-q"]).stdout, b"test --lib -q\n");
    }
    let output = program().args(["hacking", "test", "-d", "nowhere"]).output().unwrap();
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).contains("no such folder: nowhere"), "{}", stderr(&output));
    let output =
        program().args(["hacking", "test", "-d", directory]).env("CARGO", "/nowhere/cargo").output().unwrap();
    assert_eq!(status(&output), 3);
    assert!(stderr(&output).contains("install Rust"), "{}", stderr(&output));
}

#[test]
fn build_executable_runs_the_authoring_cli() {
    let folder = tempfile::tempdir().unwrap();
    let build = |args: &[&str]| {
        let mut command = program();
        command.args(["hacking", "build-executable"]).args(args).env("PATH", folder.path());
        command
    };
    let output = build(&[]).output().unwrap();
    assert_eq!(status(&output), 3);
    assert!(stderr(&output).contains("cargo install lumos-connector-cli"), "{}", stderr(&output));
    symlink("/bin/echo", folder.path().join("connector")).unwrap();
    for args in [&[][..], &["-d", "here", "--json"], &["--output=out", "-v", "--", "--wire"]] {
        let expected = [&["hacking", "build-executable"], args].concat().join(" ");
        let output = build(args).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), expected, "{}", stderr(&output));
    }
    // A connector whose program is called `connector` must not call itself forever.
    let output = build(&[]).env("CONNECTOR_HANDED_ON", "1").output().unwrap();
    assert_eq!(status(&output), 3);
    assert!(stderr(&output).contains("is a connector"), "{}", stderr(&output));
}
