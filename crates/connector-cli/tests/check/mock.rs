//! The mock connector honors the contract as a program and as a server.

use crate::support::{check, mock, mock_fixture, run, serving, serving_with_token, verdicts};

/// Checks that cannot run: the mock connector does not keep accounts that it creates, and the classic format doesn't have
/// the capabilities that the others call.
const NOT_RUN: &[&str] = &[
    "app-info-agrees",
    "create-list-delete",
    "get-equals-list",
    "graphs-resolve",
    "probe-agrees",
    "recency-is-past",
    "updated-are-listed",
];

fn assert_honored(json: &str) {
    let verdicts = verdicts(json);
    assert!(verdicts.len() > 15, "{json}");
    for (id, verdict) in verdicts {
        let expected = if NOT_RUN.contains(&id.as_str()) { "not_run" } else { "passed" };
        assert_eq!(verdict, expected, "{id}: {json}");
    }
}

#[test]
fn mock_program_passes() {
    let (status, stdout, stderr) =
        run(check().arg("--json").arg("--fixture").arg(mock_fixture()).arg(mock()));
    assert_eq!(status, 0, "{stdout}{stderr}");
    assert_honored(&stdout);
}

#[test]
fn mock_server_passes() {
    let server = serving();
    let (status, stdout, stderr) =
        run(check().args([&server.url(), "--json", "--fixture"]).arg(mock_fixture()));
    assert_eq!(status, 0, "{stdout}{stderr}");
    assert_honored(&stdout);
}

#[test]
fn server_with_a_token_passes_only_with_the_token() {
    let server = serving_with_token("canary-token");
    let check_with = |token: &[(&str, &str)]| {
        let mut command = check();
        command.args([&server.url(), "--only", "info-complete"]).envs(token.iter().copied());
        if !token.is_empty() {
            command.args(["--token-env", "TOKEN"]);
        }
        run(&mut command)
    };
    assert_eq!(check_with(&[("TOKEN", "canary-token")]).0, 0);
    for (token, expected) in [(&[][..], "requires a token"), (&[("TOKEN", "wrong")], "rejects the token")] {
        let (status, _, stderr) = check_with(token);
        assert!(status == 3 && stderr.contains(expected) && !stderr.contains("wrong"), "{stderr}");
    }
}

#[test]
fn checks_without_required_fixture_data_are_not_run() {
    let (status, stdout, _) = run(check().args(["--only", "pages-end,pages-agree,ids-unique"]).arg(mock()));
    assert_eq!(status, 0, "{stdout}");
    assert_eq!(stdout.matches("the fixture has no auth").count(), 3, "{stdout}");
}

#[test]
fn openapi_wire_format_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let fixture = folder.path().join("contract.json");
    let auth =
        r#"{ "auth": { "basic": { "username": "u", "password": "p" } }, "settings": { "accounts": 9 } }"#;
    std::fs::write(&fixture, auth).unwrap();
    let mut command = check();
    command.args(["--wire", "openapi", "--only", "info-complete,app-info-agrees,pages-agree", "--fixture"]);
    let (status, stdout, stderr) = run(command.arg(&fixture).arg(mock()));
    assert_eq!(status, 0, "{stdout}{stderr}");
    assert!(stdout.ends_with("3 passed, 0 failed, 0 not run\n"), "{stdout}");
    // A server doesn't change its wire format for the check.
    let server = serving();
    let mut command = check();
    let (status, stdout, _) =
        run(command.args(["--wire", "openapi", &server.url(), "--fixture"]).arg(&fixture));
    assert_eq!(status, 1, "{stdout}");
    assert!(stdout.contains("info is not written in the wire format openapi"), "{stdout}");
}
