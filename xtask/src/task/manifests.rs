//! The manifests for Kubernetes, held against its own schemas.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, bail};

use crate::report::Step;
use crate::task::test;
use crate::workspace::{Workspace, succeeds};

/// Every manifest there is checked, but for the one that names them: it is kustomize's and not Kubernetes'.
const FOLDER: &str = "deploy/kubernetes";
const KUSTOMIZATION: &str = "kustomization.yaml";

/// Runs `kubernetes-validate`, which brings the schemas of the releases along.
///
/// # Errors
/// When it cannot be installed, or there is nothing to check.
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
        bail!("there is no manifest in {FOLDER}");
    }
    files.sort();
    let mut validate = workspace.command(program(workspace)?);
    let passed = succeeds(validate.arg("--strict").args(&files))?;
    Ok(Step::passed_or(passed, || "a manifest is not as Kubernetes wants it: see above".to_owned()))
}

/// `kubernetes-validate`, in the environment that the conformance program keeps for it.
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
