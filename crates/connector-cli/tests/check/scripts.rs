//! Scripts that act as connectors which crash, hang, or take their request differently.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{check, run};

/// Creates an executable script with these lines in its own folder.
fn script(lines: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("connector");
    // Written by another process: if this one had the file open, a fork in another test would keep it busy.
    let write = "printf '#!/bin/sh\n%s\n' \"$1\" > \"$0\"; chmod +x \"$0\"";
    assert!(Command::new("sh").args(["-c", write]).arg(&program).arg(lines).status().unwrap().success());
    (folder, program)
}

const INFO: &str = r#"if [ "$1" = info ]; then echo '{"app_id":"s","capabilities":["list-accounts"],"capability_schema":{"list-accounts":{"argument":{},"output":{}}},"authentication_schema":null}'; exit; fi"#;
const REJECTED: &str = r#"echo '{"error":{"message":"no","error_code":"s.bad_request"},"response":null}'"#;

#[test]
fn crashing_program_fails_the_check() {
    let (folder, program) = script(&format!("{INFO}\necho oops >&2; exit 3"));
    let junit = folder.path().join("report.xml");
    let mut command = check();
    command.args(["--only", "info-complete,malformed-json", "--junit"]).arg(&junit);
    let (status, stdout, _) = run(command.arg(&program));
    assert_eq!(status, 1, "{stdout}");
    assert!(stdout.starts_with("passed   info-complete\nFAILED   malformed-json: "), "{stdout}");
    assert!(stdout.contains("list-accounts: given a list, it returned nothing (exit status 3)"), "{stdout}");
    let xml = fs::read_to_string(junit).unwrap();
    assert!(xml.contains(r#"tests="2" failures="1""#) && xml.contains("exit status 3"), "{xml}");
}

#[test]
fn program_that_does_not_exit_times_out() {
    let (_folder, program) = script("exec sleep 1000");
    let mut command = check();
    let (status, stdout, _) =
        run(command.args(["--timeout", "200ms", "--only", "info-complete"]).arg(&program));
    assert_eq!(status, 1);
    assert!(stdout.contains("info: returned nothing (still running after 200ms)"), "{stdout}");
}

#[test]
fn request_is_passed_as_argument_if_json_file_is_unsupported() {
    let lines = format!("{INFO}\nif [ \"$2\" != --json ]; then echo usage >&2; exit 2; fi\n{REJECTED}");
    let (_folder, program) = script(&lines);
    let (status, stdout, _) = run(check().args(["--only", "malformed-json,wrong-types"]).arg(&program));
    assert!(stdout.ends_with("2 passed, 0 failed, 0 not run\n"), "{status} {stdout}");
}

#[test]
fn request_is_passed_on_stdin() {
    let lines =
        format!("{INFO}\n[ \"$*\" = 'list-accounts --json-file -' ] && [ -n \"$(cat)\" ] && {REJECTED}");
    let (_folder, program) = script(&lines);
    let (status, stdout, _) = run(check().args(["--json", "--only", "malformed-json"]).arg(&program));
    assert_eq!(status, 0, "{stdout}");
    let report: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&report["app_id"], &report["passed"]), (&"s".into(), &1.into()));
}
