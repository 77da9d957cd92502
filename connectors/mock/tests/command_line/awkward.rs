//! The command line of a connector that misbehaves.

use std::process::{Command, Output};
use std::time::{Duration, Instant};

const REQUEST: &str =
    r#"{"auth":{"model":"basic","username":"u","password":"canary-password"},"request":{}}"#;

fn awkward(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_awkward-connector")).args(args).output().expect("the program runs")
}

#[test]
fn unhandled_error_is_printed_without_secrets_and_exits_with_1() {
    let output = awkward(&["list-accounts", "--json", REQUEST]);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "error: cannot sign in as ***: connection refused\n");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
}

#[test]
fn bad_request_gets_an_error_response() {
    let output = awkward(&["list-accounts", "--json", "{}"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("awkward.bad_request"));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn blocking_handler_does_not_outlive_the_deadline() {
    let start = Instant::now();
    let output = awkward(&["validate-credentials", "--json", REQUEST, "--deadline", "100ms"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("awkward.internal_error"));
    assert_eq!(output.status.code(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn logs_and_panics_during_deserialization_are_handled() {
    for (host, code) in [("h", "unhandled"), ("", "awkward.internal_error")] {
        let settings = format!("\"settings\":{{\"old_host\":{host:?}}},\"request\"");
        let output = awkward(&["list-accounts", "--json", &REQUEST.replace("\"request\"", &settings)]);
        let (printed, log) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(log.contains("`old_host` is deprecated") && !log.contains("canary"), "{log}");
        match code {
            "unhandled" => assert_eq!((output.status.code(), printed.len()), (Some(1), 0)),
            code => assert!(printed.contains(code), "{printed} {log}"),
        }
    }
}

#[test]
fn a_handler_that_blocks_its_thread_does_not_outlive_the_callers_time_limit() {
    let begun = Instant::now();
    let request = r#"{"auth":{"basic":{"username":"u","password":"p"}},"rate_limit":{"max_execution_time":1},"request":{}}"#;
    let output = awkward(&["validate_credentials", "--wire", "openapi", "--json", request]);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("the connector did not respond within 1s"), "{printed}");
    assert_eq!(output.status.code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(30));
}
