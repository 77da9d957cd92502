//! `connector hacking`: tools for connectors in transition.

use std::process::ExitCode;

use clap::Subcommand;

use crate::unasync;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Makes `sync_` folders beside `async_` folders: the same code, blocking
    #[command(after_help = unasync::HELP)]
    Unasync(unasync::Options),
}

pub(crate) fn run(command: &Command) -> ExitCode {
    match command {
        Command::Unasync(options) => unasync::run(options),
    }
}
