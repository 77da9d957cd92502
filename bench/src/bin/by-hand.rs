//! A hand-written program that answers list-accounts, and nothing else: the rival of a connector's cold start.

#![expect(clippy::print_stderr, reason = "a program's output")]

use std::io::Write as _;
use std::process::ExitCode;

#[path = "../by_hand.rs"]
#[expect(dead_code, reason = "one of its two formats is spoken here")]
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
        Ok(mut answer) => {
            answer.push(b'\n');
            match std::io::stdout().write_all(&answer) {
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
