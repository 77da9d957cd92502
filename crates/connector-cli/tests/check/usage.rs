//! Errors in the command line and the fixture, and connectors that cannot be reached.

use std::fs;
use std::net::TcpListener;

use crate::support::{check, run};

#[test]
fn invalid_arguments_and_fixtures_exit_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let fixture = folder.path().join("f.json");
    for (text, expected) in [
        (r#"{ "auth": "s3cret" }"#, "f.json: auth: expected an object, found a string"),
        (r#"{ "assignment": {} }"#, "f.json: assignment.account_id is required"),
        (r#"{ "passwort": 1 }"#, "f.json: passwort: unknown key"),
        ("{", "f.json: EOF while parsing an object at line 1"),
    ] {
        fs::write(&fixture, text).unwrap();
        let (status, stdout, stderr) = run(check().arg("--fixture").arg(&fixture).arg("/bin/true"));
        assert_eq!((status, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains(expected) && !stderr.contains("s3cret"), "{stderr}");
    }
    for (args, expected) in [
        (&[][..], "PROGRAM|URL"),
        (&["x", "--only", "pages-end,nonsense"], "unknown check; expected one of info-complete, "),
        (&["x", "--timeout", "0"], "expected a duration"),
        (&["--", "http://127.0.0.1:1", "list-accounts"], "takes no further arguments"),
        (&["http://127.0.0.1:1", "--token-env", "NO_SUCH_VARIABLE"], "NO_SUCH_VARIABLE holds no token"),
        (&["x", "--token-env", "PATH"], "--token-env requires a server URL"),
    ] {
        let (status, _, stderr) = run(check().args(args));
        assert_eq!(status, 2, "{args:?} {stderr}");
        assert!(stderr.contains(expected), "{args:?} {stderr}");
    }
}

#[test]
fn unreachable_connectors_and_unreadable_fixtures_exit_with_3() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let unused_url = format!("http://127.0.0.1:{port}");
    for (args, expected) in [
        (&["/nowhere/connector"][..], "/nowhere/connector cannot be started"),
        (&[unused_url.as_str()], "cannot connect to"),
        (&["--fixture", "/nowhere/f.json", "x"], "cannot read /nowhere/f.json"),
    ] {
        let (status, stdout, stderr) = run(check().args(args));
        assert_eq!((status, stdout.as_str()), (3, ""), "{stderr}");
        assert!(stderr.contains(expected), "{stderr}");
    }
}

#[test]
fn explain_prints_one_check() {
    let (status, stdout, _) = run(check().args(["--explain", "pages-end"]));
    assert_eq!(status, 0);
    assert!(stdout.starts_with("## pages-end\n\n**Requires** that a listing can be walked"), "{stdout}");
    assert!(stdout.contains("**Fix**") && !stdout.contains("## pages-agree"), "{stdout}");
}

#[test]
fn help_lists_the_exit_statuses() {
    let (_, stdout, _) = run(check().arg("--help"));
    let statuses: Vec<&str> = stdout.lines().skip_while(|line| *line != "Exit status:").skip(1).collect();
    assert_eq!(statuses.len(), 4, "{stdout}");
    for (status, line) in (0..).zip(statuses) {
        assert!(line.starts_with(&format!("  {status}  ")), "{stdout}");
    }
    assert!(stdout.contains("a file cannot be read"), "{stdout}");
}

#[test]
fn credentials_in_a_url_are_not_repeated() {
    let (status, _, stderr) = run(check().arg("http://127.0.0.1:1/?token=canary"));
    assert!(status == 2 && stderr.contains("query") && !stderr.contains("canary"), "{stderr}");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let at = |start: &str| format!("{start}127.0.0.1:{port}");
    for (address, status) in [
        (at("http://user:canary@"), 3),
        (at("HTTP://user:can@ry@"), 3),
        (at("http://user:can ry@"), 2),
        (at("ftp://user:canary@"), 2),
        (at("user:canary@"), 3),
    ] {
        for (args, status) in [
            (&["check", address.as_str()][..], status),
            (&["check", &address, "--only", &address], 2),
            (&["check", "--fixture", &address, &address], 3),
            (&[&address], 2),
            (&["scaffold", "acme", "acme", "--no-input", &format!("--base-url={address}")], 2),
        ] {
            let (exit_status, stdout, stderr) =
                run(std::process::Command::new(env!("CARGO_BIN_EXE_connector")).args(args));
            assert_eq!((exit_status, stdout.as_str()), (status, ""), "{args:?} {stderr}");
            assert!(!stderr.contains("canary") && !stderr.contains("ry@"), "{args:?} {stderr}");
        }
    }
}

#[test]
fn token_in_place_of_its_variable_is_not_repeated() {
    for token in ["ghp_canary0123456789", "canary", "CANARY-canary=", "0canary"] {
        let (status, stdout, stderr) = run(check().args(["http://127.0.0.1:1", "--token-env", token]));
        assert_eq!((status, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains("--token-env") && !stderr.contains("canary"), "{stderr}");
    }
}

#[test]
fn credentials_in_a_url_are_sent_as_basic_credentials() {
    use std::io::{BufRead as _, BufReader};
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let head = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(stream).lines().map(Result::unwrap);
        lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>()
    });
    let (_, stdout, stderr) =
        run(check().args([&format!("http://user:canary@{address}"), "--only", "info-complete"]));
    assert!(!format!("{stdout}{stderr}").contains("canary"), "{stdout}{stderr}");
    let sent = head.join().unwrap();
    assert!(sent.iter().any(|line| line == "authorization: Basic dXNlcjpjYW5hcnk="), "{sent:?}");
}
