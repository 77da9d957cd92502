//! Reads listings page by page, with several page sizes.

use anyhow::{Result, ensure};
use serde_json::Value;

use super::{Worker, pause, request};
use crate::client::{Client, Protocol};

/// Mostly small pages, and sometimes one of a megabyte.
const SIZES: [usize; 10] = [1, 10, 100, 1, 1000, 10, 1, 100, 10, 5000];
const ACCOUNTS: usize = 12_345;
/// Maximum number of pages to read of a listing.
const PAGES: usize = 4;

/// Reads listings until it is time to stop. `at` is the index in [`SIZES`] to start with.
pub(super) async fn run(worker: Worker, protocol: Protocol, at: usize) -> Result<()> {
    let mut client = Client::new(&worker.address, protocol);
    for size in SIZES.iter().copied().cycle().skip(at) {
        let (mut token, mut offset) = (Value::Null, 0);
        for _ in 0..PAGES {
            if !worker.continues() {
                return Ok(());
            }
            let more =
                format!(r#","settings":{{"accounts":{ACCOUNTS}}},"page":{{"size":{size},"token":{token}}}"#);
            let response = client.post("/list_accounts", request("{}", &more)).await?;
            let body = worker.expect("list_accounts", response, 200)?;
            let end = ACCOUNTS.min(offset + size);
            check(&body, offset, end)?;
            token = body["page"]["token"].clone();
            ensure!(token.is_string() == (end < ACCOUNTS), "unexpected or missing page token");
            offset = end;
            pause(3).await;
            if token.is_null() {
                break;
            }
        }
    }
    Ok(())
}

/// Checks that the accounts are those from `offset` up to `end`.
pub(crate) fn check(body: &Value, offset: usize, end: usize) -> Result<()> {
    let accounts = body["response"]["accounts"].as_array().map(Vec::as_slice).unwrap_or_default();
    let ids = accounts.iter().map(|account| account["integration_specific_id"].as_str().unwrap_or_default());
    let expected: Vec<String> = (offset..end).map(|id| id.to_string()).collect();
    ensure!(
        ids.eq(expected.iter().map(String::as_str)),
        "the page from {offset} to {end} has the wrong accounts"
    );
    Ok(())
}
