//! Attributes on methods, and variations of blocks.

use std::fmt::Display;

use connector::capability::{
    ListAccountsRequest, ListAccountsResponse, ListEntitlementsRequest, ListEntitlementsResponse,
    ListResourcesRequest, ListResourcesResponse, WithArgs,
};
use connector::schemars::JsonSchema;
use connector::{ConnectorError, ErrorCode, Integration, Request, Response, Result};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize, JsonSchema)]
struct Site {
    site: String,
}

/// Has no credentials or settings, a generic parameter, and methods that are not registered.
struct Shelf<'a, L, const N: usize> {
    label: &'a L,
}

#[connector::capabilities]
impl<L, const N: usize> Shelf<'static, L, N>
where
    L: Display + Sync,
{
    const KIND: &'static str = "shelf";

    #[capability(connector::capability::ListResources)]
    fn resources(
        &self,
        request: Request<WithArgs<ListResourcesRequest, Site>>,
    ) -> Result<Response<ListResourcesResponse>> {
        let site = request.request.args.site;
        let what = format!("{} {} {} at {}", Self::KIND, self.label, N, site);
        Err(ConnectorError::new(what, ErrorCode::NotFound))?
    }

    #[capability(skip)]
    fn list_entitlements(
        &self,
        _: Request<ListEntitlementsRequest>,
    ) -> Result<Response<ListEntitlementsResponse>> {
        Ok(ListEntitlementsResponse { entitlements: Vec::new() }.into())
    }

    #[cfg(not(test))]
    fn list_accounts(&self, _: NoSuchType) -> Result<Response<ListAccountsResponse>> {}

    #[cfg(test)]
    #[expect(clippy::unused_self, reason = "a lint of the method's stays where it is")]
    fn list_accounts(&self, _: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
        Ok(ListAccountsResponse::default().into())
    }
}

fn shelf() -> Integration {
    static LABEL: u8 = 7;
    let shelf = Shelf::<_, 3> { label: &LABEL };
    assert!(
        shelf
            .list_entitlements(Request::new(
                ListEntitlementsRequest::new(),
                connector::NoSettings::new(),
                connector::NoAuth::new(),
            ))
            .is_ok(),
        "not registered, but still a method"
    );
    shelf.into_builder("shelf").build()
}

#[test]
fn marks_determine_the_capability_of_a_method() {
    let shelf = shelf();
    let names: Vec<&str> = shelf.capabilities().map(|capability| capability.name).collect();
    assert_eq!(names, ["list-accounts", "list-resources"]);
}

#[test]
fn blocks_may_be_generic_and_methods_may_have_arguments() {
    let request = br#"{"request": {"resource_type": "book", "site": "Leiden"}}"#;
    let answer: Value =
        serde_json::from_slice(&shelf().dispatch_blocking("list_resources", request)).unwrap();
    assert_eq!(answer["error"]["message"], "shelf 7 3 at Leiden", "{answer}");
    assert_eq!(answer["error"]["raised_in"], "class_style.marks:resources");
}
