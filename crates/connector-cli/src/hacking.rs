//! `connector hacking`: commands for developing a connector.

mod build;
pub(crate) mod build_executable;
pub(crate) mod cargo;
mod exec;
mod http_server;
pub(crate) mod program;
mod test;

use std::process::ExitCode;

use clap::Subcommand;
pub(crate) use http_server::own_options_first;

use crate::stop::Stop;
use crate::unasync::{self, nesting::on_deep_stack};

#[derive(Subcommand)]
pub(crate) enum Hacking {
    /// Builds the connector in a folder and serves it over HTTP
    HttpServer(http_server::HttpServer),
    /// Builds the executable that you ship (static on Linux), with an SBOM and third-party licenses
    #[command(after_help = build_executable::HELP)]
    BuildExecutable(build_executable::BuildExecutable),
    /// Runs the tests of the connector in a folder
    Test(test::Test),
    /// Generates a blocking module `sync_` next to every module `async_`
    #[command(after_help = unasync::HELP)]
    Unasync(unasync::Options),
}

impl Hacking {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        match self {
            Self::HttpServer(http_server) => http_server.run(),
            Self::BuildExecutable(build_executable) => build_executable.run(),
            Self::Test(test) => test.run(),
            Self::Unasync(options) => on_deep_stack(|| unasync::run(&options)),
        }
    }
}
