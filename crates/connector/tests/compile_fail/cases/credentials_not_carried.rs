use connector::capability::*;
use connector::model::BasicCredentials;
use connector::{Integration, NoAuth, NoSettings, Response, Result};

type Request<P, A = BasicCredentials> = connector::Request<P, NoSettings, A>;

async fn with_credentials(
    _: Request<GetAuthorizationUrlRequest>,
) -> Result<Response<GetAuthorizationUrlResponse>> {
    unimplemented!()
}

fn without_credentials(_: Request<RefreshAccessTokenRequest, NoAuth>) -> Result<Response<RefreshAccessTokenResponse>> {
    unimplemented!()
}

async fn list_accounts(_: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
    unimplemented!()
}

fn main() {
    let _ = Integration::builder("credentials")
        .auth::<BasicCredentials>()
        .register(GetAuthorizationUrl, with_credentials)
        .register_blocking(RefreshAccessToken, without_credentials)
        .register(ListAccounts, list_accounts)
        .build();
}
