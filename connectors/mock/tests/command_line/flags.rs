//! Flags, and the environment variables that they override.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{REQUEST, answer, program, run, status, with_settings};

const OPENAPI: &str = r#"{"auth":{"basic":{"username":"u","password":"p"}},"request":{},"page":{"size":2}}"#;

#[test]
fn response_is_one_document_with_status_0_even_for_errors() {
    let output = run(&["list-accounts", "--json", REQUEST]);
    assert_eq!(answer(&output)["response"]["accounts"].as_array().map(Vec::len), Some(2));
    assert_eq!(status(&output), 0);
    let failing = with_settings(r#"{"fail_with_status":404}"#);
    let output = run(&["list-accounts", "--json", &failing]);
    assert_eq!(answer(&output)["error"]["error_code"], "mock-connector.not_found");
    assert_eq!(status(&output), 0);
    assert_eq!(status(&run(&["list-accounts", "--json", &failing, "--exit-status"])), 1);
    assert_eq!(status(&run(&["list-accounts", "--json", REQUEST, "--exit-status"])), 0);
}

#[test]
fn command_names_accept_hyphens_and_underscores() {
    let hyphens = run(&["list-accounts", "--json", REQUEST]);
    assert_eq!(run(&["list_accounts", "--json", REQUEST]).stdout, hyphens.stdout);
}

#[test]
fn pretty_only_changes_the_layout() {
    let pretty = run(&["list-accounts", "--json", REQUEST, "--pretty"]).stdout;
    assert!(pretty.starts_with(b"{\n  \"response\""));
    let pretty: Value = serde_json::from_slice(&pretty).unwrap();
    assert_eq!(pretty, answer(&run(&["list-accounts", "--json", REQUEST])));
}

#[test]
fn wire_flag_overrides_the_environment() {
    let in_env =
        |wire: &str, args: &[&str]| program().env("CONNECTOR_WIRE", wire).args(args).output().unwrap();
    let openapi = answer(&in_env("openapi", &["list-accounts", "--json", OPENAPI]));
    assert_eq!(openapi["response"].as_array().map(Vec::len), Some(2));
    let classic = answer(&in_env("openapi", &["list-accounts", "--json", REQUEST, "--wire", "classic"]));
    assert!(classic["response"]["accounts"].is_array());
    let before = answer(&in_env("classic", &["--wire", "openapi", "list-accounts", "--json", OPENAPI]));
    assert_eq!(before, openapi, "the flag may come before the command");
    assert_eq!(status(&in_env("soap", &["list-accounts", "--json", REQUEST])), 2);
}

#[test]
fn deadline_ends_a_slow_call() {
    let start = Instant::now();
    let slow = with_settings(r#"{"delay_ms":60000}"#);
    let output = run(&["list-accounts", "--json", &slow, "--deadline", "100ms"]);
    assert_eq!(answer(&output)["error"]["error_code"], "mock-connector.internal_error");
    let output =
        program().env("CONNECTOR_DEADLINE", "0.1").args(["list-accounts", "--json", &slow]).output().unwrap();
    assert_eq!(answer(&output)["error"]["error_code"], "mock-connector.internal_error");
    assert!(start.elapsed() < Duration::from_secs(30));
}
