use connector::capability::{
    CreateAccountRequest, ListAccountsRequest, ListAccountsResponse, ListEntitlementsResponse,
    ListResourcesResponse,
};
use connector::error::HttpHandler;
use connector::{Request, Response, Result};

struct GitHub;

#[connector::capabilities(on_error(std::io::Error, HttpHandler))]
impl GitHub {
    async fn list_accounts(
        &self,
        _: Request<ListAccountsRequest>,
    ) -> Result<Response<ListResourcesResponse>> {
        unimplemented!()
    }

    fn list_resources(&self, _: Request<ListAccountsRequest>) -> Result<Response<ListResourcesResponse>> {
        unimplemented!()
    }

    fn list_entitlements(&self, _: ListAccountsRequest) -> Result<Response<ListEntitlementsResponse>> {
        unimplemented!()
    }

    fn create_account(&self, _: Request<CreateAccountRequest>) -> Result<Response<ListAccountsResponse>> {
        unimplemented!()
    }
}

fn main() {
    let _ = GitHub.into_builder("github");
}
