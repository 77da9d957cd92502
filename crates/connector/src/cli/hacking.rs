//! `hacking`, also available as `dev`: commands for developing a connector. They run other programs, so that connectors
//! don't depend on cargo.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use clap::{Arg, ArgMatches, Command, value_parser};

use super::{Exit, Stop};

/// The program with the developer tools.
const TOOLS: &str = "connector";

/// Set when a command is passed on to the tools, to detect a connector that has the same name.
const RECURSION_GUARD: &str = "CONNECTOR_HANDED_ON";

/// The requested command.
pub(super) enum Hacking {
    BuildExecutable { arguments: Vec<OsString> },
    Test { directory: PathBuf, arguments: Vec<OsString> },
}

/// Builds the commands, except for the server.
pub(super) fn command(program: &str) -> Command {
    let build = Command::new("build-executable")
        .about("Builds the executable to ship, using the `connector` program")
        .after_help("For the options, see `connector hacking build-executable --help`.")
        .override_usage(format!("{program} hacking build-executable [-d FOLDER] [OPTIONS]"))
        .arg(arguments().trailing_var_arg(true).allow_hyphen_values(true).hide(true));
    let test = Command::new("test")
        .about("Runs the connector's tests with cargo")
        .arg(
            Arg::new("directory")
                .short('d')
                .long("directory")
                .value_name("FOLDER")
                .default_value(".")
                .value_parser(value_parser!(PathBuf))
                .help("The connector's folder"),
        )
        .arg(arguments().last(true).help("Arguments for `cargo test`"));
    Command::new("hacking")
        // The name in Python.
        .alias("dev")
        .about("Commands for developing the connector")
        .subcommand_required(true)
        .subcommand(build)
        .subcommand(test)
}

fn arguments() -> Arg {
    Arg::new("arguments").value_name("ARGUMENTS").num_args(0..).value_parser(value_parser!(OsString))
}

/// Parses the arguments of `hacking`, or returns `None` if the command is the server.
pub(super) fn read(matches: &ArgMatches) -> Option<Hacking> {
    let (name, matches) = matches.subcommand()?;
    let arguments =
        || matches.get_many::<OsString>("arguments").into_iter().flatten().cloned().collect::<Vec<_>>();
    match name {
        "build-executable" => Some(Hacking::BuildExecutable { arguments: arguments() }),
        "test" => Some(Hacking::Test {
            directory: matches.get_one::<PathBuf>("directory").cloned().unwrap_or_default(),
            arguments: arguments(),
        }),
        _ => None,
    }
}

pub(super) fn run(hacking: Hacking) -> Result<Exit, Stop> {
    match hacking {
        Hacking::BuildExecutable { arguments } => {
            let install = "install it with `cargo install lumos-connector-cli`";
            if std::env::var_os(RECURSION_GUARD).is_some() {
                return Err(Stop::io(format!(
                    "the first `{TOOLS}` in PATH is a connector, not the developer tools: {install}"
                )));
            }
            let mut tools = Process::new(TOOLS);
            tools.args(["hacking", "build-executable"]).args(arguments).env(RECURSION_GUARD, "1");
            exec(&mut tools, &format!("building executables requires the program `{TOOLS}`: {install}"))
        }
        Hacking::Test { directory, arguments } => {
            check(&directory)?;
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let mut cargo = Process::new(cargo);
            cargo.current_dir(&directory).arg("test").args(arguments);
            exec(&mut cargo, "cargo not found: install Rust (https://rustup.rs)")
        }
    }
}

/// Checks that there is a crate.
fn check(directory: &Path) -> Result<(), Stop> {
    let folder = directory
        .canonicalize()
        .ok()
        .filter(|folder| folder.is_dir())
        .ok_or_else(|| Stop::usage(format!("no such folder: {}", directory.display())))?;
    if folder.ancestors().any(|folder| folder.join("Cargo.toml").is_file()) {
        return Ok(());
    }
    Err(Stop::usage(format!("no Cargo.toml in {} or a folder above it", directory.display())))
}

/// Replaces this process by another program, which then receives signals and determines the exit status.
#[cfg(unix)]
fn exec(program: &mut Process, missing: &str) -> Result<Exit, Stop> {
    use std::os::unix::process::CommandExt as _;
    let error = program.exec();
    Err(cannot_start(program, &error, missing))
}

/// Runs another program. Only success and failure are distinguished.
#[cfg(not(unix))]
fn exec(program: &mut Process, missing: &str) -> Result<Exit, Stop> {
    match program.status() {
        Ok(status) if status.success() => Ok(Exit::Success),
        Ok(_) => Ok(Exit::Failed),
        Err(error) => Err(cannot_start(program, &error, missing)),
    }
}

fn cannot_start(program: &Process, error: &io::Error, missing: &str) -> Stop {
    Stop::io(match error.kind() {
        io::ErrorKind::NotFound => missing.to_owned(),
        _ => format!("cannot start {}: {error}", program.get_program().display()),
    })
}
