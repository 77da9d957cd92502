//! Holds the SDK against the published Python releases, and its OpenAPI document against its server.
//!
//! `conformance vectors FILE.jsonl [--only NAME,NAME]` checks values that a release accepts or refuses;
//! `conformance peer RELEASE` asks a release and the mock connector the same and compares the answers.
//! `conformance document` has public tools check the OpenAPI document, and a server against it.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program's output")]

mod build;
mod document;
mod peer;
mod vectors;
mod venv;

use std::process::ExitCode;

const USAGE: &str = "\
usage: conformance vectors FILE.jsonl [--only CAPABILITY,CAPABILITY,…]
       conformance peer RELEASE
       conformance document

  vectors   check values that a published release accepts or refuses; the last line counts them
            --only: no capabilities but these (`error` is one of them)
  peer      run a published Python release beside the mock connector and compare their answers; the last line
            counts the requests, the intended differences and the others. Needs python3 with venv, and on the
            first run the Python package index
  document  validate the OpenAPI documents, and call the mock connector's server as they say; the last line counts
            the runs. Needs what `peer` needs";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args.as_slice() {
        ["vectors", file] => vectors::run(file, None),
        ["vectors", file, "--only", names] => vectors::run(file, Some(names)),
        ["peer", release] => peer::run(release),
        ["document"] => document::run(),
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
