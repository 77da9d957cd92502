//! The vectors in this folder pass, failing vectors are reported, and help is printed.

use std::process::Command;

fn vectors(file: &str) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_conformance"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["vectors", file])
        .output()
        .expect("the runner runs");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn help_may_be_read_in_part() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = Command::new(env!("CARGO_BIN_EXE_conformance"))
        .arg("--help")
        .stdout(writer)
        .output()
        .expect("it runs");
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

#[test]
fn classic_vectors_pass() {
    assert_eq!(vectors("vectors/classic.jsonl"), (Some(0), "624 passed, 0 failed\n".to_owned()));
}

#[test]
fn openapi_vectors_pass() {
    assert_eq!(vectors("vectors/openapi.jsonl"), (Some(0), "1248 passed, 0 failed\n".to_owned()));
}

#[test]
fn failing_vectors_are_reported_by_line() {
    let lines = [
        r#"{"wire":"classic","capability":"validate-credentials","kind":"response","valid":true,"value":{"response":{"valid":true}},"canonical":{"response":{"valid":false}}}"#,
        r#"{"wire":"classic","capability":"validate-credentials","kind":"response","valid":false,"value":{"response":{"valid":true}}}"#,
        r#"{"wire":"classic","capability":"validate-credentials","kind":"request","valid":true,"value":{}}"#,
        r#"{"wire":"openapi","capability":"rotate_badge","kind":"request","valid":true,"value":{}}"#,
    ];
    let folder = std::env::temp_dir().join(format!("vectors-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("wrong.jsonl");
    std::fs::write(&file, lines.join("\n")).expect("a file");
    let (status, printed) = vectors(file.to_str().expect("UTF-8"));
    std::fs::remove_dir_all(&folder).expect("the folder is removed");
    assert_eq!(status, Some(1));
    for expected in [
        "wrong.jsonl:1: validate-credentials response: .response.valid: false is written as true",
        "wrong.jsonl:2: validate-credentials response: accepted, but the release rejects it",
        "wrong.jsonl:3: validate-credentials request: rejected, but the release accepts it: request is required",
        "wrong.jsonl:4: rotate_badge request: this wire format does not have the capability yet",
    ] {
        assert!(printed.contains(expected), "{printed}");
    }
    assert!(printed.ends_with("0 passed, 4 failed\n"), "{printed}");
}
