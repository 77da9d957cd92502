use std::rc::Rc;

use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::{Integration, Request, Response, Result};

async fn list_accounts(_: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
    let seen = Rc::new(());
    std::future::ready(()).await;
    drop(seen);
    Ok(ListAccountsResponse::default().into())
}

fn main() {
    let _ = Integration::builder("github").register(ListAccounts, list_accounts);
}
