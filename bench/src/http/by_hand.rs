//! `serve` against a hand-written axum handler that answers the same bytes.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

use super::load;
use super::server::Server;

const SECONDS: u32 = 3;
const ROUNDS: usize = 5;

pub(super) fn run(folder: &Path) -> Result<()> {
    let ours = |args: &[&str]| {
        let mut command = Command::new(folder.join("mock-connector"));
        command.args(["serve", "-p", "0"]).args(args);
        Server::telling(command)
    };
    let (silent, logging) = (ours(&["--no-access-log"])?, ours(&[])?);
    let by_hand = Server::telling(Command::new(folder.join("by-hand-server")))?;
    println!(
        "serve under load, requests/s       ours    by hand   ratio   p99 ours    by hand   (medians of {ROUNDS})"
    );
    for size in [1, 100] {
        let bodies = bodies(size);
        ensure!(silent.answer(&bodies[0])? == by_hand.answer(&bodies[0])?, "the answers differ before");
        for (name, ours) in [("no access log", &silent), ("access log", &logging)] {
            let (mut rates, mut theirs, mut ratios, mut tails) = (vec![], vec![], vec![], vec![]);
            for _ in 0..ROUNDS {
                let one = load::run(ours, SECONDS, &bodies)?;
                let other = load::run(&by_hand, SECONDS, &bodies)?;
                rates.push(one.rate);
                theirs.push(other.rate);
                ratios.push(one.rate / other.rate);
                tails.push((one.p99, other.p99));
            }
            tails.sort_by(|one, other| one.0.total_cmp(&other.0));
            let (tail, other_tail) = tails[ROUNDS / 2];
            println!(
                "{size:>4} accounts, {name:<14} {:>9.0} {:>10.0} {:>7.3} {tail:>8.2}ms {other_tail:>8.2}ms",
                median(rates),
                median(theirs),
                median(ratios),
            );
        }
        ensure!(silent.answer(&bodies[0])? == by_hand.answer(&bodies[0])?, "the answers differ after");
    }
    println!("peak memory of serve: {} KiB", silent.peak_kib()?);
    Ok(())
}

/// Requests for one page from the start, each of another user. The hand-written server gives no next page, so the
/// size is the tenant's.
fn bodies(size: usize) -> Vec<String> {
    let body = |user: usize| {
        format!(
            r#"{{"auth":{{"model":"basic","username":"u{user}","password":"p"}},"request":{{}},"settings":{{"accounts":{size}}},"page":{{"size":{size}}}}}"#
        )
    };
    (0..64).map(body).collect()
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
