use connector::capability::{ListAccounts, ListAccountsRequest, ListResourcesResponse};
use connector::{Integration, Request, Response, Result};

async fn list_accounts(_: Request<ListAccountsRequest>) -> Result<Response<ListResourcesResponse>> {
    Ok(ListResourcesResponse { resources: Vec::new() }.into())
}

fn main() {
    let _ = Integration::builder("github").register(ListAccounts, list_accounts);
}
