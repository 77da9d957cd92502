//! Results written to something other than plain files, and the permissions of replaced files.

use std::fs::{self, Permissions};
use std::io::Read as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

use crate::support::{REQUEST, answer, program, run, status, stderr, with_settings};

fn result_at(path: &str) -> Command {
    let mut command = program();
    command.args(["list-accounts", "--json", REQUEST, "--result-file-path", path]);
    command
}

/// Runs `script` in a shell. `$RESULT` is a call whose result is written to the path that follows.
fn in_shell(shell: &str, script: &str, folder: &Path) -> Output {
    let call = format!("list-accounts --json '{REQUEST}' --result-file-path");
    let script = script.replace("$RESULT", &format!("{} {call}", env!("CARGO_BIN_EXE_mock-connector")));
    Command::new(shell).args(["-c", &script]).current_dir(folder).output().expect("a shell")
}

#[test]
fn result_is_written_to_a_pipe_on_stdout() {
    for path in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        let output = result_at(path).output().expect("it runs");
        assert_eq!(status(&output), 0, "{path}: {}", stderr(&output));
        assert!(answer(&output)["error"].is_null());
    }
    let output = result_at("/dev/stderr").output().expect("it runs");
    assert_eq!((status(&output), output.stdout.len()), (0, 0));
    assert!(stderr(&output).starts_with("{\"response\":"));
}

#[test]
fn result_is_written_to_a_socket_on_stdout() {
    let (mut ours, theirs) = UnixStream::pair().expect("a pair of sockets");
    let stdout = std::os::fd::OwnedFd::from(theirs);
    let output = result_at("/dev/stdout").stdout(stdout).output().expect("it runs");
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let mut received = String::new();
    ours.read_to_string(&mut received).expect("the answer");
    assert!(received.starts_with("{\"response\":"), "{received}");
}

#[test]
fn result_is_compressed_by_the_name_of_a_link() {
    let folder = tempfile::tempdir().expect("a folder");
    let link = folder.path().join("result.gz");
    symlink("/dev/stdout", &link).expect("a link");
    let output = result_at(link.to_str().expect("UTF-8")).output().expect("it runs");
    let mut unzipped = Vec::new();
    flate2::read::GzDecoder::new(&*output.stdout).read_to_end(&mut unzipped).expect("gzip");
    assert_eq!(unzipped, run(&["list-accounts", "--json", REQUEST]).stdout);
}

#[test]
fn result_is_written_to_open_descriptors() {
    let folder = tempfile::tempdir().expect("a folder");
    let expected = run(&["list-accounts", "--json", REQUEST]).stdout;
    let output = in_shell("sh", "$RESULT /dev/fd/3 3>&1 >/dev/null", folder.path());
    assert_eq!((status(&output), &output.stdout), (0, &expected), "{}", stderr(&output));
    let missing = in_shell("sh", "$RESULT /dev/fd/7 7>&-", folder.path());
    assert_eq!(status(&missing), 3);
    assert!(stderr(&missing).contains("cannot write the result to /dev/fd/7"), "{}", stderr(&missing));
}

#[test]
fn result_is_written_to_process_substitution() {
    let folder = tempfile::tempdir().expect("a folder");
    // Bash doesn't wait for the substituted command, so `cat` waits for the end of its output.
    let output = in_shell("bash", "mkfifo end; $RESULT >(cat >end) & cat end; wait $!", folder.path());
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert!(answer(&output)["error"].is_null());
}

#[test]
fn open_files_keep_their_content() {
    let expected = String::from_utf8(run(&["list-accounts", "--json", REQUEST]).stdout).expect("UTF-8");
    for script in [
        "{ echo before; $RESULT /dev/stdout; echo after; } >file",
        "{ echo before; $RESULT /dev/fd/3 3>>file; } >file",
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let output = in_shell("sh", script, folder.path());
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        let held = fs::read_to_string(folder.path().join("file")).expect("a file");
        let after = if script.contains("after") { "after\n" } else { "" };
        assert_eq!(held, format!("before\n{expected}{after}"), "{script}");
    }
}

#[test]
fn closed_pipe_exits_without_a_message() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = result_at("/dev/stdout").stdout(writer).output().expect("it runs");
    assert_eq!((status(&output), stderr(&output)), (3, String::new()));
}

#[test]
fn loop_of_links_is_an_error_and_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, other) = (folder.path().join("one"), folder.path().join("other"));
    symlink("other", &one).expect("a link");
    symlink("one", &other).expect("a link");
    let output = result_at(one.to_str().expect("UTF-8")).output().expect("it runs");
    assert_eq!(status(&output), 3);
    assert!(stderr(&output).contains("cannot write the result"), "{}", stderr(&output));
    assert_eq!(fs::read_link(&one).expect("still a link"), Path::new("other"));
}

#[test]
fn setuid_setgid_and_sticky_bits_are_dropped() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("result.json");
    fs::write(&path, "old").expect("a file");
    fs::set_permissions(&path, Permissions::from_mode(0o7750)).expect("its permissions");
    let output = result_at(path.to_str().expect("UTF-8")).output().expect("it runs");
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o7777, 0o750);
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn permissions_of_another_users_file_are_only_narrowed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("result.json");
    for (old, new) in [(0o4777, 0o644), (0o660, 0o600), (0o600, 0o600)] {
        fs::write(&path, "old").expect("a file");
        std::os::unix::fs::chown(&path, Some(12_345), Some(12_345)).expect("another owner");
        fs::set_permissions(&path, Permissions::from_mode(old)).expect("its permissions");
        let output = in_shell("sh", &format!("umask 022; $RESULT {}", path.display()), folder.path());
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        let mode = fs::metadata(&path).expect("a file").permissions().mode() & 0o7777;
        assert_eq!(format!("{mode:o}"), format!("{new:o}"), "{old:o}");
        fs::remove_file(&path).expect("the file is removed");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn signals_during_the_call_leave_no_files_behind() {
    for signal in ["-INT", "-TERM", "-HUP", "-KILL"] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("result.json");
        fs::write(&path, "old").expect("a file");
        let request = with_settings(r#"{"delay_ms":60000}"#);
        // The test runner may ignore some signals, and child processes would inherit that.
        let mut child = Command::new("env")
            .arg("--default-signal")
            .arg(program().get_program())
            .args(["list-accounts", "--json", &request, "--result-file-path", path.to_str().expect("UTF-8")])
            .spawn()
            .expect("it runs");
        wait_until_open_in(&child, folder.path());
        let killed = Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(killed.expect("kill runs").success());
        assert!(!child.wait().expect("it ends").success());
        let names: Vec<_> = fs::read_dir(folder.path())
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        assert_eq!(names, ["result.json"], "{signal}");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "old");
    }
}

/// Waits until the process has opened a file in `folder`.
#[cfg(target_os = "linux")]
fn wait_until_open_in(child: &Child, folder: &Path) {
    let until = Instant::now() + Duration::from_secs(60);
    let descriptors = format!("/proc/{}/fd", child.id());
    let is_open = || {
        let entries = fs::read_dir(&descriptors).expect("a process");
        entries
            .filter_map(Result::ok)
            .any(|entry| fs::read_link(entry.path()).is_ok_and(|to| to.starts_with(folder)))
    };
    while !is_open() {
        assert!(Instant::now() < until, "the result's file was never opened");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn named_pipe_is_written_to_and_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let output =
        in_shell("sh", "mkfifo pipe; $RESULT pipe & cat pipe; wait $! && test -p pipe", folder.path());
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert!(answer(&output)["error"].is_null());
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn file_in_a_sticky_folder_is_rejected_before_the_call() {
    use std::os::unix::process::CommandExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("result.json");
    fs::write(&path, "old").expect("a file");
    fs::set_permissions(folder.path(), Permissions::from_mode(0o1777)).expect("its permissions");
    // Another user may not have access to the folder that the program is built in.
    let copy = folder.path().join("mock-connector");
    fs::copy(env!("CARGO_BIN_EXE_mock-connector"), &copy).expect("a copy");
    for (owner, expected) in [(0, 3), (12_345, 0)] {
        std::os::unix::fs::chown(&path, Some(owner), None).expect("an owner");
        let panicking = with_settings(r#"{"panic":true}"#);
        let output = Command::new(&copy)
            .args(["list-accounts", "--json", &panicking, "--result-file-path"])
            .arg(&path)
            .uid(12_345)
            .gid(12_345)
            .output()
            .expect("it runs");
        assert_eq!(status(&output), expected, "{}", stderr(&output));
        let rejected = stderr(&output).contains("belongs to another user");
        let has_run = stderr(&output).contains("panicked");
        assert_eq!((rejected, has_run), (expected == 3, expected == 0), "{}", stderr(&output));
    }
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "needs root: cargo xtask test --system"]
fn mounted_file_is_rejected_before_the_call() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = "echo old >mounted && touch result.json && mount --bind mounted result.json && exec \"$@\"";
    let panicking = with_settings(r#"{"panic":true}"#);
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-c", script, "sh", env!("CARGO_BIN_EXE_mock-connector")])
        .args(["list-accounts", "--json", &panicking, "--result-file-path", "result.json"])
        .current_dir(folder.path())
        .output()
        .expect("it runs");
    assert_eq!(status(&output), 3, "{}", stderr(&output));
    assert!(stderr(&output).contains("a mount point cannot be replaced"), "{}", stderr(&output));
    assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(folder.path().join("mounted")).expect("a file"), "old\n");
}
