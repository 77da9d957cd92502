//! `serve`, also available as `hacking http-server`: serves the connector over HTTP.

use std::io;
use std::net::SocketAddr;
use std::num::NonZero;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use clap::builder::ValueParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use tokio::net::TcpListener;

use super::logging::Log;
use super::signals::Signals;
#[cfg(feature = "otlp")]
use super::traces::Traces;
use super::{Exit, Stop, duration, env, output};
use crate::integration::Integration;
use crate::redaction;
use crate::secret::Secret;
use crate::server::{HostName, Origin, Server};

/// The options of the server.
pub(super) struct Serve {
    program: String,
    host: String,
    port: u16,
    prefix_app_id: bool,
    token_env: Option<String>,
    insecure: bool,
    origins: Vec<Origin>,
    hosts: Vec<HostName>,
    status_from_error: bool,
    access_log: bool,
    timeout: Option<Duration>,
    grace: Option<Duration>,
    body_limit: Option<usize>,
    concurrency: Option<usize>,
    memory_limit: Option<usize>,
    connections: Option<usize>,
}

/// Adds the command's arguments.
pub(super) fn arguments(command: Command) -> Command {
    command
        .arg(
            option("port", "PORT", "Port; 0 picks a free one")
                .short('p')
                .default_value("8000")
                .value_parser(value_parser!(u16)),
        )
        .arg(option("host", "ADDRESS", "Address to listen on").default_value("127.0.0.1"))
        .arg(flag("prefix-app-id", "Put the routes below /<app_id>"))
        .arg(option("token-env", "NAME", "Require the bearer token in this environment variable"))
        .arg(flag("insecure", "Allow listening without a token on an address that others can reach"))
        .arg(
            option(
                "cors",
                "ORIGIN",
                "Allow pages of this origin to read responses; repeatable, * allows every page",
            )
            .action(ArgAction::Append)
            .value_parser(ValueParser::new(|text: &str| text.parse::<Origin>())),
        )
        .arg(
            option(
                "allow-host",
                "NAME",
                "Accept this Host too, for example from a reverse proxy; repeatable [env: CONNECTOR_ALLOW_HOST, \
                 comma-separated]",
            )
            .action(ArgAction::Append)
            .value_parser(ValueParser::new(|text: &str| text.parse::<HostName>())),
        )
        .arg(flag("http-status-from-error", "Map errors to HTTP statuses instead of 200"))
        .arg(flag("no-access-log", "Don't log each request"))
        .arg(
            option("timeout", "TIME", "Time limit of a call: 30 (seconds), 500ms, 2m [default: 5m]")
                .value_parser(ValueParser::new(duration::parse)),
        )
        .arg(
            option("grace", "TIME", "Time for calls in progress to finish when the server stops [default: 25s]")
                .value_parser(ValueParser::new(duration::parse)),
        )
        .arg(
            option("body-limit", "BYTES", "Maximum size of a request body [default: 33554432]")
                .value_parser(value_parser!(usize)),
        )
        .arg(
            option("concurrency", "CALLS", "Maximum number of concurrent calls [default: 256]")
                .value_parser(value_parser!(usize)),
        )
        .arg(
            option("connections", "COUNT", "Maximum number of concurrent connections [default: 4096]")
                .value_parser(value_parser!(usize)),
        )
        .arg(
            option(
                "memory-limit",
                "BYTES",
                "Maximum total size of request and response bodies [default: 268435456]",
            )
            .value_parser(value_parser!(usize)),
        )
}

fn option(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help)
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

/// Parses the arguments of `program`.
pub(super) fn read(program: String, matches: &ArgMatches) -> Serve {
    Serve {
        program,
        host: matches.get_one::<String>("host").cloned().unwrap_or_default(),
        port: matches.get_one::<u16>("port").copied().unwrap_or_default(),
        prefix_app_id: matches.get_flag("prefix-app-id"),
        token_env: matches.get_one::<String>("token-env").cloned(),
        insecure: matches.get_flag("insecure"),
        origins: matches.get_many::<Origin>("cors").into_iter().flatten().cloned().collect(),
        hosts: matches.get_many::<HostName>("allow-host").into_iter().flatten().cloned().collect(),
        status_from_error: matches.get_flag("http-status-from-error"),
        access_log: !matches.get_flag("no-access-log"),
        timeout: matches.get_one::<Duration>("timeout").copied(),
        grace: matches.get_one::<Duration>("grace").copied(),
        body_limit: matches.get_one::<usize>("body-limit").copied(),
        concurrency: matches.get_one::<usize>("concurrency").copied(),
        memory_limit: matches.get_one::<usize>("memory-limit").copied(),
        connections: matches.get_one::<usize>("connections").copied(),
    }
}

/// Serves until the process is asked to stop.
pub(super) fn run(serve: &Serve, integration: Integration, log: &Log) -> Result<Exit, Stop> {
    let is_open = serve.token_env.is_none() && !serve.insecure;
    if is_open && serve.origins.iter().any(Origin::is_any) {
        return Err(Stop::usage(
            "--cors '*' without a token lets every page in a browser on this machine call this server: list the origins, \
             require a token with --token-env, or pass --insecure",
        ));
    }
    #[cfg(feature = "otlp")]
    let traces = Traces::start(integration.app_id(), integration.version())?;
    #[cfg(feature = "otlp")]
    match &traces {
        Some(traces) => log.start_with(traces),
        None => log.start(),
    }
    #[cfg(not(feature = "otlp"))]
    log.start();
    let server = configured(serve, integration)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(worker_threads()?)
        .enable_all()
        .build()
        .map_err(|error| Stop::io(format!("cannot start a runtime: {error}")))?;
    let stopped = Arc::new(OnceLock::new());
    let ended = runtime.block_on(async {
        let (listener, address) = bind(serve).await?;
        if is_open && !address.ip().is_loopback() {
            return Err(Stop::usage(format!(
                "others can reach {address}: require a token with --token-env, or pass \
                 --insecure"
            )));
        }
        let signals = Signals::listen();
        let mut signals = signals.map_err(|error| Stop::io(format!("cannot wait for signals: {error}")))?;
        let stop = async {
            signals.next().await;
            let _ = stopped.set(Instant::now());
        };
        output::print_line(&format!("http://{address}"));
        output::print_line(&format!("http://{address}/docs"));
        server.serve(listener, stop).await.map_err(|error| Stop::io(error.to_string()))
    });
    // Don't wait for abandoned blocking calls, but let the others record that they were cancelled.
    runtime.shutdown_timeout(Duration::from_millis(100));
    #[cfg(feature = "otlp")]
    if let Some(traces) = traces {
        let grace = serve.grace.unwrap_or(Server::GRACE);
        traces.flush(grace.saturating_sub(stopped.get().map_or(Duration::ZERO, Instant::elapsed)));
    }
    ended.map(|()| Exit::Success)
}

fn configured(serve: &Serve, integration: Integration) -> Result<Server, Stop> {
    let mut server = Server::new(integration)
        .program(&serve.program)
        .prefix_app_id(serve.prefix_app_id)
        .cors(serve.origins.iter().cloned())
        .allow_hosts(allowed_hosts(serve)?)
        .status_from_error(serve.status_from_error)
        .access_log(serve.access_log);
    if let Some(name) = &serve.token_env {
        server = server.token(token(name)?);
    }
    if let Some(timeout) = serve.timeout {
        server = server.timeout(timeout);
    }
    if let Some(grace) = serve.grace {
        server = server.grace(grace);
    }
    if let Some(limit) = serve.body_limit {
        server = server.body_limit(limit);
    }
    if let Some(concurrency) = serve.concurrency {
        server = server.concurrency(concurrency, concurrency.saturating_mul(4));
    }
    if let Some(connections) = serve.connections {
        server = server.connections(connections);
    }
    if let Some(bytes) = serve.memory_limit {
        server = server.memory_limit(bytes);
    }
    Ok(server)
}

/// Returns the additional accepted hosts. Arguments override the environment variable.
fn allowed_hosts(serve: &Serve) -> Result<Vec<HostName>, Stop> {
    const NAME: &str = "CONNECTOR_ALLOW_HOST";
    if !serve.hosts.is_empty() {
        return Ok(serve.hosts.clone());
    }
    let Some(hosts) = env(NAME)? else { return Ok(Vec::new()) };
    let parse = |host: &str| match host.trim() {
        "" => Err(Stop::usage(format!(
            "{NAME}: a name in the list is empty, expected names separated by commas"
        ))),
        host => host.parse().map_err(|error| Stop::usage(format!("{NAME}: {error}"))),
    };
    hosts.split(',').map(parse).collect()
}

/// Reads the bearer token from a variable. Surrounding white space, such as the line break at the end of a file, is
/// removed: it can't be part of an `Authorization` header (RFC 9110, section 5.5).
fn token(variable: &str) -> Result<Secret, Stop> {
    let token = env(variable)?.unwrap_or_default();
    let token = token.trim_ascii();
    if token.is_empty() {
        return Err(Stop::usage(redaction::missing_token(variable)));
    }
    if token.contains(char::is_control) {
        return Err(Stop::usage(format!(
            "the token in {variable} contains a line break or another control character, so no client can send it"
        )));
    }
    Ok(Secret::from(token))
}

/// Returns the number of worker threads, by default one per processor. Tokio reads the same variable, but panics if it
/// is invalid.
fn worker_threads() -> Result<usize, Stop> {
    const NAME: &str = "TOKIO_WORKER_THREADS";
    const MAX: usize = 1024;
    match env(NAME)?.map(|text| text.parse()) {
        None => Ok(std::thread::available_parallelism().map_or(1, NonZero::get)),
        Some(Ok(threads @ 1..=MAX)) => Ok(threads),
        Some(_) => Err(Stop::usage(format!("{NAME}: expected a number from 1 to {MAX}"))),
    }
}

async fn bind(serve: &Serve) -> Result<(TcpListener, SocketAddr), Stop> {
    let Serve { host, port, .. } = serve;
    let listener = listen(host, *port).await.map_err(|error| {
        let hint = match error.kind() {
            io::ErrorKind::AddrInUse => "; choose another port with --port, or 0 for a free one",
            _ => "",
        };
        Stop::io(format!("cannot listen on {host} port {port}: {error}{hint}"))
    })?;
    let address = listener.local_addr().map_err(|error| Stop::io(error.to_string()))?;
    Ok((listener, address))
}

/// Listens on the first address of `host` that belongs to this machine.
async fn listen(host: &str, port: u16) -> io::Result<TcpListener> {
    // Brackets are allowed, as in a URL.
    let host = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    let mut missing = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    for address in tokio::net::lookup_host((host, port)).await? {
        match TcpListener::bind(address).await {
            // If a port is in use, don't try the next address: clients of `localhost` would reach the other program.
            Err(error) if error.kind() != io::ErrorKind::AddrInUse => missing = error,
            done => return done,
        }
    }
    Err(missing)
}
