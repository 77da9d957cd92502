//! A connector written with a published Python release, whose faults are known.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;
use test_support::program;

use crate::support::{check, mock_fixture, run, verdicts, workspace};

const RELEASE: &str = "3.2.0";

/// The checks that the release fails, and a part of each failure message.
const KNOWN: &[(&str, &str)] = &[
    (
        "malformed-json",
        "returned nothing (exit status 1, a traceback that ends with json.decoder.JSONDecodeError)",
    ),
    ("wrong-types", "a traceback that ends with pydantic_core._pydantic_core.ValidationError"),
    ("missing-auth", "a traceback that ends with pydantic_core._pydantic_core.ValidationError"),
    ("error-shape", "the error is under `response` instead of `error`"),
    ("secrets-not-leaked", "a planted secret leaks into its other output"),
];

/// Python with the release installed, in a virtual environment that is created if missing.
fn python() -> PathBuf {
    let mut venv = Command::new(program("conformance", "conformance"));
    let output = venv.args(["venv", RELEASE]).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().trim().into()
}

#[test]
#[ignore = "needs the Python package index: cargo xtask test --system"]
fn only_the_known_faults_of_the_release_are_reported() {
    let mut command = check();
    // The folders contain the mock connector's Python twin and its tenant as packages.
    let folder = workspace().join("conformance/peer");
    command.current_dir(folder.join(RELEASE)).env("PYTHONPATH", folder).env("PYTHONDONTWRITEBYTECODE", "1");
    command
        .args(["--json", "--fixture"])
        .arg(mock_fixture())
        .arg("--")
        .arg(python())
        .args(["-m", "mock_connector"]);
    let (status, stdout, stderr) = run(&mut command);
    assert_eq!(status, 1, "{stdout}{stderr}");
    let report: Value = serde_json::from_str(&stdout).unwrap();
    for (id, expected) in KNOWN {
        let check = report["checks"].as_array().unwrap().iter().find(|check| check["id"] == *id).unwrap();
        assert!(check["failures"].to_string().contains(expected), "{id}: {check:#}");
    }
    let failed: Vec<String> =
        verdicts(&stdout).into_iter().filter(|(_, verdict)| verdict == "failed").map(|(id, _)| id).collect();
    assert_eq!(failed, KNOWN.iter().map(|(id, _)| *id).collect::<Vec<_>>(), "{stdout}");
}
