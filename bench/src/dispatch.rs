//! The dispatch of a request, from bytes to bytes, compared with a hand-written function.

use anyhow::{Result, ensure};
use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::model::{AccountStatus, BasicCredentials, ExtraData, FoundAccountData};
use connector::{Integration, NoSettings, Response, Wire};

use crate::{by_hand, paired};

type Request<P> = connector::Request<P, NoSettings, BasicCredentials>;

async fn list_accounts(
    request: Request<ListAccountsRequest>,
) -> connector::Result<Response<ListAccountsResponse>> {
    let accounts: Vec<_> = (0..request.page_size())
        .map(|i| FoundAccountData {
            email: Some(format!("user{i}@example.com")),
            given_name: Some("Given".to_owned()),
            family_name: Some("Family".to_owned()),
            username: Some(format!("user{i}")),
            user_status: Some(AccountStatus::Active),
            extra_data: Some(ExtraData::from_iter([("n".to_owned(), "1".into())])),
            ..FoundAccountData::new(i.to_string())
        })
        .collect();
    Ok(Response::new(ListAccountsResponse::new(accounts)))
}

/// A hand-written function that handles a request.
type ByHand = fn(&[u8]) -> serde_json::Result<Vec<u8>>;

pub(crate) fn run() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    println!("dispatch of list-accounts                ours      by hand   ratio (middle half)");
    let classic = r#"{"model":"basic","username":"user","password":"password"}"#;
    let openapi = r#"{"basic":{"username":"user","password":"password"}}"#;
    for (wire, auth, by_hand) in [
        (Wire::Classic, classic, by_hand::list_accounts as ByHand),
        (Wire::OpenApi, openapi, by_hand::list_accounts_openapi as ByHand),
    ] {
        let integration = Integration::builder("bench")
            .auth::<BasicCredentials>()
            .wire(wire)
            .register(ListAccounts, list_accounts)
            .build();
        for size in [1, 100, 10_000] {
            let request = format!(r#"{{"auth":{auth},"request":{{}},"page":{{"size":{size}}}}}"#);
            let bytes = request.as_bytes();
            let ours = runtime.block_on(integration.dispatch("list-accounts", bytes));
            ensure!(ours == by_hand(bytes)?, "the responses differ");
            let paired = paired::run(
                101,
                || drop(std::hint::black_box(runtime.block_on(integration.dispatch("list-accounts", bytes)))),
                || drop(std::hint::black_box(by_hand(bytes))),
            );
            println!("{:<8} {size:>6} accounts {paired}", wire.as_str());
        }
    }
    Ok(())
}
