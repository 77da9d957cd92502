//! `serve` compared with `hacking http-server` of published Python releases, each in its own wire format and with its
//! access log. Requests the pages of the same listing.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::load::{self, Load};
use super::pages::walk;
use super::server::Server;
use crate::peer::Twin;

const SECONDS: u32 = 2;
const ROUNDS: usize = 4;

/// A release, and the wire format of its list-accounts requests.
struct Peer {
    release: &'static str,
    wire: &'static str,
    auth: &'static str,
    /// Location of the accounts in a response.
    accounts: &'static str,
}

const PEERS: [Peer; 2] = [
    Peer {
        release: "3.2.0",
        wire: "classic",
        auth: r#"{"model":"basic","username":"u","password":"p"}"#,
        accounts: "/response/accounts",
    },
    Peer {
        release: "4.280.0",
        wire: "openapi",
        auth: r#"{"basic":{"username":"u","password":"p"}}"#,
        accounts: "/response",
    },
];

pub(super) fn run(folder: &Path) -> Result<()> {
    for peer in &PEERS {
        let twin = match Twin::for_release(peer.release) {
            Ok(twin) => twin,
            Err(error) => {
                println!("connector-py {}: not run: {error:#}", peer.release);
                continue;
            }
        };
        compare(peer, folder, &twin).with_context(|| format!("connector-py {}", peer.release))?;
    }
    Ok(())
}

fn compare(peer: &Peer, folder: &Path, twin: &Twin) -> Result<()> {
    let mut command = Command::new(folder.join("mock-connector"));
    command.args(["serve", "-p", "0", "--wire", peer.wire]);
    let ours = Server::on_any_port(command)?;
    let theirs = Server::on_given_port(twin.command(&["hacking", "http-server"]))?;
    println!(
        "connector-py {}, requests/s (times)        ours     theirs    p99 ours     theirs  (means of {ROUNDS})",
        peer.release
    );
    for size in [1, 100] {
        let (our_pages, their_pages) =
            (walk(&ours, peer.auth, peer.accounts, size)?, walk(&theirs, peer.auth, peer.accounts, size)?);
        ensure!(our_pages.ids == their_pages.ids, "the responses differ before the load");
        let (mut one, mut other) = (Means::default(), Means::default());
        for _ in 0..ROUNDS {
            one.add(&load::run(&ours, SECONDS, &our_pages.bodies)?);
            other.add(&load::run(&theirs, SECONDS, &their_pages.bodies)?);
        }
        let after = [
            walk(&ours, peer.auth, peer.accounts, size)?.ids,
            walk(&theirs, peer.auth, peer.accounts, size)?.ids,
        ];
        ensure!(after.iter().all(|ids| *ids == our_pages.ids), "the responses differ after the load");
        println!(
            "{size:>4} accounts  {:>5.0} times, p99 {:>5.1} times {:>10.0} {:>10.1} {:>9.2}ms {:>8.2}ms",
            one.rate / other.rate,
            other.p99 / one.p99,
            one.rate,
            other.rate,
            one.p99,
            other.p99,
        );
    }
    let (our_peak, their_peak) = (ours.peak_kib()?, theirs.peak_kib()?);
    println!(
        "peak memory   {:.1} times: {our_peak} KiB, theirs {their_peak} KiB",
        their_peak as f64 / our_peak as f64
    );
    Ok(())
}

#[derive(Default)]
struct Means {
    rate: f64,
    p99: f64,
}

impl Means {
    fn add(&mut self, load: &Load) {
        self.rate += load.rate / ROUNDS as f64;
        self.p99 += load.p99 / ROUNDS as f64;
    }
}
