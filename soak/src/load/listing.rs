//! Listings, followed from page to page in several sizes.

use anyhow::{Result, ensure};
use serde_json::Value;

use super::{Worker, pause, request};
use crate::client::{Client, Protocol};

/// Mostly small pages; now and then one of a megabyte.
const SIZES: [usize; 10] = [1, 10, 100, 1, 1000, 10, 1, 100, 10, 5000];
const ACCOUNTS: usize = 12_345;
/// So many pages of a listing are read, unless it ends before.
const PAGES: usize = 4;

/// Reads listings until it is time to stop. `at` is where in [`SIZES`] it begins.
pub(super) async fn run(worker: Worker, protocol: Protocol, at: usize) -> Result<()> {
    let mut client = Client::new(&worker.address, protocol);
    for size in SIZES.iter().copied().cycle().skip(at) {
        let (mut token, mut offset) = (Value::Null, 0);
        for _ in 0..PAGES {
            if !worker.goes_on() {
                return Ok(());
            }
            let more =
                format!(r#","settings":{{"accounts":{ACCOUNTS}}},"page":{{"size":{size},"token":{token}}}"#);
            let answer = client.post("/list_accounts", request("{}", &more)).await?;
            let body = worker.expect("list_accounts", answer, 200)?;
            let end = ACCOUNTS.min(offset + size);
            check(&body, offset, end)?;
            token = body["page"]["token"].clone();
            ensure!(token.is_string() == (end < ACCOUNTS), "a token on the last page, or none before");
            offset = end;
            pause(3).await;
            if token.is_null() {
                break;
            }
        }
    }
    Ok(())
}

/// The accounts must be those from `offset` on, up to `end`.
pub(crate) fn check(body: &Value, offset: usize, end: usize) -> Result<()> {
    let accounts = body["response"]["accounts"].as_array().map(Vec::as_slice).unwrap_or_default();
    let ids = accounts.iter().map(|account| account["integration_specific_id"].as_str().unwrap_or_default());
    let expected: Vec<String> = (offset..end).map(|id| id.to_string()).collect();
    ensure!(
        ids.eq(expected.iter().map(String::as_str)),
        "the page from {offset} to {end} has other accounts"
    );
    Ok(())
}
