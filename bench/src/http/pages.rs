//! The consecutive pages of one listing, which the load requests.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::server::Server;

/// Number of pages that are requested in turn.
const PAGES: usize = 32;

/// The requests for the pages of a listing, and the account IDs in the responses.
pub(super) struct Pages {
    pub(super) bodies: Vec<String>,
    pub(super) ids: Vec<String>,
}

/// Follows the page tokens of `server`, with the credentials `auth`. `accounts` is the location of the accounts in a
/// response. Every page is full and has a next page.
pub(super) fn walk(server: &Server, auth: &str, accounts: &str, size: usize) -> Result<Pages> {
    let auth: Value = serde_json::from_str(auth)?;
    let (mut bodies, mut ids) = (Vec::new(), Vec::new());
    let mut token = Value::Null;
    for _ in 0..PAGES {
        let body = json!({
            "auth": auth,
            "request": {},
            "settings": {"accounts": size * (PAGES + 1)},
            "page": {"size": size, "token": token},
        })
        .to_string();
        let response = server.json(&body)?;
        let accounts = response.pointer(accounts).and_then(Value::as_array).context("no accounts")?;
        ensure!(accounts.len() == size, "a page has {} accounts instead of {size}", accounts.len());
        ids.extend(accounts.iter().map(|account| account["integration_specific_id"].to_string()));
        token = response["page"]["token"].clone();
        ensure!(token.is_string(), "the listing ends too early");
        bodies.push(body);
    }
    Ok(Pages { bodies, ids })
}
