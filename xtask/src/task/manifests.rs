//! Validates the manifests for Kubernetes against its schemas.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, bail};

use crate::report::Step;
use crate::task::test;
use crate::workspace::{Workspace, succeeds};

/// Every manifest in this folder is checked except the one that lists them, which belongs to kustomize.
const FOLDER: &str = "deploy/kubernetes";
const KUSTOMIZATION: &str = "kustomization.yaml";

/// Runs `kubernetes-validate`, which includes the schemas of the releases.
///
/// # Errors
/// If it cannot be installed, or there is nothing to check.
pub(crate) fn validate(workspace: &Workspace) -> anyhow::Result<Step> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(workspace.root().join(FOLDER)).context(FOLDER)? {
        let path = entry?.path();
        let is_manifest = path.extension().is_some_and(|extension| extension == "yaml");
        if is_manifest && !path.ends_with(KUSTOMIZATION) {
            files.push(path);
        }
    }
    if files.is_empty() {
        bail!("no manifest in {FOLDER}");
    }
    files.sort();
    let mut validate = workspace.command(program(workspace)?);
    let passed = succeeds(validate.arg("--strict").args(&files))?;
    Ok(Step::passed_or(passed, || "a manifest is invalid: see above".to_owned()))
}

/// Where `kubernetes-validate` is, in an environment that the conformance program creates.
fn program(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let mut venv = workspace.command(test::programs(workspace)?.join("conformance"));
    let venv = venv.args(["venv", "kubernetes-validate"]).stderr(Stdio::inherit());
    let output = venv.output().context("the conformance program could not be started")?;
    if !output.status.success() {
        bail!("kubernetes-validate could not be installed: see above");
    }
    let python = PathBuf::from(String::from_utf8(output.stdout)?.trim());
    Ok(python.with_file_name("kubernetes-validate"))
}
