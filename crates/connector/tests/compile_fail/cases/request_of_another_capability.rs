use connector::capability::{ListAccounts, ListAccountsResponse, ListResourcesRequest};
use connector::{Integration, Request, Response, Result};

async fn list_accounts(_: Request<ListResourcesRequest>) -> Result<Response<ListAccountsResponse>> {
    Ok(ListAccountsResponse::default().into())
}

fn main() {
    let _ = Integration::builder("github").register(ListAccounts, list_accounts);
}
