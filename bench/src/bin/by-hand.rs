//! A hand-written program that only supports list-accounts, to compare with a connector's cold start.

#![expect(clippy::print_stderr, reason = "a program's output")]

use std::io::Write as _;
use std::process::ExitCode;

#[path = "../by_hand.rs"]
#[expect(dead_code, reason = "only one of the two formats is used here")]
mod by_hand;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    let [_, command, flag, json] = args.as_slice() else {
        eprintln!("usage: by-hand list-accounts --json JSON");
        return ExitCode::from(2);
    };
    if (command.as_str(), flag.as_str()) != ("list-accounts", "--json") {
        eprintln!("usage: by-hand list-accounts --json JSON");
        return ExitCode::from(2);
    }
    match by_hand::list_accounts(json.as_bytes()) {
        Ok(mut response) => {
            response.push(b'\n');
            match std::io::stdout().write_all(&response) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::from(3),
            }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
