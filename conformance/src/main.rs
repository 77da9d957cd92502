//! Compares the SDK with published Python releases, and its OpenAPI document with its server.
//!
//! - `conformance vectors FILE.jsonl [--only NAME,NAME]` checks values that a release accepts or rejects.
//! - `conformance peer RELEASE` sends the same requests to a release and to the mock connector, and compares the
//!   responses.
//! - `conformance agent` runs the archives that a release and the SDK build for the on-premise agent.
//! - `conformance document` checks the OpenAPI document, and a server against it, with public tools.
//! - `conformance app-info` checks the documents that `app_info` returns.
//! - `conformance venv NAME` creates virtual environments for other commands.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program's output")]

mod agent;
mod app_info;
mod build;
mod document;
mod peer;
mod server;
mod vectors;
mod venv;

use std::io::Write as _;
use std::process::ExitCode;

const USAGE: &str = "\
Usage: conformance vectors FILE.jsonl [--only CAPABILITY,CAPABILITY,…]
       conformance peer RELEASE
       conformance agent
       conformance document
       conformance app-info [PROGRAM…]
       conformance venv NAME

  vectors   check values that a published release accepts or rejects; the last line is a summary
            --only: check only these capabilities (`error` is one of them)
  peer      run a published Python release and the mock connector, and compare their responses; the last line counts
            the requests, the intended and the unexpected differences. RELEASE: 3.2.0 or 4.280.0. Requires python3 with
            venv and, on the first run, the Python package index
  agent     build an archive for the on-premise agent with release 4.280.0 and with the SDK, run both as the agent does,
            and compare their responses; the last line counts the calls and the differences. Takes a few minutes. Has the
            same requirements as `peer`
  document  validate the OpenAPI documents, and check the mock connector's server against them; the last line counts
            the runs. Has the same requirements as `peer`
  app-info  check the documents that `app_info` of each connector PROGRAM returns, with the checks that a published
            release ships and with a validator. By default mock-connector and unix-connector. Has the same
            requirements as `peer`
  venv      create a virtual environment if it is missing, and print the path of its Python. NAME: 3.2.0, 4.280.0, agent,
            cyclonedx, kubernetes-validate or openapi

Exit status:
  0  every check passed, or the environment exists
  1  a check failed
  2  the command line is invalid, or a check could not run";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    if args.iter().any(|arg| matches!(*arg, "--help" | "-h")) {
        // The reader may have seen enough: `conformance --help | head`.
        let _ = writeln!(std::io::stdout(), "{USAGE}");
        return ExitCode::SUCCESS;
    }
    let result = match args.as_slice() {
        ["vectors", file] => vectors::run(file, None),
        ["vectors", file, "--only", names] => vectors::run(file, Some(names)),
        ["peer", release] => peer::run(release),
        ["agent"] => agent::run(),
        ["document"] => document::run(),
        ["app-info", programs @ ..] => app_info::run(programs),
        ["venv", name] => peer::venv(name),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("conformance: {error:#}");
            ExitCode::from(2)
        }
    }
}
