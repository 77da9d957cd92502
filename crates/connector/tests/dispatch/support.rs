//! An integration for tests, and helpers to call it.

use connector::capability::{
    CreateAccount, CreateAccountRequest, CreateAccountResponse, FindEntitlementAssociations,
    FindEntitlementAssociationsRequest, FindEntitlementAssociationsResponse, ListAccounts,
    ListAccountsRequest, ListAccountsResponse,
};
use connector::model::{AccountStatus, BasicCredentials, FoundAccountData, FoundEntitlementAssociation};
use connector::{Integration, IntegrationBuilder, NoSettings, Response, Wire};
use serde_json::Value;

pub(crate) type Request<P> = connector::Request<P, NoSettings, BasicCredentials>;

pub(crate) const CLASSIC: &str = r#"{"auth":{"model":"basic","username":"ada","password":"p"},"request":{}}"#;
pub(crate) const OPENAPI: &str = r#"{"auth":{"basic":{"username":"ada","password":"p"}},"request":{}}"#;

pub(crate) fn builder() -> IntegrationBuilder<NoSettings, BasicCredentials> {
    Integration::builder("app").auth::<BasicCredentials>()
}

/// Creates an integration with three capabilities, each with one handler for both formats.
pub(crate) fn integration(wire: Wire) -> Integration {
    builder()
        .wire(wire)
        .register(ListAccounts, list_accounts)
        .register(CreateAccount, create_account)
        .register(FindEntitlementAssociations, find_entitlement_associations)
        .build()
}

async fn list_accounts(
    request: Request<ListAccountsRequest>,
) -> connector::Result<Response<ListAccountsResponse>> {
    let account = FoundAccountData {
        username: Some(request.auth.username.clone()),
        user_status: Some(AccountStatus::Inactive),
        resource_id: Some("r".to_owned()),
        ..FoundAccountData::new("1")
    };
    Ok(Response::new(ListAccountsResponse { accounts: vec![account] }).next_token(Some("next".to_owned())))
}

async fn create_account(
    request: Request<CreateAccountRequest>,
) -> connector::Result<Response<CreateAccountResponse>> {
    let id =
        request.request.account.email.map(|email| format!("{email}+{}", request.request.entitlements.len()));
    Ok(CreateAccountResponse { status: AccountStatus::Active, created: true, id }.into())
}

async fn find_entitlement_associations(
    _: Request<FindEntitlementAssociationsRequest>,
) -> connector::Result<Response<FindEntitlementAssociationsResponse>> {
    Ok(FindEntitlementAssociationsResponse {
        associations: vec![FoundEntitlementAssociation {
            integration_specific_entitlement_id: "member".to_owned(),
            account: FoundAccountData::new("1"),
            integration_specific_resource_id: "staff".to_owned(),
        }],
    }
    .into())
}

/// Returns the response as JSON.
pub(crate) fn ask(integration: &Integration, capability: &str, request: &str) -> Value {
    ask_bytes(integration, capability, request.as_bytes())
}

pub(crate) fn ask_bytes(integration: &Integration, capability: &str, request: &[u8]) -> Value {
    let answer = integration.dispatch_blocking(capability, request);
    serde_json::from_slice(&answer).expect("the response should be one JSON document")
}

/// Returns the error of a classic response, as `code: message`.
pub(crate) fn error_text(integration: &Integration, capability: &str, request: &str) -> String {
    let answer = ask(integration, capability, request);
    assert_eq!(answer["response"], Value::Null, "{answer}");
    let error = &answer["error"];
    format!(
        "{}: {}",
        error["error_code"].as_str().expect("a text"),
        error["message"].as_str().expect("a text")
    )
}
