//! Scripts that stand in for connectors which break down, hang, or take their request in another way.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{check, ended};

/// A program of these lines, in a folder of its own.
fn script(lines: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("connector");
    // Written by another process: while one here has the file open, a fork of another test keeps it busy.
    let write = "printf '#!/bin/sh\n%s\n' \"$1\" > \"$0\"; chmod +x \"$0\"";
    assert!(Command::new("sh").args(["-c", write]).arg(&program).arg(lines).status().unwrap().success());
    (folder, program)
}

const INFO: &str = r#"if [ "$1" = info ]; then echo '{"app_id":"s","capabilities":["list-accounts"],"capability_schema":{"list-accounts":{"argument":{},"output":{}}},"authentication_schema":null}'; exit; fi"#;
const REFUSED: &str = r#"echo '{"error":{"message":"no","error_code":"s.bad_request"},"response":null}'"#;

#[test]
fn a_program_that_breaks_down_fails_and_is_told_of() {
    let (folder, program) = script(&format!("{INFO}\necho oops >&2; exit 3"));
    let junit = folder.path().join("report.xml");
    let mut command = check();
    command.args(["--only", "info-complete,broken-json", "--junit"]).arg(&junit);
    let (status, stdout, _) = ended(command.arg(&program));
    assert_eq!(status, 1, "{stdout}");
    assert!(stdout.starts_with("passed   info-complete\nFAILED   broken-json: "), "{stdout}");
    assert!(stdout.contains("list-accounts: to a list it answered nothing (exit status 3)"), "{stdout}");
    let xml = fs::read_to_string(junit).unwrap();
    assert!(xml.contains(r#"tests="2" failures="1""#) && xml.contains("exit status 3"), "{xml}");
}

#[test]
fn a_program_that_does_not_end_is_not_waited_for() {
    let (_folder, program) = script("exec sleep 1000");
    let mut command = check();
    let (status, stdout, _) =
        ended(command.args(["--timeout", "200ms", "--only", "info-complete"]).arg(&program));
    assert_eq!(status, 1);
    assert!(stdout.contains("info: answered nothing (no end within 200ms)"), "{stdout}");
}

#[test]
fn a_program_that_does_not_know_json_file_gets_its_request_as_an_argument() {
    let lines = format!("{INFO}\nif [ \"$2\" != --json ]; then echo usage >&2; exit 2; fi\n{REFUSED}");
    let (_folder, program) = script(&lines);
    let (status, stdout, _) = ended(check().args(["--only", "broken-json,wrong-types"]).arg(&program));
    assert!(stdout.ends_with("2 passed, 0 failed, 0 not run\n"), "{status} {stdout}");
}

#[test]
fn a_request_goes_to_stdin_where_others_do_not_see_it() {
    let lines =
        format!("{INFO}\n[ \"$*\" = 'list-accounts --json-file -' ] && [ -n \"$(cat)\" ] && {REFUSED}");
    let (_folder, program) = script(&lines);
    let (status, stdout, _) = ended(check().args(["--json", "--only", "broken-json"]).arg(&program));
    assert_eq!(status, 0, "{stdout}");
    let report: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&report["app_id"], &report["passed"]), (&"s".into(), &1.into()));
}
