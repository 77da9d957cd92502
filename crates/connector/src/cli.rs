//! The command line that every connector gets.
//!
//! ```text
//! <connector> info
//! <connector> list-accounts --json '{"auth": …, "request": {}}'
//! <connector> list-accounts --json-file request.json --result-file-path accounts.json.gz
//! ```
//!
//! What reaches a capability ends as exactly one JSON document on stdout and exit status 0, errors too; with
//! `--exit-status` an error is 1. Logs and messages go to stderr. Mistakes in the command line are 2; a file that
//! cannot be read, a result that cannot be written and an address that cannot be listened on are 3.

mod args;
mod duration;
mod hacking;
mod input;
mod logging;
mod output;
#[cfg(feature = "server")]
mod serve;
mod suggestion;
#[cfg(feature = "otlp")]
mod traces;

use std::process::ExitCode;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use args::Asked;
use logging::Log;
use tracing::level_filters::LevelFilter;

use crate::integration::{Answer, Integration};
use crate::redaction;
use crate::scrub;
use crate::wire::Wire;

/// How a run can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Success = 0,
    /// The capability failed, and the caller wants to see that in the status.
    Failed = 1,
    /// The command line is wrong.
    Usage = 2,
    /// Something could not be read or written.
    Io = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Something that ends a run early, and what to say of it.
#[derive(Debug)]
struct Stop {
    exit: Exit,
    message: String,
}

impl Stop {
    fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into() }
    }

    fn io(message: impl Into<String>) -> Self {
        Self { exit: Exit::Io, message: message.into() }
    }
}

/// Runs a connector's command line with the arguments of the process. The whole `main` of a connector:
///
/// ```no_run
/// # fn integration() -> connector::Integration { unimplemented!() }
/// fn main() -> std::process::ExitCode {
///     connector::cli::run(integration())
/// }
/// ```
#[must_use]
pub fn run(integration: Integration) -> ExitCode {
    let asked = match args::parse(&integration, std::env::args_os()) {
        Ok(asked) => asked,
        Err(error) => {
            // Help and version are errors to the parser, but not to the user.
            if error.use_stderr() {
                output::complain_as_is(&hushed(&error.to_string()));
                return Exit::Usage.into();
            }
            return match error.print() {
                Ok(()) => Exit::Success.into(),
                Err(_) => Exit::Io.into(),
            };
        }
    };
    match act(integration, asked) {
        Ok(exit) => exit.into(),
        Err(stop) => {
            if !stop.message.is_empty() {
                output::complain_as_is(&hushed(&format!("error: {}\n", stop.message)));
            }
            stop.exit.into()
        }
    }
}

/// A message without arguments that look like a request, since one in the wrong place still carries credentials, and
/// without the user information of URLs (RFC 3986, 3.2.1).
fn hushed(message: &str) -> String {
    // As a message shows what is no UTF-8.
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    let mut requests: Vec<&str> = arguments
        .iter()
        // `--option={…}` is shown as the option and its value.
        .filter_map(|argument| argument.find('{').map(|begin| &argument[begin..]))
        .filter(|request| request.len() > 2 && message.contains(request))
        .collect();
    scrub::sort(&mut requests);
    let hushed = requests.iter().fold(message.to_owned(), |message, request| message.replace(request, "…"));
    let hushed = redaction::without_user_info(&hushed);
    if requests.is_empty() {
        return hushed;
    }
    format!("{hushed}\nhint: a request is given with --json, or in a file with --json-file\n")
}

fn act(integration: Integration, asked: Asked) -> Result<Exit, Stop> {
    let call = match asked {
        Asked::Completions(script) => return output::stdout(&script).map(|()| Exit::Success),
        Asked::Call(call) => call,
        Asked::Hacking(hacking) => return hacking::run(hacking),
        #[cfg(feature = "server")]
        Asked::Serve { serve, wire, deadline, verbosity } => {
            // A server says what it does; a single call only what goes wrong.
            let log = Log::read(verbosity, LevelFilter::INFO)?;
            let ended = serve::run(&serve, configured(integration, wire, deadline)?, &log);
            log.flush();
            return ended;
        }
    };
    let log = Log::read(call.verbosity, LevelFilter::WARN)?;
    log.start();
    let ended = answer(integration, call);
    log.flush();
    ended
}

fn answer(integration: Integration, call: args::Call) -> Result<Exit, Stop> {
    let integration = configured(integration, call.wire, call.deadline)?;
    let request = input::read(call.input)?;
    // Before anything is done upstream: a result that cannot be kept must not cost an account.
    let output = output::Output::open(call.result_file.as_deref())?;
    let integration = Arc::new(integration);
    match ask(&integration, &call.capability, request) {
        Ok(Answer { body, outcome, .. }) => {
            output.write(&if call.pretty { output::pretty(&body) } else { body })?;
            Ok(if call.exit_status && outcome.is_error() { Exit::Failed } else { Exit::Success })
        }
        Err(message) => Err(Stop { exit: Exit::Failed, message }),
    }
}

/// Flags win over the environment, which wins over the builder.
fn configured(
    integration: Integration,
    wire: Option<Wire>,
    deadline: Option<Duration>,
) -> Result<Integration, Stop> {
    let wire = match wire {
        Some(wire) => Some(wire),
        None => env("CONNECTOR_WIRE")?
            .map(|name| name.parse().map_err(|error| Stop::usage(format!("CONNECTOR_WIRE: {error}"))))
            .transpose()?,
    };
    let deadline = match deadline {
        Some(deadline) => Some(deadline),
        None => env("CONNECTOR_DEADLINE")?
            .map(|text| {
                duration::parse(&text).map_err(|error| Stop::usage(format!("CONNECTOR_DEADLINE: {error}")))
            })
            .transpose()?,
    };
    let integration = match wire {
        Some(wire) => integration.with_wire(wire).map_err(|error| Stop::usage(error.to_string()))?,
        None => integration,
    };
    Ok(match deadline {
        Some(deadline) => integration.with_deadline(Some(deadline)),
        None => integration,
    })
}

fn env(name: &str) -> Result<Option<String>, Stop> {
    match std::env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Stop::usage(format!("{name}: not UTF-8"))),
    }
}

/// How much longer than its limit a handler is waited for: its own timer is the better judge, where it can run.
const BEYOND: Duration = Duration::from_millis(250);

/// What the thread of a call tells the one that waits for it.
enum Told {
    /// The handler has failed, and the exception handlers begin.
    Failing,
    Ended(Result<Answer, String>),
}

/// Asks the integration. What it does not handle comes back as the error's chain, without secrets.
fn ask(integration: &Arc<Integration>, name: &str, request: Vec<u8>) -> Result<Answer, String> {
    let Some(limit) = integration.deadline() else {
        return ask_here(integration, name, &request, || ());
    };
    // A handler that blocks its thread cannot be interrupted by its own runtime. It is left behind on a thread of its
    // own, and the process ends without it.
    let (sender, receiver) = mpsc::channel();
    let asked = Arc::clone(integration);
    let capability = name.to_owned();
    let thread = std::thread::Builder::new().name("call".to_owned()).stack_size(8 << 20);
    let spawned = thread.spawn(move || {
        // Nobody listens any more if a word comes too late.
        let failing = || drop(sender.send(Told::Failing));
        let answered = ask_here(&asked, &capability, &request, failing);
        let _ = sender.send(Told::Ended(answered));
    });
    if let Err(error) = spawned {
        return Err(format!("cannot start a thread: {error}"));
    }
    loop {
        match receiver.recv_timeout(limit.saturating_add(BEYOND)) {
            Ok(Told::Ended(answered)) => return answered,
            Ok(Told::Failing) => {}
            Err(mpsc::RecvTimeoutError::Timeout) => return Ok(integration.answer_unresponsive(name, None)),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                return Ok(integration.answer_unresponsive(name, Some("ended with its thread")));
            }
        }
    }
}

fn ask_here(
    integration: &Integration,
    name: &str,
    request: &[u8],
    failing: impl FnOnce() + Send,
) -> Result<Answer, String> {
    let answered = integration.blocking(integration.try_answer_in_stages(name, request, failing));
    answered.unwrap_or_else(Ok).map_err(|error| integration.told(name, request, error))
}
