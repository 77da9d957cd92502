//! `hacking`: what helps to develop a connector. Other programs do it: a connector has nothing of cargo in it.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use clap::{Arg, ArgMatches, Command, value_parser};

use super::{Exit, Stop};

/// The program with the tools for authors of connectors.
const TOOLS: &str = "connector";

/// Set for the program that a command is handed on to. It must not come back to a connector that has its name.
const HANDED_ON: &str = "CONNECTOR_HANDED_ON";

/// What is asked for.
pub(super) enum Hacking {
    BuildExecutable { arguments: Vec<OsString> },
    Test { directory: PathBuf, arguments: Vec<OsString> },
}

/// The commands, but for the server.
pub(super) fn command(program: &str) -> Command {
    let build = Command::new("build-executable")
        .about("Builds the executable to ship, with the program `connector`")
        .after_help("The options are those of `connector hacking build-executable`: its --help lists them.")
        .override_usage(format!("{program} hacking build-executable [-d FOLDER] [OPTIONS]"))
        .arg(arguments().trailing_var_arg(true).allow_hyphen_values(true).hide(true));
    let test = Command::new("test")
        .about("Runs the tests of the connector in a folder, with cargo")
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
        .about("Commands for developing the connector")
        .subcommand_required(true)
        .subcommand(build)
        .subcommand(test)
}

fn arguments() -> Arg {
    Arg::new("arguments").value_name("ARGUMENTS").num_args(0..).value_parser(value_parser!(OsString))
}

/// Reads the arguments of `hacking`, unless they are those of the server.
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
            if std::env::var_os(HANDED_ON).is_some() {
                return Err(Stop::io(format!(
                    "the first `{TOOLS}` on the PATH is a connector, not the program with the tools: {install}"
                )));
            }
            let mut tools = Process::new(TOOLS);
            tools.args(["hacking", "build-executable"]).args(arguments).env(HANDED_ON, "1");
            become_it(&mut tools, &format!("executables are built by the program `{TOOLS}`: {install}"))
        }
        Hacking::Test { directory, arguments } => {
            check(&directory)?;
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let mut cargo = Process::new(cargo);
            cargo.current_dir(&directory).arg("test").args(arguments);
            become_it(&mut cargo, "cargo is not there: install Rust (https://rustup.rs)")
        }
    }
}

/// Says so if there is no crate.
fn check(directory: &Path) -> Result<(), Stop> {
    let folder = directory
        .canonicalize()
        .ok()
        .filter(|folder| folder.is_dir())
        .ok_or_else(|| Stop::usage(format!("there is no folder {}", directory.display())))?;
    if folder.ancestors().any(|folder| folder.join("Cargo.toml").is_file()) {
        return Ok(());
    }
    Err(Stop::usage(format!(
        "there is no crate in {}: neither it nor a folder above it has a Cargo.toml",
        directory.display()
    )))
}

/// Makes this process another program, so that signals reach it and its exit status is this one's.
#[cfg(unix)]
fn become_it(program: &mut Process, missing: &str) -> Result<Exit, Stop> {
    use std::os::unix::process::CommandExt as _;
    let error = program.exec();
    Err(cannot_start(program, &error, missing))
}

/// Runs another program. Its exit status is told apart from success only.
#[cfg(not(unix))]
fn become_it(program: &mut Process, missing: &str) -> Result<Exit, Stop> {
    match program.status() {
        Ok(status) if status.success() => Ok(Exit::Success),
        Ok(_) => Ok(Exit::Failed),
        Err(error) => Err(cannot_start(program, &error, missing)),
    }
}

fn cannot_start(program: &Process, error: &io::Error, missing: &str) -> Stop {
    Stop::io(match error.kind() {
        io::ErrorKind::NotFound => missing.to_owned(),
        _ => format!("{} cannot be started: {error}", program.get_program().display()),
    })
}
