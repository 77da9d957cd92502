//! Signals during calls that change something. Those during other calls are in `result_files`.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::support::without_variables;

const REQUEST: &str =
    r#"{"auth":{"model":"basic","username":"u","password":"p"},"request":{"account_id":"1"}}"#;

/// A call of the awkward connector whose handler has begun.
struct Call {
    child: Child,
    stderr: BufReader<ChildStderr>,
}

impl Call {
    fn start(capability: &str) -> Self {
        // The test runner may ignore some signals, and child processes would inherit that.
        let mut command = without_variables(Command::new("env"));
        command.args([
            "--default-signal",
            env!("CARGO_BIN_EXE_awkward-connector"),
            capability,
            "--json",
            REQUEST,
        ]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut call = Self { child, stderr };
        assert_eq!(call.next_line(), "the handler has begun\n");
        call
    }

    fn next_line(&mut self) -> String {
        let mut line = String::new();
        self.stderr.read_line(&mut line).expect("UTF-8");
        line
    }

    fn send(&self, signal: &str) {
        let killed = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(killed.expect("kill runs").success());
    }

    /// Waits for the process to end. Returns its status, its output and the rest of its messages.
    fn end(mut self) -> (Option<i32>, String, String) {
        let mut messages = String::new();
        self.stderr.read_to_string(&mut messages).expect("UTF-8");
        let Output { status, stdout, .. } = self.child.wait_with_output().expect("it ends");
        (status.code(), String::from_utf8(stdout).expect("UTF-8"), messages)
    }
}

#[test]
fn first_signal_cancels_a_change_and_waits_for_its_response() {
    for signal in ["-INT", "-TERM"] {
        let call = Call::start("activate-account");
        call.send(signal);
        let (status, stdout, stderr) = call.end();
        assert_eq!(status, Some(0), "{signal}: {stderr}");
        assert!(stdout.contains(r#""activated":true"#), "{signal}: {stdout}");
        assert_eq!(stderr, "waiting for the call to end; another signal ends it immediately\n");
    }
}

#[test]
fn second_signal_ends_a_change_immediately() {
    let begun = Instant::now();
    for (first, second, expected) in [("-INT", "-TERM", 143), ("-TERM", "-INT", 130)] {
        let mut call = Call::start("deactivate-account");
        call.send(first);
        let note = call.next_line();
        assert!(note.starts_with("waiting"), "{note}");
        call.send(second);
        assert_eq!(call.end(), (Some(expected), String::new(), String::new()));
    }
    assert!(begun.elapsed() < Duration::from_secs(60), "the handler ended by itself");
}
