//! A connector that takes several credentials, to test the page that offers them.

use std::process::ExitCode;

use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::model::{BasicCredentials, FoundAccountData, TokenCredentials};
use connector::{Credentials, Integration, NoSettings, Response, Result, Wire};

#[derive(Credentials)]
struct Auth {
    /// Calls the API.
    #[credential(name = "API token")]
    api: TokenCredentials,
    /// Signs in to the console.
    console: Option<BasicCredentials>,
}

type Request<P> = connector::Request<P, NoSettings, Auth>;

/// Returns an account for each credential.
async fn list_accounts(request: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
    let mut accounts = vec![FoundAccountData::new(format!("api-{}", request.auth.api.token.expose().len()))];
    accounts.extend(request.auth.console.map(|console| FoundAccountData::new(console.username)));
    Ok(ListAccountsResponse::new(accounts).into())
}

fn main() -> ExitCode {
    let integration = Integration::builder("keyring")
        .wire(Wire::OpenApi)
        .auth::<Auth>()
        .register(ListAccounts, list_accounts)
        .build();
    connector::cli::run(integration)
}
