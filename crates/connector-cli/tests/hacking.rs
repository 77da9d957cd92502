//! `connector hacking http-server`, run on crates that stand in for connectors and build without dependencies.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// Prints its process id and arguments, then waits.
const SERVER: &str = r#"fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.iter().any(|arg| arg == "--help") { return }
    println!("{} {} {}", std::process::id(), cfg!(debug_assertions), args.join(" "));
    std::thread::sleep(std::time::Duration::from_secs(60));
}"#;

fn crate_with(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = "[package]\nname = \"acme\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
    for (path, text) in [("Cargo.toml", manifest)].iter().chain(files) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn connector(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_connector"));
    command.args(["hacking", "http-server"]).args(args).current_dir(folder);
    // Don't use the target folder of the build in progress.
    command.env("CARGO_TARGET_DIR", folder.join("target")).env_remove("RUSTFLAGS");
    command
}

fn rejected(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = connector(folder, args).output().expect("it runs");
    assert!(stdout.is_empty());
    (status.code(), String::from_utf8(stderr).expect("text"))
}

/// Starts a server and reads its first line.
fn serve(command: &mut Command) -> (Child, String) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().expect("a pipe")).read_line(&mut line).expect("a line");
    if line.is_empty() {
        child.stderr.take().expect("a pipe").read_to_string(&mut line).expect("text");
    }
    (child, line.trim_end().to_owned())
}

#[cfg(unix)]
#[test]
fn the_crate_is_built_and_replaces_the_process() {
    use std::os::unix::process::ExitStatusExt as _;
    let folder = crate_with(&[("src/main.rs", SERVER)]);
    for (args, rest) in [
        (&["-p", "0", "--host", "::1", "-v"][..], "true serve -p 0 --host ::1 -v"),
        (&["-p", "0", "--release"], "false serve -p 0"),
    ] {
        let (mut child, line) = serve(&mut connector(folder.path(), args));
        // The server has the same process id, so signals reach it.
        assert_eq!(line, format!("{} {rest}", child.id()));
        let kill = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        assert!(kill.unwrap().success());
        assert_eq!(child.wait().unwrap().signal(), Some(15));
    }
}

#[test]
fn the_folder_can_be_elsewhere_and_inside_the_crate() {
    let folder = crate_with(&[("src/main.rs", SERVER)]);
    let elsewhere = tempfile::tempdir().unwrap();
    let source = folder.path().join("src");
    let mut command = connector(elsewhere.path(), &["-p", "0", "--directory", source.to_str().unwrap()]);
    let (mut child, line) = serve(&mut command);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.ends_with("true serve -p 0"), "{line}");
}

#[test]
fn default_or_chosen_program_is_served() {
    let folder = crate_with(&[("src/bin/one.rs", SERVER), ("src/bin/two.rs", SERVER)]);
    let (status, message) = rejected(folder.path(), &[]);
    assert_eq!(status, Some(2));
    assert!(message.contains("--bin") && message.contains("one, two"), "{message}");
    let (mut child, line) = serve(&mut connector(folder.path(), &["--bin", "two"]));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.ends_with("true serve"), "{line}");
    assert!(!folder.path().join("target/debug/one").exists(), "only the served program is built");
}

#[test]
fn missing_crates_folders_and_programs_are_reported() {
    let empty = tempfile::tempdir().unwrap();
    for (args, expected) in [
        (&[][..], "no Cargo.toml in ."),
        (&["-d", "nowhere"], "no such folder: nowhere"),
        (&["-d"], "--directory"),
    ] {
        let (status, message) = rejected(empty.path(), args);
        assert_eq!(status, Some(2), "{message}");
        assert!(message.contains(expected), "{message}");
    }
    let library = crate_with(&[("src/lib.rs", "")]);
    let (status, message) = rejected(library.path(), &[]);
    assert_eq!((status, message.contains("has no program")), (Some(2), true), "{message}");
    let output = connector(library.path(), &[]).env("CARGO", "/nowhere/cargo").output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("install Rust"), "{output:?}");
}

#[test]
fn build_failures_and_programs_without_serve_are_errors() {
    let broken = crate_with(&[("src/main.rs", "fn main() { nonsense }")]);
    let (status, message) = rejected(broken.path(), &[]);
    assert_eq!(status, Some(1));
    assert!(message.contains("cannot find value `nonsense`"), "{message}");
    assert!(message.ends_with("error: acme could not be built\n"), "{message}");
    let other = crate_with(&[("src/main.rs", "fn main() { std::process::exit(2) }")]);
    let (status, message) = rejected(other.path(), &[]);
    assert_eq!((status, message.contains("feature `server`")), (Some(2), true), "{message}");
}

#[test]
fn workspace_error_lists_the_crates_with_programs() {
    let workspace = crate_with(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"acme\"]\nresolver = \"3\"\n"),
        ("acme/Cargo.toml", "[package]\nname = \"acme\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
        ("acme/src/main.rs", SERVER),
    ]);
    let (status, message) = rejected(workspace.path(), &[]);
    assert_eq!(status, Some(2));
    assert!(message.contains("--directory") && message.contains("acme"), "{message}");
}

#[test]
fn workspace_member_is_served_from_the_workspace_target_folder() {
    let workspace = crate_with(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"acme\"]\nresolver = \"3\"\n"),
        (".cargo/config.toml", "[build]\ntarget-dir = \"elsewhere\"\n"),
        ("acme/Cargo.toml", "[package]\nname = \"acme\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
        ("acme/src/main.rs", SERVER),
    ]);
    let folder = workspace.path().join("acme");
    let (mut child, line) = serve(connector(&folder, &["-p", "0"]).env_remove("CARGO_TARGET_DIR"));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.ends_with("true serve -p 0"), "{line}");
    assert!(workspace.path().join("elsewhere/debug").is_dir() && !folder.join("target").exists());
}
