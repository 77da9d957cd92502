//! Runs the program.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use test_support::Serving;

pub(crate) const REQUEST: &str =
    r#"{"auth":{"model":"basic","username":"u","password":"p"},"request":{},"page":{"size":2}}"#;

/// The program, without the environment variables that it reads.
pub(crate) fn program() -> Command {
    without_variables(Command::new(env!("CARGO_BIN_EXE_mock-connector")))
}

/// Removes the environment variables that connectors read.
pub(crate) fn without_variables(mut command: Command) -> Command {
    for name in ["CONNECTOR_WIRE", "CONNECTOR_DEADLINE", "CONNECTOR_LOG"] {
        command.env_remove(name);
    }
    for name in [
        "LUMOS_LOG_LEVEL",
        "LUMOS_LOG_DIRECTORY",
        "LUMOS_LOG_TO_STDOUT",
        "LUMOS_LOG_REQUEST_SETTINGS",
        "LUMOS_ADDITIONAL_REDACTED_LOG_KEYS",
    ] {
        command.env_remove(name);
    }
    command
}

pub(crate) fn run(args: &[&str]) -> Output {
    program().args(args).output().expect("the program runs")
}

/// Starts a server. `args` start with the command.
pub(crate) fn serve(args: &[&str]) -> Serving {
    let mut command = program();
    command.args(args);
    Serving::start(command)
}

/// Runs the program with `input` on stdin.
pub(crate) fn run_with(args: &[&str], input: &[u8]) -> Output {
    let mut child = program()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input));
        child.wait_with_output().expect("the program ends")
    })
}

pub(crate) fn status(output: &Output) -> i32 {
    output.status.code().expect("an exit status")
}

/// Stdout, which must be exactly one JSON document and a line break.
pub(crate) fn answer(output: &Output) -> Value {
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    assert!(text.ends_with('\n') && !text.trim_end().contains('\n'), "{text}");
    serde_json::from_str(&text).expect("one JSON document")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The request with these settings.
pub(crate) fn with_settings(settings: &str) -> String {
    REQUEST.replace("\"request\"", &format!("\"settings\":{settings},\"request\""))
}
