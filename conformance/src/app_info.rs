//! Checks the documents that `app_info` returns: with the checks of a published release, and with
//! `openapi-spec-validator`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Map, Value};

use crate::{build, venv};

/// The release whose checks are run, and the environment of the validator.
const RELEASE: &str = "4.280.0";
const TOOLS: &str = "openapi";

/// Runs the release's checks.
const LINT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/app_info/lint.py");

/// Checks the connectors `programs`, or those of the workspace if there are none. Returns whether there was no finding.
pub(crate) fn run(programs: &[&str]) -> Result<bool> {
    let peers = build::target_directory()?.join("peers");
    let release = venv::prepare(&peers, RELEASE)?;
    let tools = venv::prepare(&peers, TOOLS)?;
    let programs: Vec<PathBuf> = if programs.is_empty() {
        ["mock-connector", "unix-connector"].map(|name| test_support::program(name, name)).to_vec()
    } else {
        programs.iter().map(PathBuf::from).collect()
    };

    // Connectors that are built at the same time may be checked at the same time.
    let home = tempfile::tempdir().context("cannot create a folder")?;
    let mut connectors = Map::new();
    let mut documents = Vec::new();
    for program in &programs {
        let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let app_info = call(program, &["app_info", "--json", r#"{"request":{}}"#])?;
        let document = &app_info["response"]["app_schema"];
        ensure!(document.is_object(), "{name}: app_info returned {app_info}");
        documents.push(write(&home.path().join(format!("{name}.json")), document)?);
        let info = call(program, &["info"])?;
        connectors.insert(name, Value::from_iter([("app_info", app_info), ("info", info)]));
    }
    let all = write(&home.path().join("all.json"), &Value::Object(connectors))?;
    let is_clean = succeeds(Command::new(&release).arg(LINT).arg(&all))?;
    let validator = tools.with_file_name("openapi-spec-validator");
    let is_valid = succeeds(Command::new(validator).args(&documents))?;
    Ok(is_clean && is_valid)
}

/// Calls a capability in the openapi format.
fn call(program: &Path, args: &[impl AsRef<OsStr>]) -> Result<Value> {
    let output = Command::new(program)
        .args(args)
        .env("CONNECTOR_WIRE", "openapi")
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {}", program.display()))?;
    serde_json::from_slice(&output.stdout)
        .with_context(|| format!("{} did not print JSON", program.display()))
}

fn write(file: &Path, value: &Value) -> Result<PathBuf> {
    std::fs::write(file, value.to_string()).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file.to_owned())
}

fn succeeds(command: &mut Command) -> Result<bool> {
    let name = command.get_program().to_owned();
    let status =
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUTF8", "1").stdin(Stdio::null()).status();
    Ok(status.with_context(|| format!("cannot start {}", name.display()))?.success())
}
