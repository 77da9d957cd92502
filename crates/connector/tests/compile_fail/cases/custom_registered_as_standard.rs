use connector::capability::{ListAccountsRequest, ListAccountsResponse};
use connector::{Integration, Request, Response, Result};

struct RotateBadge;

async fn rotate(_: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
    Ok(ListAccountsResponse::default().into())
}

fn main() {
    let _ = Integration::builder("github").register(RotateBadge, rotate);
}
