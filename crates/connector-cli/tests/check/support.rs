//! Runs `connector check`, and provides a connector to check.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;
use test_support::{Serving, program};

pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The fixture of the mock connector's own tests.
pub(crate) fn mock_fixture() -> PathBuf {
    workspace().join("connectors/mock/tests/contract.json")
}

/// The mock connector's program.
pub(crate) fn mock() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| program("mock-connector", "mock-connector"))
}

/// `connector check` without the environment variables that it reads.
pub(crate) fn check() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_connector"));
    command.arg("check");
    for variable in ["CONNECTOR_WIRE", "CONNECTOR_DEADLINE", "CONNECTOR_LOG", "SSL_CERT_FILE", "SSL_CERT_DIR"]
    {
        command.env_remove(variable);
    }
    for name in ["all_proxy", "https_proxy", "http_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_ascii_uppercase());
    }
    command
}

/// Runs a command. Returns its exit status, stdout and stderr.
pub(crate) fn run(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// The mock connector as a running server.
pub(crate) fn serving() -> Serving {
    let mut command = Command::new(mock());
    command.args(["serve", "-p", "0"]);
    Serving::start(command).without_log()
}

/// A running server that requires this token.
pub(crate) fn serving_with_token(token: &str) -> Serving {
    let mut command = Command::new(mock());
    command.args(["serve", "-p", "0", "--token-env", "TOKEN"]).env("TOKEN", token);
    Serving::start(command).without_log()
}

/// The id and verdict of each check, in the order of the report.
pub(crate) fn verdicts(json: &str) -> Vec<(String, String)> {
    let report: Value = serde_json::from_str(json).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let checks = report["checks"].as_array().unwrap();
    checks.iter().map(|check| (text(&check["id"]), text(&check["verdict"]))).collect()
}
