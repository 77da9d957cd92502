//! Valid clients, which must not be affected.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result, ensure};

use crate::client::{Client, Protocol, Response};
use crate::load::{excerpt, listing, pause, request};

/// Number of correct responses, and of rejections with 503.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) correct: AtomicU64,
    pub(super) busy: AtomicU64,
}

/// Requests pages until it is aborted.
///
/// # Errors
/// If a response is neither correct nor a 503 in the connector's wire format, or is missing.
pub(super) async fn run(address: String, protocol: Protocol, counts: Arc<Counts>) -> Result<()> {
    let mut client = Client::new(&address, protocol);
    for size in [1, 10, 100, 1000].into_iter().cycle() {
        let more = format!(r#","settings":{{"accounts":20000}},"page":{{"size":{size}}}"#);
        let response = client.post("/list_accounts", request("{}", &more)).await?;
        if check(&response, size)? {
            counts.correct.fetch_add(1, Ordering::Relaxed);
        } else {
            counts.busy.fetch_add(1, Ordering::Relaxed);
        }
        pause(20).await;
    }
    Ok(())
}

/// Checks a response. Returns whether it is the page, not a 503.
fn check(response: &Response, size: usize) -> Result<bool> {
    let code = &response.body["error"]["error_code"];
    if response.status == 503 && code == "mock-connector.service_error" {
        return Ok(false);
    }
    ensure!(response.status == 200, "{}: {}", response.status, excerpt(&response.body));
    listing::check(&response.body, 0, size).with_context(|| excerpt(&response.body))?;
    Ok(true)
}
