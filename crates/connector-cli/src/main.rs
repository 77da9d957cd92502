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
    /// Lists the standard capabilities with their effects and wire formats
    Capabilities {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Prints the OpenAPI 3.1 document of the standard capabilities as YAML
    Spec {
        /// Print JSON instead of YAML
        #[arg(long)]
        json: bool,
        /// Wire format to describe: classic or openapi
        #[arg(long, default_value_t)]
        wire: Wire,
    },
    /// Generates a new connector: a crate that builds, with tests and a mock upstream
    #[command(after_help = scaffold::HELP)]
    Scaffold(scaffold::Scaffold),
    /// Prints a completion script for a shell
    Completions {
        /// Shell to print the script for
        shell: Shell,
    },
    /// Checks that a connector, written in any language, honors the connector contract
    Check(check::Check),
    /// Builds the archive that the on-premise agent runs
    #[command(after_help = compile_on_prem::HELP)]
    CompileOnPrem(compile_on_prem::CompileOnPrem),
    /// Adds a capability to a connector: a handler stub, its test and its registration
    #[command(after_help = add::HELP)]
    Add(add::Add),
    /// Commands for developing a connector
    #[command(subcommand, alias = "dev")]
    Hacking(hacking::Hacking),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(hacking::own_options_first(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            eprint!("{}", without_user_info(&error.to_string()));
            return ExitCode::from(2);
        }
        // clap reports --help and --version as errors.
        Err(error) => return exit_code(print(error.to_string().as_bytes())),
    };
    exit_code(match cli.command {
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

/// Prints the error of a run, if any, and returns its exit status.
fn exit_code(run: Result<ExitCode, Stop>) -> ExitCode {
    run.unwrap_or_else(|stop| {
        if !stop.message.is_empty() {
            eprintln!("error: {}", without_user_info(&stop.message));
        }
        ExitCode::from(&stop)
    })
}
