//! The program never prints secrets, even at the most verbose log level.

use std::sync::LazyLock;

use connector::testing::Canary;
use serde_json::{Value, json};

use crate::support::{run, status, stderr};

static CANARY: LazyLock<Canary> = LazyLock::new(Canary::new);

/// Runs the program at trace level. Returns everything that it prints.
fn everything(capability: &str, request: &str) -> String {
    let output = run(&["-vvv", capability, "--json", request]);
    format!("{}{}", String::from_utf8_lossy(&output.stdout), stderr(&output))
}

fn assert_not_leaked(printed: &str) {
    assert!(!printed.is_empty());
    CANARY.assert_not_in(printed);
}

fn request(settings: &Value) -> Value {
    json!({
        "auth": {"model": "basic", "username": CANARY.secret(), "password": CANARY.secret()},
        "request": {},
        "settings": settings,
    })
}

#[test]
fn credentials_are_not_leaked_by_success_failure_or_panic() {
    for settings in [json!({}), json!({"fail_with_status": 500}), json!({"panic": true})] {
        assert_not_leaked(&everything("list-accounts", &request(&settings).to_string()));
        assert_not_leaked(&everything("validate-credentials", &request(&settings).to_string()));
    }
}

#[test]
fn secrets_in_place_of_auth_and_settings_are_not_leaked() {
    let mut whole_auth = request(&json!({}));
    whole_auth["auth"] = CANARY.secret().into();
    assert_not_leaked(&everything("list-accounts", &whole_auth.to_string()));
    assert_not_leaked(&everything("list-accounts", &request(&CANARY.secret().into()).to_string()));
    assert_not_leaked(&everything(
        "list-accounts",
        &request(&json!({"accounts": CANARY.secret()})).to_string(),
    ));
    assert_not_leaked(&everything(
        "list-accounts",
        &request(&json!({CANARY.secret(): CANARY.secret()})).to_string(),
    ));
}

#[test]
fn truncated_json_does_not_leak_secrets() {
    let whole = request(&json!({"accounts": CANARY.secret()})).to_string();
    for end in (1..whole.len()).step_by(7).filter(|end| whole.is_char_boundary(*end)) {
        assert_not_leaked(&everything("list-accounts", &whole[..end]));
    }
}

#[test]
fn failed_token_requests_do_not_leak_secrets() {
    let mut failing = request(&json!({"fail_with_status": 400}));
    failing["request"] =
        json!({"client_id": "c", "client_secret": CANARY.secret(), "refresh_token": CANARY.secret()});
    assert_not_leaked(&everything("refresh_access_token", &failing.to_string()));
}

#[test]
fn misplaced_requests_are_not_repeated() {
    let request = request(&json!({})).to_string();
    for args in [
        &["list-accounts", &request][..],
        &[&request],
        &["list-accounts", "--json-file", &request],
        &["list-accounts", "--json", "{}", "--result-file-path", &format!("/no/such/{request}")],
        &["list-accounts", "--json", "{}", &format!("--wire={request}")],
    ] {
        let output = run(args);
        let printed = format!("{}{}", String::from_utf8_lossy(&output.stdout), stderr(&output));
        assert_not_leaked(&printed);
        assert!(printed.contains("--json"), "{printed}");
    }
}

#[test]
fn user_of_a_url_is_not_repeated() {
    for address in [
        "http://user:canary@no.invalid",
        "HTTPS://user:can@ary/canary@no.invalid/x",
        "user:canary@no.invalid",
    ] {
        for args in [
            &[address][..],
            &["serve", "-p", address],
            &["serve", "-p", "0", "--host", address],
            &["serve", "-p", "0", "--cors", &format!("{address}/")],
            &["serve", &format!("--cors={address}/")],
            &["list-accounts", "--json-file", address],
            &["list-accounts", "--json", "{}", "--result-file-path", &format!("{address}/x")],
        ] {
            let output = run(args);
            let message = stderr(&output);
            assert_eq!(output.stdout.len(), 0);
            assert!(message.contains("…@no.invalid") && !message.contains("ary"), "{args:?}: {message}");
        }
    }
}

#[test]
fn token_in_place_of_its_variable_is_not_repeated() {
    let long = "canary".repeat(11);
    for token in
        ["ghp_canary0123456789", "canary", "CANARY-canary=", "0canary", &long, "canary.canary canary"]
    {
        for args in [&["--token-env", token][..], &[&format!("--token-env={token}")]] {
            let output = run(&[&["serve", "-p", "0"], args].concat());
            let message = stderr(&output);
            assert_eq!((status(&output), output.stdout.len()), (2, 0));
            assert!(message.contains("--token-env") && !message.contains("canary"), "{args:?}: {message}");
        }
    }
}
