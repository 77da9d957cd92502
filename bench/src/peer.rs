//! The mock connector's twins on published Python releases.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::cargo::cargo;

/// A twin that is ready to run.
pub(crate) struct Twin {
    python: PathBuf,
    packages: OsString,
}

/// The data folder of the conformance tests: a folder for each release with its twin, and what the twins share.
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../conformance/peer");

impl Twin {
    /// The twin on `release`. Creates its virtual environment if it is missing.
    ///
    /// # Errors
    /// If there is no twin for this release, or the environment can't be created.
    pub(crate) fn for_release(release: &str) -> Result<Self> {
        let data = Path::new(DATA);
        let packages = std::env::join_paths([data.join(release), data.to_owned()])?;
        Ok(Self { python: python(release)?, packages })
    }

    /// The twin's command line.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.python);
        command.args(["-m", "mock_connector"]).args(args).env("PYTHONPATH", &self.packages);
        // Keep compiled Python files, and the log files that 4.280.0 writes, out of the source.
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
