use connector::capability::{ListAccountsRequest, ListAccountsResponse};
use connector::{Request, Response, Result};

type Answer = Result<Response<ListAccountsResponse>>;

struct GitHub;

#[connector::capabilities()]
impl GitHub {
    async fn list_accounts(&mut self, _: Request<ListAccountsRequest>) -> Answer {
        unimplemented!()
    }

    async fn list_resources(_: Request<ListAccountsRequest>) -> Answer {
        unimplemented!()
    }

    async fn list_entitlements(&self) -> Answer {
        unimplemented!()
    }

    async fn create_account(&self, _: Request<ListAccountsRequest>, _page: u32) -> Answer {
        unimplemented!()
    }

    async fn delete_account(&self, _: Request<ListAccountsRequest>) {
        unimplemented!()
    }

    async fn activate_account<T>(&self, _: Request<T>) -> Answer {
        unimplemented!()
    }

    async fn list_acounts(&self, _: Request<ListAccountsRequest>) -> Answer {
        unimplemented!()
    }

    #[capability]
    async fn bare(&self, _: Request<ListAccountsRequest>) -> Answer {
        unimplemented!()
    }

    #[custom_capability("rotate")]
    async fn named_by_a_string(&self, _: Request<ListAccountsRequest>) -> Answer {
        unimplemented!()
    }

    #[capability(ListAccounts)]
    #[custom_capability(RotateBadge)]
    async fn both(&self, _: Request<ListAccountsRequest>) -> Answer {
        unimplemented!()
    }
}

fn main() {}
