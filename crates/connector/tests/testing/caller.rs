//! Asking as a door does.

use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::model::FoundAccountData;
use connector::testing::{Caller, Fake};
use connector::{ConnectorError, ErrorCode, Integration, NoAuth, Request, Response, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::support::told;

#[derive(Deserialize, JsonSchema)]
struct Settings {
    way: String,
}

#[derive(Deserialize, Serialize)]
struct Place {
    begin: usize,
}

/// Ten accounts, listed in one of several ways.
async fn list_accounts(
    request: Request<ListAccountsRequest, Settings, NoAuth>,
) -> Result<Response<ListAccountsResponse>> {
    let mut fake = Fake::new(3);
    let all: Vec<FoundAccountData> = (0..10).map(|_| fake.account()).collect();
    let begin = request.page_token()?.map_or(0, |Place { begin }| begin);
    let end = (begin + request.page_size()).min(all.len());
    let page =
        |accounts: &[FoundAccountData]| Response::new(ListAccountsResponse { accounts: accounts.to_vec() });
    Ok(match request.settings.way.as_str() {
        "right" => page(&all[begin..end]).next_page((end < all.len()).then_some(Place { begin: end })),
        "circle" => page(&all[begin..end]).next_page(Some(Place { begin: end % 6 })),
        "all" => page(&all),
        "partial" => page(&all[..1]).partial("the rest is locked", 9),
        _ => return Err(ConnectorError::new("no such way", ErrorCode::NotFound).with_status(404))?,
    })
}

fn caller(way: &str) -> Caller {
    let integration =
        Integration::builder("app").settings::<Settings>().register(ListAccounts, list_accounts).build();
    Caller::new(integration).with(json!({ "settings": { "way": way } }))
}

#[test]
fn pages_are_walked_to_the_end() {
    let mut between = Vec::new();
    let pages = caller("right").pages_with(ListAccounts, json!({}), 4, |page| between.push(page));
    assert_eq!((pages.sizes, between), (vec![4, 4, 2], vec![1, 2]));
    let whole = caller("right").answer(ListAccounts, ListAccountsRequest::default());
    assert_eq!(whole["accounts"], json!(pages.items));
}

#[test]
fn a_listing_that_goes_wrong_is_told() {
    for (way, size, expected) in [
        (
            "circle",
            2,
            "list_accounts: page 4 leads to a page that has been listed: its token comes a second time",
        ),
        ("all", 4, "list_accounts: page 1 has 10 items, and was to have 4 at the most"),
        ("partial", 4, "list_accounts: the answer is partial: the rest is locked"),
        ("lost", 4, "list_accounts failed: not_found: no such way"),
    ] {
        assert_eq!(told(|| drop(caller(way).pages(ListAccounts, json!({}), size))), expected, "{way}");
    }
}

#[test]
fn an_answer_and_an_error_are_told_apart() {
    let error = caller("lost").error("list_accounts", json!({}));
    assert_eq!((error.code.as_str(), error.status_code), ("not_found", Some(404)));
    assert_eq!(error.to_string(), "not_found: no such way");
    assert_eq!(
        told(|| drop(caller("right").error(ListAccounts, json!({})))),
        "list_accounts: expected an error, found an answer"
    );
    assert_eq!(
        told(|| drop(caller("lost").answer(ListAccounts, json!({})))),
        "list_accounts failed: not_found: no such way"
    );
    assert_eq!(
        told(|| drop(caller("partial").answer(ListAccounts, json!({})))),
        "list_accounts: the answer is partial: the rest is locked"
    );
    let partial = caller("partial").partial_too().answer(ListAccounts, json!({}));
    assert_eq!(partial["accounts"].as_array().unwrap().len(), 1);
}

#[test]
fn more_of_the_envelope_is_added_to_what_is_there() {
    let caller = caller("right").with(json!({ "page": { "size": 3 } }));
    assert_eq!(caller.answer(ListAccounts, json!({}))["accounts"].as_array().unwrap().len(), 3);
    let other = caller.with(json!({ "settings": { "way": "all" } }));
    assert_eq!(other.answer(ListAccounts, json!({}))["accounts"].as_array().unwrap().len(), 10);
}
