use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::{Integration, Request, Response, Result};

fn list_accounts(_: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
    Ok(ListAccountsResponse::default().into())
}

fn main() {
    let _ = Integration::builder("github").register(ListAccounts, list_accounts);
}
