//! Signals during calls that change something. Those during other calls are in `result_files`.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::support::without_variables;

const REQUEST: &str =
    r#"{"auth":{"model":"basic","username":"u","password":"p"},"request":{"account_id":"1"}}"#;

/// Starts a call, and waits until signals no longer end the process.
fn start(capability: &str) -> Child {
    // The test runner may ignore some signals, and child processes would inherit that.
    let mut command = without_variables(Command::new("env"));
    command.args([
        "--default-signal",
        env!("CARGO_BIN_EXE_awkward-connector"),
        capability,
        "--json",
        REQUEST,
    ]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let until = Instant::now() + Duration::from_secs(60);
    while !handles_sigterm(child.id()) {
        assert!(Instant::now() < until, "no signal handler was installed");
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

/// Whether a process has a handler for SIGTERM, as `/proc` shows it.
fn handles_sigterm(id: u32) -> bool {
    const SIGTERM: u32 = 15;
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("a process");
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).expect("a mask");
    u64::from_str_radix(caught.trim(), 16).expect("hex") & (1 << (SIGTERM - 1)) != 0
}

fn send(signal: &str, child: &Child) {
    let killed = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(killed.expect("kill runs").success());
}

fn end(child: Child) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn first_signal_cancels_a_change_and_waits_for_its_response() {
    for signal in ["-INT", "-TERM"] {
        let child = start("activate-account");
        send(signal, &child);
        let (status, stdout, stderr) = end(child);
        assert_eq!(status, Some(0), "{signal}: {stderr}");
        assert!(stdout.contains(r#""activated":true"#), "{signal}: {stdout}");
        assert_eq!(stderr, "waiting for the call to end; another signal ends it immediately\n");
    }
}

#[test]
fn second_signal_ends_a_change_immediately() {
    let begun = Instant::now();
    for (first, second, expected) in [("-INT", "-TERM", 143), ("-TERM", "-INT", 130)] {
        let mut child = start("deactivate-account");
        send(first, &child);
        let mut note = String::new();
        BufReader::new(child.stderr.as_mut().expect("a pipe")).read_line(&mut note).expect("a line");
        assert!(note.starts_with("waiting"), "{note}");
        send(second, &child);
        assert_eq!(end(child), (Some(expected), String::new(), String::new()));
    }
    assert!(begun.elapsed() < Duration::from_secs(60), "the handler ended by itself");
}
