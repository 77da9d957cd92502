//! The arguments of a connector's command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PathBufValueParser, TypedValueParser as _, ValueParser};
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command, value_parser};
use clap_complete::Shell;

use super::duration;
use super::hacking::{self, Hacking};
use super::input::Input;
use super::suggestion;
use crate::capability::{STANDARD_NAMES, same_name};
use crate::integration::Integration;
use crate::wire::Wire;

/// What the user requested.
pub(super) enum Action {
    /// A shell completion script.
    Completions(Vec<u8>),
    /// A call.
    Call(Call),
    /// A developer command.
    Hacking(Hacking),
    /// A server.
    #[cfg(feature = "server")]
    Serve { serve: super::serve::Serve, wire: Option<Wire>, deadline: Option<Duration>, verbosity: u8 },
}

/// A call of a capability or `info`.
pub(super) struct Call {
    pub(super) capability: String,
    pub(super) input: Input,
    pub(super) result_file: Option<PathBuf>,
    pub(super) pretty: bool,
    pub(super) exit_status: bool,
    pub(super) wire: Option<Wire>,
    pub(super) deadline: Option<Duration>,
    pub(super) verbosity: u8,
}

const AFTER_HELP: &str = "\
Hyphens and underscores in command names are equivalent.

Environment:
  CONNECTOR_WIRE      wire format, like --wire
  CONNECTOR_DEADLINE  time limit, like --deadline
  CONNECTOR_LOG       log level: off, error, warn (default), info, debug or trace

Environment of the on-premise agent:
  LUMOS_LOG_LEVEL             log level: DEBUG, INFO, WARNING, ERROR or CRITICAL; CONNECTOR_LOG overrides it
  LUMOS_LOG_DIRECTORY         log to a file in this folder, named after the app and the day, instead of stderr
  LUMOS_LOG_TO_STDOUT         true: log to stderr, even if there is a folder; stdout carries the response
  LUMOS_LOG_REQUEST_SETTINGS  log the settings of calls at info, without secrets: true (default if LUMOS_LOG_LEVEL is
                              set) or false
  LUMOS_ADDITIONAL_REDACTED_LOG_KEYS  names of settings whose values are not logged, comma-separated

Exit status:
  0  success, or an error in the response (see --exit-status)
  1  an unhandled error, or any error with --exit-status
  2  invalid arguments
  3  a file cannot be read, the result cannot be written, or the server cannot listen on its address";

/// Parses the arguments.
pub(super) fn parse(
    integration: &Integration,
    args: impl IntoIterator<Item = OsString>,
) -> Result<Action, clap::Error> {
    let args: Vec<OsString> = args.into_iter().collect();
    let program = args
        .first()
        .and_then(|path| std::path::Path::new(path).file_name())
        .map_or_else(|| integration.app_id().to_owned(), |name| name.to_string_lossy().into_owned());
    let wire = named_wire(&args).unwrap_or(integration.wire());
    let mut command = command(integration, wire, &program);
    let matches =
        command.try_get_matches_from_mut(args).map_err(|error| suggestion::keep_best(error, &command))?;
    let (name, matches) = matches.subcommand().unwrap_or(("info", &matches));
    if name == "completions" {
        let shell = *matches.get_one::<Shell>("shell").unwrap_or(&Shell::Bash);
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut command, program, &mut script);
        return Ok(Action::Completions(script));
    }
    if let Some(hacking) = (name == "hacking").then(|| hacking::read(matches)).flatten() {
        return Ok(Action::Hacking(hacking));
    }
    #[cfg(feature = "server")]
    {
        let hacked =
            matches.subcommand().filter(|(command, _)| (name, *command) == ("hacking", "http-server"));
        let server = if name == "serve" { Some(matches) } else { hacked.map(|(_, matches)| matches) };
        if let Some(matches) = server {
            let serve = super::serve::read(program, matches);
            let wire = matches.get_one::<Wire>("wire").copied();
            let deadline = matches.get_one::<Duration>("deadline").copied();
            return Ok(Action::Serve { serve, wire, deadline, verbosity: matches.get_count("verbose") });
        }
    }
    Ok(Action::Call(call(name, matches)))
}

fn call(name: &str, matches: &ArgMatches) -> Call {
    let json = matches.get_one::<OsString>("json").map(|text| text.clone().into_encoded_bytes());
    let file = matches.get_one::<PathBuf>("json-file").cloned();
    Call {
        capability: name.to_owned(),
        input: match (json, file) {
            (Some(json), _) => Input::Text(json),
            (None, Some(file)) if file.as_os_str() == "-" => Input::Stdin,
            (None, Some(file)) => Input::File(file),
            (None, None) => Input::Text(Vec::new()),
        },
        result_file: matches.get_one::<PathBuf>("result-file-path").cloned(),
        pretty: matches.get_flag("pretty"),
        exit_status: matches.get_flag("exit-status"),
        wire: matches.get_one::<Wire>("wire").copied(),
        deadline: matches.get_one::<Duration>("deadline").copied(),
        verbosity: matches.get_count("verbose"),
    }
}

/// Finds the wire format in the arguments or the environment. It determines which capabilities are listed.
fn named_wire(args: &[OsString]) -> Option<Wire> {
    let named = args.iter().zip(args.iter().skip(1)).find_map(|(option, value)| {
        if option == "--wire" {
            Some(value.to_str())
        } else {
            value.to_str()?.strip_prefix("--wire=").map(Some)
        }
    });
    match named {
        Some(name) => name?.parse().ok(),
        None => std::env::var("CONNECTOR_WIRE").ok()?.parse().ok(),
    }
}

/// Builds the commands. Only the capabilities available in `wire` are listed.
fn command(integration: &Integration, wire: Wire, program: &str) -> Command {
    let mut command = Command::new(program.to_owned())
        .version(integration.version().to_owned())
        .after_help(AFTER_HELP)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand_help_heading("Capabilities")
        .subcommand_value_name("CAPABILITY")
        .arg(
            Arg::new("verbose")
                .short('v')
                .long("verbose")
                .action(ArgAction::Count)
                .global(true)
                .display_order(900)
                .help("Log more: -v info, -vv debug, -vvv trace"),
        )
        .arg(
            Arg::new("wire")
                .long("wire")
                .value_name("FORMAT")
                .value_parser(ValueParser::new(|name: &str| name.parse::<Wire>()))
                .global(true)
                .display_order(901)
                .help("Wire format: classic or openapi"),
        )
        .arg(
            Arg::new("deadline")
                .long("deadline")
                .value_name("TIME")
                .value_parser(ValueParser::new(duration::parse))
                .global(true)
                .display_order(902)
                .help("Time limit of a handler: 30 (seconds), 500ms, 2m"),
        );
    // An empty description would print an empty line.
    if let Some(about) = &integration.description().description {
        command = command.about(about.clone());
    }
    let info = Command::new("info").about("Describes this connector and its capabilities").defer(|info| {
        let info = inputs(info).group(ArgGroup::new("input").args(["json", "json-file"]));
        options(info)
    });
    command = command.subcommand(info);
    for capability in integration.capabilities_in(wire) {
        let about = format!("{} [{}]", capability.description, capability.effect);
        command = command.subcommand(capability_command(capability.name).about(about));
    }
    // Accept standard capabilities that this connector doesn't have: the response reports that.
    for name in STANDARD_NAMES {
        if !integration.capabilities_in(wire).any(|capability| same_name(capability.name, name)) {
            command = command.subcommand(capability_command(name).hide(true));
        }
    }
    let hacking = hacking::command(program);
    #[cfg(feature = "server")]
    let hacking = {
        let serve = |name| {
            let command = Command::new(name).about("Serves the connector over HTTP");
            command.defer(super::serve::arguments)
        };
        command = command.subcommand(serve("serve"));
        hacking.subcommand(serve("http-server"))
    };
    command.subcommand(hacking).subcommand(
        Command::new("completions")
            .about("Prints a shell completion script")
            .arg(Arg::new("shell").required(true).value_parser(value_parser!(Shell)).help("The shell")),
    )
}

fn capability_command(name: &str) -> Command {
    let other = if name.contains('-') { name.replace('-', "_") } else { name.replace('_', "-") };
    let command = Command::new(name.to_owned());
    let command = if other == name { command } else { command.alias(other) };
    command.defer(|command| {
        options(inputs(command).group(ArgGroup::new("input").args(["json", "json-file"]).required(true)))
    })
}

fn inputs(command: Command) -> Command {
    command
        .arg(
            Arg::new("json")
                .long("json")
                .value_name("JSON")
                .value_parser(value_parser!(OsString))
                .allow_negative_numbers(true)
                .help(
                    "The request; use --json-file for credentials, because other users may see the command line",
                ),
        )
        .arg(
            Arg::new("json-file")
                .long("json-file")
                .value_name("FILE")
                .value_parser(path())
                .help("File that contains the request; - for stdin"),
        )
}

/// Parses the path of a file. Quotes around it are removed, because agents pass arguments on with the quotes that a shell
/// would remove: all double quotes first, then all single ones.
fn path() -> ValueParser {
    let unquoted = |path: PathBuf| match path.to_str().map(|text| text.trim_matches('"').trim_matches('\'')) {
        Some("") => Err("there is nothing between the quotes"),
        Some(text) => Ok(PathBuf::from(text)),
        None => Ok(path),
    };
    PathBufValueParser::new().try_map(unquoted).into()
}

fn options(command: Command) -> Command {
    command
        .arg(
            Arg::new("result-file-path")
                .long("result-file-path")
                .value_name("FILE")
                .value_parser(path())
                .help("Write the response to this file instead of stdout; gzip if the name ends in .gz"),
        )
        .arg(Arg::new("pretty").long("pretty").action(ArgAction::SetTrue).help("Indent the response"))
        .arg(
            Arg::new("exit-status")
                .long("exit-status")
                .action(ArgAction::SetTrue)
                .help("Exit with status 1 if the response is an error"),
        )
}
