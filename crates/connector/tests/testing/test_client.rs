//! Calls of an integration.

use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::model::FoundAccountData;
use connector::testing::{Fake, TestClient};
use connector::{ConnectorError, ErrorCode, Integration, NoAuth, Request, Response, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::support::panic_message;

#[derive(Deserialize, JsonSchema)]
struct Settings {
    behavior: String,
}

#[derive(Deserialize, Serialize)]
struct Place {
    begin: usize,
}

/// Lists ten accounts correctly, or in one of several wrong ways.
async fn list_accounts(
    request: Request<ListAccountsRequest, Settings, NoAuth>,
) -> Result<Response<ListAccountsResponse>> {
    let mut fake = Fake::new(3);
    let all: Vec<FoundAccountData> = (0..10).map(|_| fake.account()).collect();
    let begin = request.page_token()?.map_or(0, |Place { begin }| begin);
    let end = (begin + request.page_size()).min(all.len());
    let page =
        |accounts: &[FoundAccountData]| Response::new(ListAccountsResponse { accounts: accounts.to_vec() });
    Ok(match request.settings.behavior.as_str() {
        "correct" => page(&all[begin..end]).next_page((end < all.len()).then_some(Place { begin: end })),
        "circle" => page(&all[begin..end]).next_page(Some(Place { begin: end % 6 })),
        "all" => page(&all),
        "empty token" => page(&all[begin..end]).next_token(Some(String::new())),
        "partial" => page(&all[..1]).partial("the rest is locked", 9),
        _ => return Err(ConnectorError::new("unknown behavior", ErrorCode::NotFound).with_status(404))?,
    })
}

fn client(behavior: &str) -> TestClient {
    let integration =
        Integration::builder("app").settings::<Settings>().register(ListAccounts, list_accounts).build();
    TestClient::new(integration).with(json!({ "settings": { "behavior": behavior } }))
}

#[test]
fn pages_returns_the_items_of_all_pages() {
    let mut between = Vec::new();
    let pages = client("correct").pages_with(ListAccounts, json!({}), 4, |page| between.push(page));
    assert_eq!((pages.sizes, between), (vec![4, 4, 2], vec![1, 2]));
    let whole = client("correct").answer(ListAccounts, ListAccountsRequest::default());
    assert_eq!(whole["accounts"], json!(pages.items));
}

#[test]
fn pages_reports_a_wrong_listing() {
    for (behavior, size, expected) in [
        ("circle", 2, "list_accounts: page 4 has a page token that an earlier page had"),
        ("all", 4, "list_accounts: page 1 has 10 items, more than the requested 4"),
        ("partial", 4, "list_accounts: the response is partial: the rest is locked"),
        ("lost", 4, "list_accounts failed: not_found: unknown behavior"),
    ] {
        assert_eq!(
            panic_message(|| drop(client(behavior).pages(ListAccounts, json!({}), size))),
            expected,
            "{behavior}"
        );
    }
}

#[test]
fn responses_and_errors_are_distinguished() {
    let error = client("lost").error("list_accounts", json!({}));
    assert_eq!((error.code.as_str(), error.status_code), ("not_found", Some(404)));
    assert_eq!(error.to_string(), "not_found: unknown behavior");
    assert_eq!(
        panic_message(|| drop(client("correct").error(ListAccounts, json!({})))),
        "list_accounts: expected an error, found a response"
    );
    assert_eq!(
        panic_message(|| drop(client("lost").answer(ListAccounts, json!({})))),
        "list_accounts failed: not_found: unknown behavior"
    );
    assert_eq!(
        panic_message(|| drop(client("partial").answer(ListAccounts, json!({})))),
        "list_accounts: the response is partial: the rest is locked"
    );
    let partial = client("partial").allow_partial().answer(ListAccounts, json!({}));
    assert_eq!(partial["accounts"].as_array().unwrap().len(), 1);
}

#[test]
fn an_empty_page_token_marks_the_last_page() {
    let pages = client("empty token").pages(ListAccounts, json!({}), 4);
    assert_eq!(pages.sizes, [4]);
}

#[test]
fn sections_are_merged_with_earlier_ones() {
    let client = client("correct").with(json!({ "page": { "size": 3 } }));
    assert_eq!(client.answer(ListAccounts, json!({}))["accounts"].as_array().unwrap().len(), 3);
    let other = client.with(json!({ "settings": { "behavior": "all" } }));
    assert_eq!(other.answer(ListAccounts, json!({}))["accounts"].as_array().unwrap().len(), 10);
}
