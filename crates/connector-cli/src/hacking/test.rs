//! `connector hacking test`: runs the tests of the connector in a folder.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::cargo::cargo;
use super::exec::exec;
use super::program;
use crate::stop::Stop;

#[derive(Args)]
#[command(after_help = "Exit status:\n  \
                  2  the command line is invalid\n  \
                  3  cargo cannot be started\n\
                  Otherwise, that of cargo test: 0 if all tests passed.")]
pub(crate) struct Test {
    /// The connector's folder
    #[arg(short, long, value_name = "FOLDER", default_value = ".")]
    directory: PathBuf,
    /// Arguments to pass to `cargo test`
    #[arg(last = true, value_name = "ARGUMENTS")]
    passed_on: Vec<OsString>,
}

impl Test {
    pub(super) fn run(self) -> Result<ExitCode, Stop> {
        program::locate(&self.directory)?;
        let mut cargo = cargo(&self.directory);
        exec(cargo.arg("test").args(self.passed_on))
    }
}
