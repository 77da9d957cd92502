//! Virtual environments for packages from the Python package index. An environment is created once, and again if its
//! requirements change.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// Written last, so an environment without it is incomplete. Contains the installed requirements.
const STAMP: &str = "installed.txt";

/// The requirements of each environment. Environments named after a release are for that release of connector-py.
const ENVIRONMENTS: &[(&str, &[&str])] = &[
    ("3.2.0", &["connector-py[all]==3.2.0", "httpx", "fastapi", "uvicorn"]),
    ("4.275.0", &["connector-py[dev]==4.275.0", "uvicorn"]),
    ("cyclonedx", &["cyclonedx-python-lib[json-validation]"]),
    ("kubernetes-validate", &["kubernetes-validate"]),
    // Pinned, because newer releases may find more problems.
    ("openapi", &["openapi-spec-validator==0.9.0", "schemathesis==4.32.5", "PyYAML==6.0.3"]),
];

/// Creates the environment `name` in `home` if it is missing. Returns the path of its Python.
pub(crate) fn prepare(home: &Path, name: &str) -> Result<PathBuf> {
    let Some((_, requirements)) = ENVIRONMENTS.iter().find(|(known, _)| *known == name) else {
        let known: Vec<&str> = ENVIRONMENTS.iter().map(|(known, _)| *known).collect();
        bail!("unknown environment {name}; expected one of {}", known.join(", "))
    };
    let stamp = requirements.join("\n");
    let folder = home.join("venv");
    let python = folder.join("bin").join("python");
    if is_complete(home, &python, &stamp) {
        return Ok(python);
    }
    fs::create_dir_all(home).with_context(|| format!("cannot create {}", home.display()))?;
    remove(&home.join(STAMP))?;

    eprintln!("creating a virtual environment in {}", folder.display());
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv", "--clear"]).arg(&folder);
    match status(&mut venv) {
        Ok(true) => {}
        Ok(false) => bail!(
            "python3 -m venv failed, see above; if a module is missing, install it (Debian: the package python3-venv)"
        ),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!(
                "python3 is not installed: install Python 3.10 or newer and its venv module (Debian: python3-venv)"
            )
        }
        Err(error) => return Err(error).context("cannot start python3"),
    }

    eprintln!("installing {}", requirements.join(" "));
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(*requirements);
    if !status(&mut pip).context("cannot start the environment's Python")? {
        bail!("pip could not install {}, see above; is the package index reachable?", requirements.join(" "));
    }
    fs::write(home.join(STAMP), stamp).context("cannot record the installed requirements")?;
    Ok(python)
}

/// Whether the environment has the right requirements and its Python still runs. It stops working when the system's
/// Python is replaced.
fn is_complete(home: &Path, python: &Path, stamp: &str) -> bool {
    let runs = || Command::new(python).args(["-c", ""]).stderr(Stdio::null()).status();
    fs::read_to_string(home.join(STAMP)).is_ok_and(|found| found == stamp)
        && runs().is_ok_and(|status| status.success())
}

fn remove(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", file.display()))
        }
        _ => Ok(()),
    }
}

/// Runs a command and shows its output on stderr. Stdout is reserved for the result.
fn status(command: &mut Command) -> std::io::Result<bool> {
    command.stdin(Stdio::null()).stdout(std::io::stderr()).status().map(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environment_requires_the_right_stamp_and_a_working_python() {
        let home = std::env::temp_dir().join(format!("conformance-venv-{}", std::process::id()));
        fs::create_dir_all(&home).unwrap();
        // Any program that accepts `-c ''` can replace Python here.
        let (runs, missing) = (Path::new("/bin/sh"), Path::new("/nowhere/python"));
        assert!(!is_complete(&home, runs, "a"), "no stamp");
        fs::write(home.join(STAMP), "a").unwrap();
        assert!(is_complete(&home, runs, "a"));
        assert!(!is_complete(&home, runs, "b"), "another stamp");
        assert!(!is_complete(&home, missing, "a"), "no Python");
        fs::remove_dir_all(&home).unwrap();
    }
}
