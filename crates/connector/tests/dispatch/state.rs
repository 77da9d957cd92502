//! Shared state.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use connector::capability::{
    ListAccounts, ListAccountsRequest, ListAccountsResponse, ValidateCredentials, ValidateCredentialsRequest,
    ValidateCredentialsResponse,
};
use connector::model::FoundAccountData;
use connector::{Integration, NoAuth, NoSettings, Response, Result};

use crate::support::ask;

#[derive(Default)]
struct Calls(AtomicU64);

type Request<P> = connector::Request<P, NoSettings, NoAuth, Calls>;

async fn list_accounts(request: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
    let count = request.state.0.fetch_add(1, Ordering::Relaxed) + 1;
    Ok(ListAccountsResponse { accounts: vec![FoundAccountData::new(count.to_string())] }.into())
}

#[expect(clippy::needless_pass_by_value, reason = "a handler takes its request by value")]
fn validate(request: Request<ValidateCredentialsRequest>) -> Result<Response<ValidateCredentialsResponse>> {
    let is_first = request.state.0.fetch_add(1, Ordering::Relaxed) == 0;
    Ok(ValidateCredentialsResponse::new(is_first).into())
}

fn integration() -> Integration {
    Integration::builder("app")
        .state(Calls::default())
        .register(ListAccounts, list_accounts)
        .register_blocking(ValidateCredentials, validate)
        .build()
}

const REQUEST: &str = r#"{"request":{}}"#;

fn counted(integration: &Integration) -> String {
    let answer = ask(integration, "list-accounts", REQUEST);
    answer["response"]["accounts"][0]["integration_specific_id"].as_str().expect("a text").to_owned()
}

#[test]
fn all_handlers_of_an_integration_share_its_state() {
    let integration = integration();
    assert_eq!((counted(&integration), counted(&integration)), ("1".to_owned(), "2".to_owned()));
    assert_eq!(ask(&integration, "validate-credentials", REQUEST)["response"]["valid"], false);
    assert_eq!(counted(&integration), "4");
}

#[test]
fn integrations_do_not_share_state() {
    let (one, other) = (integration(), integration());
    assert_eq!(counted(&one), "1");
    assert_eq!(ask(&other, "validate-credentials", REQUEST)["response"]["valid"], true);
    assert_eq!(counted(&one), "2");
}

#[test]
fn state_is_dropped_with_its_integration() {
    let shared = Arc::new(Calls::default());
    let weak: Weak<Calls> = Arc::downgrade(&shared);
    let integration = Integration::builder("app")
        .state(shared)
        .register(
            ListAccounts,
            |request: connector::Request<ListAccountsRequest, NoSettings, NoAuth, Arc<Calls>>| async move {
                request.state.0.fetch_add(1, Ordering::Relaxed);
                Ok(ListAccountsResponse::default().into())
            },
        )
        .build();
    ask(&integration, "list-accounts", REQUEST);
    assert_eq!(weak.upgrade().unwrap().0.load(Ordering::Relaxed), 1);
    drop(integration);
    assert!(weak.upgrade().is_none());
}

#[tokio::test]
async fn a_handler_can_be_tested_with_state() {
    let request = connector::Request::new(ListAccountsRequest::default(), NoSettings::new(), NoAuth::new())
        .with_state(Calls(AtomicU64::new(41)));
    let answer = list_accounts(request.clone()).await.unwrap();
    assert_eq!(answer.payload().accounts[0].integration_specific_id, "42");
    assert_eq!(request.state.0.load(Ordering::Relaxed), 42, "a clone has the same state");
}
