use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::{Integration, NoAuth, NoSettings, Response, Result};

struct Pool;

type Request<P> = connector::Request<P, NoSettings, NoAuth, Pool>;

async fn list_accounts(_: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
    Ok(ListAccountsResponse::default().into())
}

fn main() {
    let _ = Integration::builder("github").register(ListAccounts, list_accounts);
}
