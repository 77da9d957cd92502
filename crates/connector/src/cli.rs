//! The command line of every connector.
//!
//! ```text
//! <connector> info
//! <connector> list-accounts --json '{"auth": …, "request": {}}'
//! <connector> list-accounts --json-file request.json --result-file-path accounts.json.gz
//! ```
//!
//! Every call that reaches a capability prints exactly one JSON document to stdout and exits with status 0, even if the
//! capability fails. With `--exit-status`, an error exits with 1. Logs and messages go to stderr. Usage errors exit
//! with 2. The status is 3 if a file can't be read, a result can't be written, or the server can't listen on its
//! address.
//!
//! A call that only reads ends at once on Ctrl-C or SIGTERM. A call that may change something finishes: the first signal
//! cancels it (see [`Cancellation`]), and its response is printed as usual. A second signal ends
//! it at once.

mod args;
mod duration;
mod hacking;
mod input;
mod logging;
mod output;
#[cfg(feature = "server")]
mod serve;
mod signals;
mod suggestion;
#[cfg(feature = "otlp")]
mod traces;

use std::process::ExitCode;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use args::Action;
use logging::Log;
use tracing::level_filters::LevelFilter;

use crate::cancellation::Cancellation;
use crate::integration::{Answer, Integration};
use crate::redaction;
use crate::scrub;
use crate::wire::Wire;

/// The exit status of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Success = 0,
    /// The capability failed, and the caller requested a status for it.
    Failed = 1,
    /// The arguments are invalid.
    Usage = 2,
    /// Something can't be read or written.
    Io = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Ends a run early, with a message.
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

/// Runs a connector's command line with the arguments of the process. This is usually all of a connector's `main`:
///
/// ```no_run
/// # fn integration() -> connector::Integration { unimplemented!() }
/// fn main() -> std::process::ExitCode {
///     connector::cli::run(integration())
/// }
/// ```
#[must_use]
pub fn run(integration: Integration) -> ExitCode {
    let action = match args::parse(&integration, std::env::args_os()) {
        Ok(action) => action,
        Err(error) => {
            // To the parser, help and version are errors.
            if error.use_stderr() {
                output::print_error(&redact_arguments(&error.to_string()));
                return Exit::Usage.into();
            }
            return match error.print() {
                Ok(()) => Exit::Success.into(),
                Err(_) => Exit::Io.into(),
            };
        }
    };
    match perform(integration, action) {
        Ok(exit) => exit.into(),
        Err(stop) => {
            if !stop.message.is_empty() {
                output::print_error(&redact_arguments(&format!("error: {}\n", stop.message)));
            }
            stop.exit.into()
        }
    }
}

/// Removes arguments that look like a request from a message, because misplaced requests still contain credentials.
/// Also removes the user info of URLs (RFC 3986, section 3.2.1).
fn redact_arguments(message: &str) -> String {
    // Messages show arguments that aren't UTF-8 in this form.
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    let mut requests: Vec<&str> = arguments
        .iter()
        // `--option={…}` is shown as the option and its value.
        .filter_map(|argument| argument.find('{').map(|begin| &argument[begin..]))
        .filter(|request| request.len() > 2 && message.contains(request))
        .collect();
    scrub::sort(&mut requests);
    let redacted = requests.iter().fold(message.to_owned(), |message, request| message.replace(request, "…"));
    let redacted = redaction::without_user_info(&redacted);
    if requests.is_empty() {
        return redacted;
    }
    format!("{redacted}\nhint: pass a request with --json, or in a file with --json-file\n")
}

fn perform(integration: Integration, action: Action) -> Result<Exit, Stop> {
    let call = match action {
        Action::Completions(script) => return output::stdout(&script).map(|()| Exit::Success),
        Action::Call(call) => call,
        Action::Hacking(hacking) => return hacking::run(hacking),
        #[cfg(feature = "server")]
        Action::Serve { serve, wire, deadline, verbosity } => {
            // A server logs what it does, a single call only problems.
            let log = Log::read(integration.app_id(), verbosity, LevelFilter::INFO)?;
            let ended = serve::run(&serve, configured(integration, wire, deadline)?, &log);
            log.flush();
            return ended;
        }
    };
    let log = Log::read(integration.app_id(), call.verbosity, LevelFilter::WARN)?;
    log.start();
    let ended = answer(integration, call);
    log.flush();
    ended
}

fn answer(integration: Integration, call: args::Call) -> Result<Exit, Stop> {
    let integration = configured(integration, call.wire, call.deadline)?;
    let request = input::read(call.input)?;
    // Opened before the call: if the result can't be saved, don't create an account, for example.
    let output = output::Output::open(call.result_file.as_deref())?;
    let integration = Arc::new(integration);
    let (name, started) = (&*call.capability, Instant::now());
    let cancellation = Cancellation::new();
    if !integration.only_reads(name)
        && let Err(error) = signals::let_finish(cancellation.clone())
    {
        tracing::warn!("a signal will interrupt the call: {error}");
    }
    match call_with_deadline(&integration, name, request, &cancellation) {
        Ok(Answer { body, outcome, .. }) => {
            let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::info!(
                target: "connector::call",
                capability = name,
                outcome = outcome.as_str(),
                code = outcome.code(),
                millis,
                "the call ended"
            );
            output.write(&if call.pretty { output::pretty(&body) } else { body })?;
            Ok(if call.exit_status && outcome.is_error() { Exit::Failed } else { Exit::Success })
        }
        Err(message) => Err(Stop { exit: Exit::Failed, message }),
    }
}

/// Applies the options. Flags override environment variables, which override the builder.
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
    let integration = match deadline {
        Some(deadline) => integration.with_deadline(Some(deadline)),
        None => integration,
    };
    Ok(integration.with_settings_log(logging::settings_log()?))
}

fn env(name: &str) -> Result<Option<String>, Stop> {
    match std::env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Stop::usage(format!("{name} must be UTF-8"))),
    }
}

/// How much longer than its deadline to wait for a handler. Its own timer is more accurate, if it gets to run.
const EXTRA_TIME: Duration = Duration::from_millis(250);

/// A message from the thread of a call to the waiting thread.
enum CallEvent {
    /// The handler failed, and the exception handlers start.
    HandlerFailed,
    Ended(Result<Answer, String>),
}

/// Calls the integration. An unhandled error is returned as the messages of its chain, without secrets.
fn call_with_deadline(
    integration: &Arc<Integration>,
    name: &str,
    request: Vec<u8>,
    cancellation: &Cancellation,
) -> Result<Answer, String> {
    let limits = [integration.deadline(), integration.time_limit(&request)];
    let Some(limit) = limits.into_iter().flatten().min() else {
        return call_on_this_thread(integration, name, &request, cancellation, || ());
    };
    // A handler that blocks its thread can't be interrupted by its runtime. It runs on a separate thread, and the
    // process can exit without waiting for it.
    let (sender, receiver) = mpsc::channel();
    let shared = Arc::clone(integration);
    let (capability, cancellation) = (name.to_owned(), cancellation.clone());
    let thread = std::thread::Builder::new().name("call".to_owned()).stack_size(8 << 20);
    let spawned = thread.spawn(move || {
        // Sending fails if the waiting thread has timed out.
        let failing = || drop(sender.send(CallEvent::HandlerFailed));
        let answered = call_on_this_thread(&shared, &capability, &request, &cancellation, failing);
        let _ = sender.send(CallEvent::Ended(answered));
    });
    if let Err(error) = spawned {
        return Err(format!("cannot start a thread: {error}"));
    }
    loop {
        match receiver.recv_timeout(limit.saturating_add(EXTRA_TIME)) {
            Ok(CallEvent::Ended(answered)) => return answered,
            Ok(CallEvent::HandlerFailed) => {}
            Err(mpsc::RecvTimeoutError::Timeout) => return Ok(integration.answer_unresponsive(name, limit)),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                return Ok(integration.answer_thread_ended(name));
            }
        }
    }
}

fn call_on_this_thread(
    integration: &Integration,
    name: &str,
    request: &[u8],
    cancellation: &Cancellation,
    failing: impl FnOnce() + Send,
) -> Result<Answer, String> {
    let answered =
        integration.blocking(integration.try_answer_in_stages(name, request, cancellation, failing));
    answered.unwrap_or_else(Ok).map_err(|error| integration.scrubbed_error_text(name, request, error))
}
