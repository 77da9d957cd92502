//! Pages, raw data and incomplete listings.

use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::model::{BasicCredentials, FoundAccountData};
use connector::pagination::invalid_token;
use connector::{ConnectorError, IntegrationBuilder, NoSettings, Response, Wire};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::support::{CLASSIC, OPENAPI, Request, ask, builder, error_text};

#[derive(Serialize, Deserialize)]
struct Offset {
    endpoint: Option<String>,
    offset: usize,
}

async fn list(request: Request<ListAccountsRequest>) -> connector::Result<Response<ListAccountsResponse>> {
    let Offset { offset, .. } =
        request.page_token()?.unwrap_or(Offset { endpoint: Some("/users".to_owned()), offset: 0 });
    let end = (offset + request.page_size()).min(10);
    let accounts = (offset..end).map(|id| FoundAccountData::new(id.to_string())).collect();
    let next = (end < 10).then(|| Offset { endpoint: Some("/users".to_owned()), offset: end });
    Ok(Response::new(ListAccountsResponse { accounts })
        .next_page(next)
        .raw_data_if(request.include_raw_data, json!([offset, end])))
}

fn integration() -> connector::Integration {
    builder().register(ListAccounts, list).page_size(3, 4).build()
}

fn page(token: Option<&str>, size: Option<i64>) -> String {
    CLASSIC.replace("\"request\"", &format!("\"page\":{},\"request\"", json!({"token": token, "size": size})))
}

fn ids(answer: &Value) -> Vec<&str> {
    let accounts = answer["response"]["accounts"].as_array().expect("a list");
    accounts.iter().map(|account| account["integration_specific_id"].as_str().expect("an id")).collect()
}

#[test]
fn pages_add_up_to_the_whole_listing() {
    let integration = integration();
    let (mut token, mut all) = (None, Vec::new());
    loop {
        let answer = ask(&integration, "list-accounts", &page(token.as_deref(), Some(2)));
        assert!(ids(&answer).len() <= 2);
        all.extend(ids(&answer).into_iter().map(str::to_owned));
        match answer["page"]["token"].as_str() {
            Some(next) => token = Some(next.to_owned()),
            None => break,
        }
    }
    assert_eq!(all, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
}

#[test]
fn an_empty_token_is_the_last_page() {
    assert!(Response::new(()).next_token(Some(String::new())).page().is_none());
    assert_eq!(
        Response::new(()).next_token(Some("p2".to_owned())).page().unwrap().token.as_deref(),
        Some("p2")
    );
}

#[test]
fn a_page_has_the_default_size_and_never_more_than_the_maximum() {
    let integration = integration();
    assert_eq!(ids(&ask(&integration, "list-accounts", CLASSIC)).len(), 3);
    assert_eq!(ids(&ask(&integration, "list-accounts", &page(None, Some(1000)))).len(), 4);
    assert_eq!(ids(&ask(&integration, "list-accounts", &page(None, Some(i64::MAX)))).len(), 4);
}

#[test]
fn foreign_page_tokens_are_rejected() {
    for token in ["", "zz", "90", "81a1", "deadbeef"] {
        assert_eq!(
            error_text(&integration(), "list-accounts", &page(Some(token), None)).split(": ").next(),
            Some("app.bad_request"),
            "{token:?}"
        );
    }
}

#[test]
fn openapi_has_its_own_code_for_page_tokens() {
    let other_listing = |_: Request<ListAccountsRequest>| async {
        Err(invalid_token("page.token: a token of another listing"))?
    };
    let of_endpoints = |request: Request<ListAccountsRequest>| async move {
        request.page_tokens::<Offset>()?;
        Ok(ListAccountsResponse::default().into())
    };
    let chosen = |_: Request<ListAccountsRequest>| async {
        Err(ConnectorError::bad_request("page.token: no such page"))?
    };
    let error = |builder: IntegrationBuilder<NoSettings, BasicCredentials>| {
        let page = json!({"token": "81a1"});
        let request = OPENAPI.replace("\"request\"", &format!("\"page\":{page},\"request\""));
        ask(&builder.wire(Wire::OpenApi).build(), "list_accounts", &request)["error"].take()
    };
    let own = "page.token: not a token of this connector";
    for (error, message) in [
        (error(builder().register(ListAccounts, list)), own),
        (error(builder().register(ListAccounts, of_endpoints)), own),
        (error(builder().register(ListAccounts, other_listing)), "page.token: a token of another listing"),
    ] {
        assert_eq!(
            (&error["message"], &error["error_code"]),
            (&json!(message), &json!("invalid_page_token"))
        );
        let metadata = &error["error_metadata"];
        assert_eq!((&metadata["fault"], &metadata["category"]), (&json!("caller"), &json!("client")));
        assert_eq!((&metadata["retryable"], &error["app_error_code"]), (&json!(false), &Value::Null));
    }
    // A code that the author has chosen is kept.
    assert_eq!(error(builder().register(ListAccounts, chosen))["error_code"], "bad_request");
}

#[test]
fn raw_data_is_an_object_and_included_only_on_request() {
    let answer = ask(&integration(), "list-accounts", CLASSIC);
    assert_eq!(answer["raw_data"], Value::Null);
    let asked = CLASSIC.replace("\"request\"", "\"include_raw_data\":true,\"request\"");
    assert_eq!(ask(&integration(), "list-accounts", &asked)["raw_data"], json!({"data": [0, 3]}));
}

#[test]
fn only_incomplete_listings_are_partial() {
    let integration = builder()
        .register(ListAccounts, |_: Request<ListAccountsRequest>| async {
            Ok(Response::new(ListAccountsResponse::default()).partial("two lines are odd", 2))
        })
        .build();
    let answer = ask(&integration, "list-accounts", CLASSIC);
    assert_eq!(answer["partial"], json!({"reason": "two lines are odd", "skipped": 2}));
    assert!(ask(&self::integration(), "list-accounts", CLASSIC).get("partial").is_none());
}

#[test]
fn an_unwritable_page_token_is_an_error_and_not_the_last_page() {
    #[derive(Serialize)]
    struct Keyed(std::collections::BTreeMap<String, f64>, #[serde(serialize_with = "fail")] ());
    fn fail<S: serde::Serializer>(_: &(), _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("unwritable"))
    }
    let integration = builder()
        .register(ListAccounts, |_: Request<ListAccountsRequest>| async {
            let next = Some(Keyed(Default::default(), ()));
            Ok(Response::new(ListAccountsResponse::default()).next_page(next))
        })
        .build();
    assert!(
        error_text(&integration, "list-accounts", CLASSIC)
            .starts_with("app.internal_error: cannot create a page token")
    );
}
