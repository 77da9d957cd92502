//! `connector check`: checks that a connector honors the connector contract.

mod address;
mod program;
mod proxy;
mod server;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use connector::testing::contract::{self, Contract, Fixture, Transport};
use connector::{Secret, Wire, redaction};

use crate::output::print;
use crate::stop::Stop;
use address::Address;
use program::Program;
use proxy::Proxy;
use server::Server;

/// Runs that take longer than this print which check is running.
const PROGRESS_AFTER: Duration = Duration::from_secs(2);

const HELP: &str = "\
Exit status:
  0  no check failed
  1  at least one check failed
  2  the command line, the fixture, the token variable or the proxy variable is invalid
  3  the connector cannot be started or reached or rejects the token, or a file cannot be read or written";

#[derive(Args)]
#[command(
    override_usage = "connector check [OPTIONS] <PROGRAM|URL>\n       \
                      connector check [OPTIONS] -- <PROGRAM> <ARGUMENT>…\n       \
                      connector check --explain <ID>",
    after_help = HELP
)]
pub(crate) struct Check {
    /// Connector to check: a program, with its leading arguments after `--`, or the URL of a server
    #[arg(value_name = "PROGRAM|URL", required_unless_present = "explain")]
    connector: Vec<OsString>,
    /// JSON file that describes the connector's tenant to the checks
    #[arg(long, value_name = "FILE")]
    fixture: Option<PathBuf>,
    /// Run only these checks
    #[arg(long, value_name = "IDS", value_delimiter = ',', value_parser = parse_check)]
    only: Option<Vec<&'static contract::Check>>,
    /// Wire format that the connector must use: classic or openapi
    #[arg(long, value_name = "FORMAT")]
    wire: Option<Wire>,
    /// Environment variable that holds the server's bearer token
    #[arg(long, value_name = "NAME")]
    token_env: Option<String>,
    /// Time limit for each call: 30 (seconds), 500ms, 2m
    #[arg(long, value_name = "TIME", default_value = "30", value_parser = duration)]
    timeout: Duration,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    /// Also write the report to this file as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Explain what a check requires and why, and how to fix a connector that fails it
    #[arg(long, value_name = "ID", value_parser = parse_check)]
    explain: Option<&'static contract::Check>,
}

impl Check {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        if let Some(check) = self.explain {
            return print(check.explanation().as_bytes());
        }
        let fixture = self.fixture.as_deref().map_or_else(|| parse_fixture("{}", "fixture"), read_fixture)?;
        let mut contract = Contract::new(&fixture);
        if let Some(wire) = self.wire {
            contract = contract.wire(wire);
        }
        let mut count = contract::Check::all().len();
        if let Some(only) = self.only.clone() {
            count = only.len();
            contract = contract.only(only);
        }
        let transport = self.transport()?;
        let begin = Instant::now();
        let progress = |check: &contract::Check, place: usize| {
            if begin.elapsed() > PROGRESS_AFTER {
                eprintln!("{} ({} of {count})", check.id(), place + 1);
            }
        };
        let report = contract.run(&*transport, progress).map_err(|error| Stop::io(error.to_string()))?;
        if let Some(path) = &self.junit {
            fs::write(path, report.to_junit()).map_err(|error| Stop::cannot("write", path, error))?;
        }
        let text = if self.json { format!("{:#}\n", report.to_json()) } else { format!("{report}\n") };
        print(text.as_bytes())?;
        Ok(if report.has_failed() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    fn transport(&self) -> Result<Box<dyn Transport>, Stop> {
        let first = self.connector.first().and_then(|word| word.to_str()).unwrap_or_default();
        if let Some(address) = Address::parse(first) {
            let (address, token) = (address?, self.token()?);
            if token.is_some() && address.has_user() {
                return Err(Stop::usage(
                    "pass either a token with --token-env or a user and password in the URL, not both",
                ));
            }
            if self.connector.len() > 1 {
                return Err(Stop::usage("a server URL takes no further arguments"));
            }
            let proxy = Proxy::find(address.uri(), |name| std::env::var(name).ok())?;
            return Ok(Box::new(Server::new(address, token, proxy, self.timeout)));
        }
        if self.token_env.is_some() {
            return Err(Stop::usage("--token-env requires a server URL"));
        }
        Ok(Box::new(Program::new(&self.connector, self.wire, self.timeout)))
    }

    /// The server's bearer token.
    fn token(&self) -> Result<Option<Secret>, Stop> {
        let Some(name) = &self.token_env else { return Ok(None) };
        match std::env::var(name) {
            Ok(token) if !token.trim().is_empty() => Ok(Some(Secret::from(token.trim()))),
            _ => Err(Stop::usage(redaction::missing_token(name))),
        }
    }
}

fn read_fixture(path: &Path) -> Result<Fixture, Stop> {
    let text = fs::read_to_string(path).map_err(|error| Stop::cannot("read", path, error))?;
    parse_fixture(&text, &path.display().to_string())
}

fn parse_fixture(text: &str, name: &str) -> Result<Fixture, Stop> {
    Fixture::parse(text).map_err(|error| Stop::usage(format!("{name}: {error}")))
}

fn parse_check(id: &str) -> Result<&'static contract::Check, String> {
    contract::Check::find(id).ok_or_else(|| {
        let ids: Vec<&str> = contract::Check::all().iter().map(contract::Check::id).collect();
        format!("unknown check; expected one of {}", ids.join(", "))
    })
}

/// Parses a duration greater than zero.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let millis = match unit {
        "ms" => 1,
        "" | "s" => 1000,
        "m" => 60_000,
        _ => 0,
    };
    match number.parse::<u64>().ok().and_then(|number| number.checked_mul(millis)) {
        Some(millis @ 1..) => Ok(Duration::from_millis(millis)),
        _ => Err("expected a duration such as 30 (seconds), 500ms or 2m".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit_and_are_not_zero() {
        for (text, millis) in [("30", 30_000), ("500ms", 500), ("2m", 120_000), ("1s", 1000)] {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)));
        }
        for text in ["", "0", "m", "1h", "-1", "1.5", "18446744073709551615m"] {
            assert!(duration(text).is_err(), "{text:?}");
        }
    }
}
