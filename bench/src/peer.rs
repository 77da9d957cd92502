//! The mock connector's twins on published Python releases.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::cargo::cargo;

/// A twin that is ready to run.
pub(crate) struct Twin {
    python: PathBuf,
    args: &'static [&'static str],
}

/// The twin on 3.2.0: a package in the data folder of the conformance tests.
const PACKAGE: (&str, &[&str]) = ("3.2.0", &["-m", "mock_connector"]);
/// The folders of the twin, and of the tenant that it shares with other twins.
const PACKAGE_FOLDERS: [&str; 2] = [
    concat!(env!("CARGO_MANIFEST_DIR"), "/../conformance/peer/3.2.0"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/../conformance/peer"),
];

/// The twin on 4.275.0.
const SCRIPT: (&str, &[&str]) =
    ("4.275.0", &[concat!(env!("CARGO_MANIFEST_DIR"), "/peer/mock_connector_4.py")]);

impl Twin {
    /// The twin on `release`. Creates its virtual environment if it is missing.
    ///
    /// # Errors
    /// If there is no twin for this release, or the environment can't be created.
    pub(crate) fn for_release(release: &str) -> Result<Self> {
        let (_, args) = [PACKAGE, SCRIPT]
            .into_iter()
            .find(|(known, _)| *known == release)
            .context("there is no twin for this release")?;
        Ok(Self { python: python(release)?, args })
    }

    /// The twin's command line.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.python);
        command.args(self.args).args(args).env("PYTHONPATH", PACKAGE_FOLDERS.join(":"));
        // Keep compiled Python files, and the log files that 4.275.0 writes, out of the source.
        if let Some(home) = self.python.ancestors().nth(3) {
            command.current_dir(home).env("PYTHONPYCACHEPREFIX", home.join("pycache"));
        }
        command
    }
}

/// The Python of the environment that the conformance tests create.
fn python(release: &str) -> Result<PathBuf> {
    let python = cargo(&["run", "--quiet", "--package", "conformance", "--", "venv", release])
        .context("cannot create its environment")?;
    Ok(python.trim().into())
}
