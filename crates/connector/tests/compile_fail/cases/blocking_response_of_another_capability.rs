use connector::capability::{ListAccounts, ListAccountsRequest, ListResourcesResponse};
use connector::{Integration, Request, Response, Result};

fn list_accounts(_: Request<ListAccountsRequest>) -> Result<Response<ListResourcesResponse>> {
    Ok(ListResourcesResponse { resources: Vec::new() }.into())
}

fn main() {
    let _ = Integration::builder("github").register_blocking(ListAccounts, list_accounts);
}
