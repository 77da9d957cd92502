use connector::capability::*;
use connector::model::{BasicCredentials, OAuthCredentials};
use connector::schemars::{self, JsonSchema};
use connector::serde::{self, Deserialize};
use connector::{Integration, NoAuth, Response, Result};

#[derive(Deserialize, JsonSchema)]
#[serde(crate = "serde")]
struct Old {}

#[derive(Deserialize, JsonSchema)]
#[serde(crate = "serde")]
struct Settings {}

struct Pool;

type Request<P, A = BasicCredentials, State = ()> = connector::Request<P, Settings, A, State>;

async fn list_accounts(_: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
    unimplemented!()
}

fn list_resources(_: Request<ListResourcesRequest>) -> Result<Response<ListResourcesResponse>> {
    unimplemented!()
}

async fn with_other_auth(_: Request<ListAccountsRequest, NoAuth>) -> Result<Response<ListAccountsResponse>> {
    unimplemented!()
}

async fn with_state(
    _: Request<ListAccountsRequest, BasicCredentials, Pool>,
) -> Result<Response<ListAccountsResponse>> {
    unimplemented!()
}

fn main() {
    let _ = Integration::builder("other_settings")
        .auth::<BasicCredentials>()
        .settings::<Old>()
        .register(ListAccounts, list_accounts)
        .register_blocking(ListResources, list_resources)
        .build();
    let _ = Integration::builder("no_settings")
        .auth::<BasicCredentials>()
        .register(ListAccounts, list_accounts)
        .register_blocking(ListResources, list_resources)
        .build();
    let _ = Integration::builder("settings_after_register")
        .auth::<BasicCredentials>()
        .register(ListAccounts, list_accounts)
        .register_blocking(ListResources, list_resources)
        .settings::<Settings>()
        .build();
    let _ = Integration::builder("other_credentials")
        .auth::<BasicCredentials>()
        .settings::<Settings>()
        .register(ListAccounts, with_other_auth)
        .build();
    let _ = Integration::builder("other_state")
        .auth::<BasicCredentials>()
        .settings::<Settings>()
        .state(1)
        .register(ListAccounts, with_state)
        .build();
    let _ = Integration::builder("all_three")
        .auth::<OAuthCredentials>()
        .register(ListAccounts, with_state)
        .build();
}
