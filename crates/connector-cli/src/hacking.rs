//! `connector hacking`: for developing a connector.

mod build;
mod http_server;
mod program;

use std::process::ExitCode;

use clap::Subcommand;
pub(crate) use http_server::own_first;

use crate::stop::Stop;
use crate::unasync;

#[derive(Subcommand)]
pub(crate) enum Hacking {
    /// Builds the connector in a folder and serves it over HTTP
    HttpServer(http_server::HttpServer),
    /// Makes `sync_` folders beside `async_` folders: the same code, blocking
    #[command(after_help = unasync::HELP)]
    Unasync(unasync::Options),
}

impl Hacking {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        match self {
            Self::HttpServer(http_server) => http_server.run(),
            Self::Unasync(options) => Ok(unasync::run(&options)),
        }
    }
}
