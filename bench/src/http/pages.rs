//! The pages of one listing, one after the other: what servers are asked for under load.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::server::Server;

/// How many pages of the listing are asked for in turn.
const PAGES: usize = 32;

/// Pages of a listing: the requests for them, and whom the answers name.
pub(super) struct Pages {
    pub(super) bodies: Vec<String>,
    pub(super) ids: Vec<String>,
}

/// Follows the page tokens that `server` gives to requests with the credentials `auth`; `accounts` is where an answer
/// has them. Every page is full and has a next one.
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
        let answer = server.json(&body)?;
        let accounts = answer.pointer(accounts).and_then(Value::as_array).context("no accounts")?;
        ensure!(accounts.len() == size, "a page of {} accounts and not {size}", accounts.len());
        ids.extend(accounts.iter().map(|account| account["integration_specific_id"].to_string()));
        token = answer["page"]["token"].clone();
        ensure!(token.is_string(), "the listing ends too soon");
        bodies.push(body);
    }
    Ok(Pages { bodies, ids })
}
