//! `connector check`: whether a connector keeps its contract.

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

/// A run that takes longer tells what it is at.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Args)]
#[command(
    override_usage = "connector check [OPTIONS] <PROGRAM|URL>\n       \
                      connector check [OPTIONS] -- <PROGRAM> <ARGUMENT>…\n       \
                      connector check --explain <ID>",
    after_help = "The exit status is 0 if no check failed, 1 if one did, 2 after a mistake in the command line or \
                  the fixture, 3 if the connector cannot be reached."
)]
pub(crate) struct Check {
    /// The connector: a program, with its first arguments after `--`, or the address of its server
    #[arg(value_name = "PROGRAM|URL", required_unless_present = "explain")]
    connector: Vec<OsString>,
    /// What the checks know of the connector and its tenant: a JSON file
    #[arg(long, value_name = "FILE")]
    fixture: Option<PathBuf>,
    /// No checks but these
    #[arg(long, value_name = "IDS", value_delimiter = ',', value_parser = find)]
    only: Option<Vec<&'static contract::Check>>,
    /// The wire format that the connector has to speak: classic or openapi
    #[arg(long, value_name = "FORMAT")]
    wire: Option<Wire>,
    /// The variable that holds the bearer token of a server that asks for one
    #[arg(long, value_name = "NAME")]
    token_env: Option<String>,
    /// How long a call may take: 30 (seconds), 500ms, 2m
    #[arg(long, value_name = "TIME", default_value = "30", value_parser = duration)]
    timeout: Duration,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    /// Write the report as JUnit's XML, too
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Print what a check demands, why, and how to mend a connector that fails it
    #[arg(long, value_name = "ID", value_parser = find)]
    explain: Option<&'static contract::Check>,
}

impl Check {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        if let Some(check) = self.explain {
            return print(check.explanation().as_bytes());
        }
        let fixture = self.fixture.as_deref().map_or_else(|| parsed("{}", "fixture"), read)?;
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
            if begin.elapsed() > PATIENCE {
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
                    "give either a token with --token-env, or user and password in the address",
                ));
            }
            if self.connector.len() > 1 {
                return Err(Stop::usage("nothing can come after the address of a server"));
            }
            let proxy = Proxy::find(address.uri(), |name| std::env::var(name).ok())?;
            return Ok(Box::new(Server::new(address, token, proxy, self.timeout)));
        }
        if self.token_env.is_some() {
            return Err(Stop::usage("only a server asks for a token: --token-env needs an address"));
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

fn read(path: &Path) -> Result<Fixture, Stop> {
    let text = fs::read_to_string(path).map_err(|error| Stop::cannot("read", path, error))?;
    parsed(&text, &path.display().to_string())
}

fn parsed(text: &str, name: &str) -> Result<Fixture, Stop> {
    Fixture::parse(text).map_err(|error| Stop::usage(format!("{name}: {error}")))
}

fn find(id: &str) -> Result<&'static contract::Check, String> {
    contract::Check::find(id).ok_or_else(|| {
        let ids: Vec<&str> = contract::Check::all().iter().map(contract::Check::id).collect();
        format!("there is no such check, only {}", ids.join(", "))
    })
}

/// A time that is not zero.
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
        _ => Err("expected a time such as 30 (seconds), 500ms or 2m".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_and_a_unit_and_not_zero() {
        for (text, millis) in [("30", 30_000), ("500ms", 500), ("2m", 120_000), ("1s", 1000)] {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)));
        }
        for text in ["", "0", "m", "1h", "-1", "1.5", "18446744073709551615m"] {
            assert!(duration(text).is_err(), "{text:?}");
        }
    }
}
