//! Runs the commands that the page shows.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::server::Server;

/// Characters that a shell, JSON and awk all treat specially.
const AWKWARD: &str = "p\u{e4}\"ss\\w\\n`o$HOME'rd $(id) & %s";

fn displayed(browser: &Browser, name: &str) -> String {
    browser.text(&format!("document.querySelector('pre[aria-label=\"{name}\"]').textContent"))
}

/// Runs a command in a shell that searches `folder` for programs first.
fn run(command: &str, folder: &Path, variables: &[(&str, &str)]) -> String {
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
    let mut shell = Command::new("sh");
    let output = shell.args(["-c", command]).env("PATH", path).envs(variables.iter().copied()).output();
    let output = output.expect("a shell");
    assert!(output.status.success() && output.stderr.is_empty(), "{command}\n{output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn commands_print_the_response_that_the_page_shows() {
    for (wire, variable) in [("classic", "AUTH_PASSWORD"), ("openapi", "AUTH_BASIC_PASSWORD")] {
        let server = Server::start_with(&["--wire", wire], None);
        let browser = server.page();
        browser.choose("list_accounts");
        browser.fill("username", "it's $ada");
        browser.fill("password", AWKWARD);
        browser.fill("accounts", "3");
        browser.click("Send");
        browser.wait_for(".status", "HTTP 200");
        let response: Value =
            serde_json::from_str(&browser.text("document.querySelector('.response pre').textContent"))
                .unwrap();
        let programs = Path::new(env!("CARGO_BIN_EXE_mock-connector")).parent().expect("a folder");
        for name in ["curl", "Command line"] {
            let printed = run(&displayed(&browser, name), programs, &[(variable, AWKWARD)]);
            assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), response, "{name}");
        }
    }
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn variables_are_passed_on_unchanged() {
    let server = Server::start();
    let browser = server.page();
    browser.choose("refresh_access_token");
    browser.fill("username", AWKWARD);
    browser.fill("client_secret", "canary-7Kq2-secret");
    assert!(!browser.everything().contains("7Kq2"));
    let programs = tempfile::tempdir().unwrap();
    for name in ["curl", "mock-connector"] {
        // Written by another process: if this one had the file open, a fork in another test would keep it busy.
        let write = "printf '#!/bin/sh\ncat\n' > \"$0\"; chmod +x \"$0\"";
        let program = programs.path().join(name);
        assert!(Command::new("sh").args(["-c", write]).arg(program).status().unwrap().success());
    }
    let key = "-----BEGIN KEY-----\nline\ttwo\n-----END KEY-----";
    let variables =
        [("AUTH_PASSWORD", AWKWARD), ("REQUEST_CLIENT_SECRET", key), ("REQUEST_REFRESH_TOKEN", "\\\\\"")];
    for name in ["curl", "Command line"] {
        let sent: Value =
            serde_json::from_str(&run(&displayed(&browser, name), programs.path(), &variables)).unwrap();
        assert_eq!(
            sent["auth"],
            json!({ "username": AWKWARD, "password": AWKWARD, "model": "basic" }),
            "{name}"
        );
        assert_eq!(sent["request"]["client_secret"], key, "{name}");
        assert_eq!(sent["request"]["refresh_token"], "\\\\\"", "{name}");
    }
}
