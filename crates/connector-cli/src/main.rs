//! The `connector` program: tools for authors of connectors.

#![expect(clippy::print_stderr, reason = "a program's output")]

mod add;
mod capabilities;
mod check;
mod compile_on_prem;
mod hacking;
mod output;
mod scaffold;
mod spec;
mod stop;
mod unasync;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;
use connector::Wire;
use connector::redaction::without_user_info;
use output::print;
use stop::Stop;
use unasync::nesting::on_deep_stack;

/// Tools for authors of identity-governance connectors.
#[derive(Parser)]
#[command(name = "connector", version, arg_required_else_help = true, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Lists the standard capabilities, what a call of each does, and which wire formats have it
    Capabilities {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Prints the OpenAPI document (3.1) of the standard capabilities, as YAML
    Spec {
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The wire format: classic or openapi
        #[arg(long, default_value_t)]
        wire: Wire,
    },
    /// Makes a connector to begin with: a crate that builds, its tests, and an upstream to try it on
    #[command(after_help = scaffold::HELP)]
    Scaffold(scaffold::Scaffold),
    /// Prints a script that completes command lines in a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Checks that a connector, of any language, keeps its contract
    Check(check::Check),
    /// Builds the archive that the on-premise agent unpacks and runs
    #[command(after_help = compile_on_prem::HELP)]
    CompileOnPrem(compile_on_prem::CompileOnPrem),
    /// Adds a capability to the connector in a folder: a handler to be filled in, its test and its registration
    #[command(after_help = add::HELP)]
    Add(add::Add),
    /// Commands for developing a connector
    #[command(subcommand)]
    Hacking(hacking::Hacking),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(hacking::own_first(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            eprint!("{}", without_user_info(&error.to_string()));
            return ExitCode::from(2);
        }
        // Help and version are errors to the parser, but not to the user.
        Err(error) => return ended(print(error.to_string().as_bytes())),
    };
    ended(match cli.command {
        Command::Capabilities { json: true } => print(&capabilities::json()),
        Command::Capabilities { json: false } => print(&capabilities::table()),
        Command::Spec { json: true, wire } => print(&spec::json(wire)),
        Command::Spec { json: false, wire } => spec::yaml(wire).and_then(|yaml| print(&yaml)),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "connector", &mut script);
            print(&script)
        }
        Command::Scaffold(scaffold) => scaffold.run(),
        Command::Check(check) => check.run(),
        Command::CompileOnPrem(compile) => compile.run(),
        Command::Add(add) => on_deep_stack(|| add.run()),
        Command::Hacking(hacking) => hacking.run(),
    })
}

/// The exit status of a run, after its message if it ended early.
fn ended(run: Result<ExitCode, Stop>) -> ExitCode {
    run.unwrap_or_else(|stop| {
        if !stop.message.is_empty() {
            eprintln!("error: {}", without_user_info(&stop.message));
        }
        ExitCode::from(&stop)
    })
}
