//! The mock connector keeps the contract, as a program and as a server.

use crate::support::{check, ended, mock, mock_fixture, serving, serving_with_token, verdicts};

/// What its fixture does not have: what is created is not kept, so there is no creation to check.
const NOT_RUN: &[&str] = &["create-list-delete"];

fn assert_kept(json: &str) {
    let verdicts = verdicts(json);
    assert!(verdicts.len() > 15, "{json}");
    for (id, verdict) in verdicts {
        let expected = if NOT_RUN.contains(&id.as_str()) { "not_run" } else { "passed" };
        assert_eq!(verdict, expected, "{id}: {json}");
    }
}

#[test]
fn as_a_program() {
    let (status, stdout, stderr) =
        ended(check().arg("--json").arg("--fixture").arg(mock_fixture()).arg(mock()));
    assert_eq!(status, 0, "{stdout}{stderr}");
    assert_kept(&stdout);
}

#[test]
fn as_a_server() {
    let server = serving();
    let (status, stdout, stderr) =
        ended(check().args([&server.url(), "--json", "--fixture"]).arg(mock_fixture()));
    assert_eq!(status, 0, "{stdout}{stderr}");
    assert_kept(&stdout);
}

#[test]
fn as_a_server_that_asks_for_a_token() {
    let server = serving_with_token("canary-token");
    let asked = |token: &[(&str, &str)]| {
        let mut command = check();
        command.args([&server.url(), "--only", "info-complete"]).envs(token.iter().copied());
        if !token.is_empty() {
            command.args(["--token-env", "TOKEN"]);
        }
        ended(&mut command)
    };
    assert_eq!(asked(&[("TOKEN", "canary-token")]).0, 0);
    for (token, told) in [(&[][..], "asks for a token"), (&[("TOKEN", "wrong")], "does not take the token")] {
        let (status, _, stderr) = asked(token);
        assert!(status == 3 && stderr.contains(told) && !stderr.contains("wrong"), "{stderr}");
    }
}

#[test]
fn what_the_fixture_lacks_is_not_run() {
    let (status, stdout, _) = ended(check().args(["--only", "pages-end,pages-agree,ids-unique"]).arg(mock()));
    assert_eq!(status, 0, "{stdout}");
    assert_eq!(stdout.matches("the fixture has no auth").count(), 3, "{stdout}");
}

#[test]
fn in_the_other_wire_format() {
    let folder = tempfile::tempdir().unwrap();
    let fixture = folder.path().join("contract.json");
    let auth =
        r#"{ "auth": { "basic": { "username": "u", "password": "p" } }, "settings": { "accounts": 9 } }"#;
    std::fs::write(&fixture, auth).unwrap();
    let mut command = check();
    command.args(["--wire", "openapi", "--only", "info-complete,error-shape,pages-agree", "--fixture"]);
    let (status, stdout, stderr) = ended(command.arg(&fixture).arg(mock()));
    assert_eq!(status, 0, "{stdout}{stderr}");
    assert!(stdout.ends_with("3 passed, 0 failed, 0 not run\n"), "{stdout}");
    // A server does not change its format for being checked.
    let server = serving();
    let mut command = check();
    let (status, stdout, _) =
        ended(command.args(["--wire", "openapi", &server.url(), "--fixture"]).arg(&fixture));
    assert_eq!(status, 1, "{stdout}");
    assert!(stdout.contains("info is not written in the wire format openapi"), "{stdout}");
}
