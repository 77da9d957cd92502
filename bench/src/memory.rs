//! Memory during a long listing, which must not grow with the number of pages.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

const PAGES: usize = 1000;
const SIZE: usize = 1000;

pub(crate) fn run() -> Result<()> {
    let integration = mock_connector::integration();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut token = Value::Null;
    let mut early = 0;
    for page in 1..=PAGES {
        let request = json!({
            "auth": {"model": "basic", "username": "u", "password": "p"},
            "request": {},
            "settings": {"accounts": PAGES * SIZE},
            "page": {"size": SIZE, "token": token},
        });
        let response =
            runtime.block_on(integration.dispatch("list-accounts", request.to_string().as_bytes()));
        let response: Value = serde_json::from_slice(&response)?;
        ensure!(
            response["response"]["accounts"].as_array().map(Vec::len) == Some(SIZE),
            "page {page} is not full"
        );
        token = response["page"]["token"].clone();
        if page == 10 {
            early = peak_kib("self")?;
        }
    }
    ensure!(token.is_null(), "the listing has too many pages");
    let late = peak_kib("self")?;
    println!("peak memory of a listing of {} accounts", PAGES * SIZE);
    println!(
        "{early:>9} KiB after 10 pages, {late} KiB after {PAGES}: ratio {:.3}",
        late as f64 / early as f64
    );
    Ok(())
}

/// The peak of a process's resident memory, in KiB.
pub(crate) fn peak_kib(process: &str) -> Result<u64> {
    let status =
        std::fs::read_to_string(format!("/proc/{process}/status")).context("this system has no /proc")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
