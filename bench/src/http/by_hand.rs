//! `serve` compared with a hand-written axum handler that returns the same bytes.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

use super::load;
use super::pages::walk;
use super::server::Server;

const WARM_UP: u32 = 1;
const SECONDS: u32 = 2;
const ROUNDS: usize = 7;

const AUTH: &str = r#"{"model":"basic","username":"u","password":"p"}"#;
/// Location of the accounts in a response.
const ACCOUNTS: &str = "/response/accounts";

pub(super) fn run(folder: &Path) -> Result<()> {
    println!(
        "serve under load, requests/s       ours    by hand   ratio   p99 ours    by hand   (medians of {ROUNDS})"
    );
    let mut peak = 0;
    for size in [1, 100] {
        for (name, args) in [("no access log", &["--no-access-log"][..]), ("access log", &[])] {
            let (mut rates, mut theirs, mut ratios) = (vec![], vec![], vec![]);
            let (mut tails, mut their_tails) = (vec![], vec![]);
            for _ in 0..ROUNDS {
                // Restarted each round: how connections are distributed over threads is random, and doesn't change
                // afterwards.
                let mut command = Command::new(folder.join("mock-connector"));
                command.args(["serve", "-p", "0"]).args(args);
                let ours = Server::on_any_port(command)?;
                let by_hand = Server::on_any_port(Command::new(folder.join("by-hand-server")))?;
                let bodies = walk(&ours, AUTH, ACCOUNTS, size)?.bodies;
                let same = || -> Result<bool> {
                    let mut pairs = bodies
                        .iter()
                        .map(|body| Ok(ours.response_body(body)? == by_hand.response_body(body)?));
                    pairs.try_fold(true, |all, same: Result<bool>| Ok(all && same?))
                };
                ensure!(same()?, "the responses differ before the load");
                load::run(&ours, WARM_UP, &bodies)?;
                load::run(&by_hand, WARM_UP, &bodies)?;
                let one = load::run(&ours, SECONDS, &bodies)?;
                let other = load::run(&by_hand, SECONDS, &bodies)?;
                ensure!(same()?, "the responses differ after the load");
                rates.push(one.rate);
                theirs.push(other.rate);
                ratios.push(one.rate / other.rate);
                tails.push(one.p99);
                their_tails.push(other.p99);
                peak = peak.max(ours.peak_kib()?);
            }
            println!(
                "{size:>4} accounts, {name:<14} {:>9.0} {:>10.0} {:>7.3} {:>8.2}ms {:>8.2}ms",
                median(rates),
                median(theirs),
                median(ratios),
                median(tails),
                median(their_tails),
            );
        }
    }
    println!("peak memory of serve: {peak} KiB");
    Ok(())
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
