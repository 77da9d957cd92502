//! Clients that go on as if nothing happened.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result, ensure};

use crate::client::{Answer, Client, Protocol};
use crate::load::{begin, listing, pause, request};

/// How many of them were answered, and how many were turned away.
#[derive(Debug, Default)]
pub(super) struct Answered {
    pub(super) right: AtomicU64,
    pub(super) busy: AtomicU64,
}

/// Asks for pages until it is aborted.
///
/// # Errors
/// If an answer is neither right nor a 503 in the connector's wire format, or does not come.
pub(super) async fn run(address: String, protocol: Protocol, answered: Arc<Answered>) -> Result<()> {
    let mut client = Client::new(&address, protocol);
    for size in [1, 10, 100, 1000].into_iter().cycle() {
        let more = format!(r#","settings":{{"accounts":20000}},"page":{{"size":{size}}}"#);
        let answer = client.post("/list_accounts", request("{}", &more)).await?;
        if ensure_right(&answer, size)? {
            answered.right.fetch_add(1, Ordering::Relaxed);
        } else {
            answered.busy.fetch_add(1, Ordering::Relaxed);
        }
        pause(20).await;
    }
    Ok(())
}

/// Whether this is the page, and not a 503.
fn ensure_right(answer: &Answer, size: usize) -> Result<bool> {
    let code = &answer.body["error"]["error_code"];
    if answer.status == 503 && code == "mock-connector.api_error" {
        return Ok(false);
    }
    ensure!(answer.status == 200, "{}: {}", answer.status, begin(&answer.body));
    listing::check(&answer.body, 0, size).with_context(|| begin(&answer.body))?;
    Ok(true)
}
