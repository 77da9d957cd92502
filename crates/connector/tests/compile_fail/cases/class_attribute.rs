use connector::capability::{ListAccountsRequest, ListAccountsResponse};
use connector::error::HttpHandler;
use connector::{Request, Response, Result};

type Answer = Result<Response<ListAccountsResponse>>;

struct UnknownKey;

#[connector::capabilities(error(std::io::Error, HttpHandler))]
impl UnknownKey {
    fn list_accounts(&self, _: Request<ListAccountsRequest>) -> Answer {
        unimplemented!()
    }
}

struct NoHandler;

#[connector::capabilities(on_error(std::io::Error))]
impl NoHandler {
    fn list_accounts(&self, _: Request<ListAccountsRequest>) -> Answer {
        unimplemented!()
    }
}

struct Empty;

#[connector::capabilities()]
impl Empty {
    fn helper(&self) {}
}

#[connector::capabilities()]
impl Clone for Empty {
    fn clone(&self) -> Self {
        Self
    }
}

#[connector::capabilities()]
fn main() {}
