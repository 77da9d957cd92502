//! Mistakes in the command line and the fixture, and what cannot be reached.

use std::fs;
use std::net::TcpListener;

use crate::support::{check, ended};

#[test]
fn mistakes_end_with_2_and_name_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let fixture = folder.path().join("f.json");
    for (text, told) in [
        (r#"{ "auth": "s3cret" }"#, "f.json: auth: expected an object, found a string"),
        (r#"{ "assignment": {} }"#, "f.json: assignment.account_id: missing"),
        (r#"{ "passwort": 1 }"#, "f.json: passwort: unknown key"),
        ("{", "f.json: EOF while parsing an object at line 1"),
    ] {
        fs::write(&fixture, text).unwrap();
        let (status, stdout, stderr) = ended(check().arg("--fixture").arg(&fixture).arg("/bin/true"));
        assert_eq!((status, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains(told) && !stderr.contains("s3cret"), "{stderr}");
    }
    for (args, told) in [
        (&[][..], "PROGRAM|URL"),
        (&["x", "--only", "pages-end,nonsense"], "there is no such check, only info-complete, "),
        (&["x", "--timeout", "0"], "expected a time"),
        (&["--", "http://127.0.0.1:1", "list-accounts"], "nothing can come after"),
        (&["http://127.0.0.1:1", "--token-env", "NO_SUCH_VARIABLE"], "NO_SUCH_VARIABLE holds no token"),
        (&["x", "--token-env", "PATH"], "--token-env needs an address"),
    ] {
        let (status, _, stderr) = ended(check().args(args));
        assert_eq!(status, 2, "{args:?} {stderr}");
        assert!(stderr.contains(told), "{args:?} {stderr}");
    }
}

#[test]
fn what_cannot_be_reached_or_read_ends_with_3() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = format!("http://127.0.0.1:{port}");
    for (args, told) in [
        (&["/nowhere/connector"][..], "/nowhere/connector cannot be started"),
        (&[nobody.as_str()], "cannot be reached"),
        (&["--fixture", "/nowhere/f.json", "x"], "cannot read /nowhere/f.json"),
    ] {
        let (status, stdout, stderr) = ended(check().args(args));
        assert_eq!((status, stdout.as_str()), (3, ""), "{stderr}");
        assert!(stderr.contains(told), "{stderr}");
    }
}

#[test]
fn a_check_is_explained() {
    let (status, stdout, _) = ended(check().args(["--explain", "pages-end"]));
    assert_eq!(status, 0);
    assert!(stdout.starts_with("## pages-end\n\n**Requires** that a listing can be walked"), "{stdout}");
    assert!(stdout.contains("**Fix**") && !stdout.contains("## pages-agree"), "{stdout}");
}

#[test]
fn user_and_password_of_an_address_are_not_repeated() {
    let (status, _, stderr) = ended(check().arg("http://127.0.0.1:1/?token=canary"));
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
            let (ended, stdout, stderr) =
                ended(std::process::Command::new(env!("CARGO_BIN_EXE_connector")).args(args));
            assert_eq!((ended, stdout.as_str()), (status, ""), "{args:?} {stderr}");
            assert!(!stderr.contains("canary") && !stderr.contains("ry@"), "{args:?} {stderr}");
        }
    }
}

#[test]
fn a_token_in_place_of_its_variable_is_not_repeated() {
    for token in ["ghp_canary0123456789", "canary", "CANARY-canary=", "0canary"] {
        let (status, stdout, stderr) = ended(check().args(["http://127.0.0.1:1", "--token-env", token]));
        assert_eq!((status, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains("--token-env") && !stderr.contains("canary"), "{stderr}");
    }
}

#[test]
fn user_and_password_of_an_address_are_sent_as_basic_credentials() {
    use std::io::{BufRead as _, BufReader};
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let head = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(stream).lines().map(Result::unwrap);
        lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>()
    });
    let (_, stdout, stderr) =
        ended(check().args([&format!("http://user:canary@{address}"), "--only", "info-complete"]));
    assert!(!format!("{stdout}{stderr}").contains("canary"), "{stdout}{stderr}");
    let sent = head.join().unwrap();
    assert!(sent.iter().any(|line| line == "authorization: Basic dXNlcjpjYW5hcnk="), "{sent:?}");
}
