use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::schemars::{self, JsonSchema};
use connector::serde::{self, Deserialize};
use connector::{Integration, Request, Response, Result};

#[derive(Deserialize, JsonSchema)]
#[serde(crate = "serde")]
struct Settings {
    _domain: String,
}

async fn list_accounts(_: Request<ListAccountsRequest, Settings>) -> Result<Response<ListAccountsResponse>> {
    Ok(ListAccountsResponse::default().into())
}

fn main() {
    let _ = Integration::builder("github").register(ListAccounts, list_accounts);
}
