//! `connector hacking`: for developing a connector.

mod become_it;
mod build;
pub(crate) mod build_executable;
pub(crate) mod cargo;
mod http_server;
pub(crate) mod program;
mod test;

use std::process::ExitCode;

use clap::Subcommand;
pub(crate) use http_server::own_first;

use crate::stop::Stop;
use crate::unasync::{self, nesting::on_deep_stack};

#[derive(Subcommand)]
pub(crate) enum Hacking {
    /// Builds the connector in a folder and serves it over HTTP
    HttpServer(http_server::HttpServer),
    /// Builds the executable to ship: static and small, with an SBOM and the licences of what is in it
    BuildExecutable(build_executable::BuildExecutable),
    /// Runs the tests of the connector in a folder
    Test(test::Test),
    /// Makes `sync_` folders beside `async_` folders: the same code, blocking
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
