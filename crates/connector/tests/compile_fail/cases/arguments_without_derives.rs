use connector::capability::*;
use connector::schemars::{self, JsonSchema};
use connector::serde::{self, Deserialize};
use connector::{Integration, Request, Response, Result};

struct Plain {
    _domain: String,
}

#[derive(JsonSchema)]
struct NoDeserialize {
    _domain: String,
}

#[derive(Deserialize)]
#[serde(crate = "serde")]
struct NoSchema {
    _domain: String,
}

async fn plain(_: Request<WithArgs<ListAccountsRequest, Plain>>) -> Result<Response<ListAccountsResponse>> {
    unimplemented!()
}

fn unreadable(
    _: Request<WithArgs<ListResourcesRequest, NoDeserialize>>,
) -> Result<Response<ListResourcesResponse>> {
    unimplemented!()
}

async fn undescribed(
    _: Request<WithArgs<ListEntitlementsRequest, NoSchema>>,
) -> Result<Response<ListEntitlementsResponse>> {
    unimplemented!()
}

fn main() {
    let _ = Integration::builder("github")
        .register(ListAccounts, plain)
        .register_blocking(ListResources, unreadable)
        .register(ListEntitlements, undescribed);
}
