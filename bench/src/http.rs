//! `serve` under load: 16 connections, with a different request each time.

mod by_hand;
mod load;
mod pages;
mod peers;
mod server;

use anyhow::Result;

use crate::cold;

pub(crate) fn run(with_peers: bool) -> Result<()> {
    let folder = cold::build()?;
    if !load::is_installed() {
        println!("serve under load: not run; install wrk (`apt-get install wrk`)");
        return Ok(());
    }
    by_hand::run(&folder)?;
    if with_peers { peers::run(&folder) } else { Ok(()) }
}
