//! The mock connector's twins on published Python releases.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::cargo::cargo;

/// A twin, ready to run.
pub(crate) struct Twin {
    python: PathBuf,
    args: &'static [&'static str],
}

/// What is run on 3.2.0: a package in the folder with the data of the conformance run.
const PACKAGE: (&str, &[&str]) = ("3.2.0", &["-m", "mock_connector"]);
const PACKAGE_FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../conformance/peer");

/// What is run on 4.275.0.
const SCRIPT: (&str, &[&str]) =
    ("4.275.0", &[concat!(env!("CARGO_MANIFEST_DIR"), "/peer/mock_connector_4.py")]);

impl Twin {
    /// The twin on `release`. Makes the virtual environment that it runs in unless it is there.
    ///
    /// # Errors
    /// If there is no twin for this release, no Python, or the package index is out of reach.
    pub(crate) fn on(release: &str) -> Result<Self> {
        let (_, args) = [PACKAGE, SCRIPT]
            .into_iter()
            .find(|(known, _)| *known == release)
            .context("no twin is written for this release")?;
        Ok(Self { python: python(release)?, args })
    }

    /// The twin's command line.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.python);
        command.args(self.args).args(args).env("PYTHONPATH", PACKAGE_FOLDER);
        // What Python compiles, and the log files that 4 writes, stay out of the source.
        if let Some(home) = self.python.ancestors().nth(3) {
            command.current_dir(home).env("PYTHONPYCACHEPREFIX", home.join("pycache"));
        }
        command
    }
}

/// The Python of the environment that the conformance run keeps.
fn python(release: &str) -> Result<PathBuf> {
    let python = cargo(&["run", "--quiet", "--package", "conformance", "--", "venv", release])
        .context("its environment could not be made")?;
    Ok(python.trim().into())
}
