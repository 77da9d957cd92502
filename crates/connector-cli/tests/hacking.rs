//! `connector hacking http-server`, with crates that stand in for connectors: they need nothing to be built.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// Prints its process id and what it is called with, and then waits.
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
    // Not into the folder that is being built right now.
    command.env("CARGO_TARGET_DIR", folder.join("target")).env_remove("RUSTFLAGS");
    command
}

fn refused(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
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
fn the_crate_of_the_folder_is_built_and_becomes_the_process() {
    use std::os::unix::process::ExitStatusExt as _;
    let folder = crate_with(&[("src/main.rs", SERVER)]);
    for (args, rest) in [
        (&["-p", "0", "--host", "::1", "-v"][..], "true serve -p 0 --host ::1 -v"),
        (&["-p", "0", "--release"], "false serve -p 0"),
    ] {
        let (mut child, line) = serve(&mut connector(folder.path(), args));
        // What is sent to this process reaches the server: it is the same.
        assert_eq!(line, format!("{} {rest}", child.id()));
        let kill = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        assert!(kill.unwrap().success());
        assert_eq!(child.wait().unwrap().signal(), Some(15));
    }
}

#[test]
fn the_folder_may_be_elsewhere_and_below_the_crate() {
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
fn of_several_programs_the_default_or_the_chosen_one_is_served() {
    let folder = crate_with(&[("src/bin/one.rs", SERVER), ("src/bin/two.rs", SERVER)]);
    let (status, message) = refused(folder.path(), &[]);
    assert_eq!(status, Some(2));
    assert!(message.contains("--bin") && message.contains("one, two"), "{message}");
    let (mut child, line) = serve(&mut connector(folder.path(), &["--bin", "two"]));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.ends_with("true serve"), "{line}");
    assert!(!folder.path().join("target/debug/one").exists(), "only what is served is built");
}

#[test]
fn what_is_missing_is_named() {
    let empty = tempfile::tempdir().unwrap();
    for (args, about) in [
        (&[][..], "there is no crate in ."),
        (&["-d", "nowhere"], "there is no folder nowhere"),
        (&["-d"], "--directory"),
    ] {
        let (status, message) = refused(empty.path(), args);
        assert_eq!(status, Some(2), "{message}");
        assert!(message.contains(about), "{message}");
    }
    let library = crate_with(&[("src/lib.rs", "")]);
    let (status, message) = refused(library.path(), &[]);
    assert_eq!((status, message.contains("has no program")), (Some(2), true), "{message}");
    let output = connector(library.path(), &[]).env("CARGO", "/nowhere/cargo").output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("install Rust"), "{output:?}");
}

#[test]
fn a_crate_that_cannot_be_built_or_cannot_serve_is_no_server() {
    let broken = crate_with(&[("src/main.rs", "fn main() { nonsense }")]);
    let (status, message) = refused(broken.path(), &[]);
    assert_eq!(status, Some(1));
    assert!(message.contains("cannot find value `nonsense`"), "{message}");
    assert!(message.ends_with("error: acme could not be built\n"), "{message}");
    let other = crate_with(&[("src/main.rs", "fn main() { std::process::exit(2) }")]);
    let (status, message) = refused(other.path(), &[]);
    assert_eq!((status, message.contains("feature `server`")), (Some(2), true), "{message}");
}

#[test]
fn a_workspace_says_which_of_its_crates_have_programs() {
    let workspace = crate_with(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"acme\"]\nresolver = \"3\"\n"),
        ("acme/Cargo.toml", "[package]\nname = \"acme\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
        ("acme/src/main.rs", SERVER),
    ]);
    let (status, message) = refused(workspace.path(), &[]);
    assert_eq!(status, Some(2));
    assert!(message.contains("--directory") && message.contains("acme"), "{message}");
}

#[test]
fn a_member_of_a_workspace_is_served_from_the_folder_that_the_workspace_builds_in() {
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
