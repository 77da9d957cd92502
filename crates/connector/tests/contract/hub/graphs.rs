//! The hub's capabilities of the openapi format: single things, what has changed, and the graphs of access.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use connector::capability::{
    FindEntitlementGraph, FindEntitlementGraphRequest, FindEntitlementGraphResponse, FindResourceGraph,
    FindResourceGraphRequest, FindResourceGraphResponse, GetAccountEntitlementAssociations,
    GetAccountEntitlementAssociationsRequest, GetAccountEntitlementAssociationsResponse, GetApplication,
    GetApplicationAccount, GetApplicationAccountRequest, GetApplicationAccountResponse,
    GetApplicationRequest, GetApplicationResponse, GetDataRecency, GetDataRecencyRequest,
    GetDataRecencyResponse, ListApplications, ListApplicationsAccounts, ListApplicationsAccountsRequest,
    ListApplicationsAccountsResponse, ListApplicationsRequest, ListApplicationsResponse, ListUpdatedAccounts,
    ListUpdatedAccountsRequest, ListUpdatedAccountsResponse,
};
use connector::model::{
    AccessGraphEntitlement, AccessGraphEntitlementIdentifier, AccessGraphImpliedAccess, AccessGraphResource,
    AccessGraphResourceRelationship, AccountStatus, Application, ApplicationAccount, ApplicationStatus,
    AssignmentMode, BasicCredentials, FoundAccountData, FoundEntitlementAssociation, Reference,
    ReferenceType, SignOnMode, Timestamp,
};
use connector::{IntegrationBuilder, NoSettings, Response};

use super::{GROUPS, ROLES, Request, Tenant, found, known, missing, on, page};

const APPS: [&str; 2] = ["mail", "wiki"];

fn application(id: &str) -> Application {
    let (status, mode) = (ApplicationStatus::Active, SignOnMode::Saml);
    Application::new(id, id, status, mode, [AssignmentMode::Account])
}

fn of_application(account: &str) -> ApplicationAccount {
    ApplicationAccount::new(account, APPS[0], AccountStatus::Active)
}

fn role(group: &str, role: &str) -> AccessGraphEntitlementIdentifier {
    AccessGraphEntitlementIdentifier::new(role, group)
}

pub(super) fn register(
    builder: IntegrationBuilder<NoSettings, BasicCredentials>,
    tenant: &Arc<Mutex<Tenant>>,
) -> IntegrationBuilder<NoSettings, BasicCredentials> {
    let builder = builder
        .register(
            ListUpdatedAccounts,
            on(tenant, |tenant, request: &Request<ListUpdatedAccountsRequest>| {
                let (accounts, next) = page(request, tenant.accounts.iter().map(found).collect())?;
                Ok(Response::new(ListUpdatedAccountsResponse::new(accounts)).next_token(next))
            }),
        )
        .register(
            GetDataRecency,
            on(tenant, |_, _: &Request<GetDataRecencyRequest>| {
                let read = Timestamp::from_unix_seconds(1_700_000_000)?;
                let data = BTreeMap::from([("list_accounts".to_owned(), Some(read))]);
                Ok(GetDataRecencyResponse::new(data).into())
            }),
        )
        .register(
            GetAccountEntitlementAssociations,
            on(tenant, |tenant, request: &Request<GetAccountEntitlementAssociationsRequest>| {
                let id = &request.request.account_id;
                tenant.account(id)?;
                let held = |(account, role, group): &(String, String, String)| FoundEntitlementAssociation {
                    integration_specific_entitlement_id: role.clone(),
                    account: FoundAccountData::new(account),
                    integration_specific_resource_id: group.clone(),
                };
                let all = tenant.grants.iter().filter(|(account, ..)| account == id).map(held).collect();
                let (associations, next) = page(request, all)?;
                let response = GetAccountEntitlementAssociationsResponse { associations };
                Ok(Response::new(response).next_token(next))
            }),
        );
    let builder = builder
        .register(
            ListApplications,
            on(tenant, |_, request: &Request<ListApplicationsRequest>| {
                let (applications, next) = page(request, Vec::from(APPS.map(application)))?;
                Ok(Response::new(ListApplicationsResponse { applications }).next_token(next))
            }),
        )
        .register(
            GetApplication,
            on(tenant, |_, request: &Request<GetApplicationRequest>| {
                let id = &request.request.application_instance_id;
                known(&APPS, id, "application")?;
                Ok(GetApplicationResponse { application: application(id) }.into())
            }),
        )
        .register(
            ListApplicationsAccounts,
            on(tenant, |tenant, request: &Request<ListApplicationsAccountsRequest>| {
                let all = tenant.accounts.iter().map(|(name, _)| of_application(name)).collect();
                let (accounts, next) = page(request, all)?;
                Ok(Response::new(ListApplicationsAccountsResponse { accounts }).next_token(next))
            }),
        )
        .register(
            GetApplicationAccount,
            on(tenant, |tenant, request: &Request<GetApplicationAccountRequest>| {
                let GetApplicationAccountRequest { application_instance_id, account_id } = &request.request;
                if application_instance_id != APPS[0] {
                    Err(missing("application"))?;
                }
                tenant.account(account_id)?;
                Ok(GetApplicationAccountResponse { account: of_application(account_id) }.into())
            }),
        );
    builder
        .register(
            FindEntitlementGraph,
            on(tenant, |_, request: &Request<FindEntitlementGraphRequest>| {
                let node =
                    |group: &str, role: &str| AccessGraphEntitlement::new(role, "role", group, false, role);
                let all = GROUPS.iter().flat_map(|group| ROLES.map(|role| node(group, role))).collect();
                let (nodes, next) = page(request, all)?;
                let implication =
                    AccessGraphImpliedAccess::new(role(GROUPS[0], ROLES[1]), [role(GROUPS[0], ROLES[0])]);
                let first = if request.page.token.is_none() { vec![implication] } else { Vec::new() };
                Ok(Response::new(FindEntitlementGraphResponse::new(nodes, first, [])).next_token(next))
            }),
        )
        .register(
            FindResourceGraph,
            on(tenant, |_, request: &Request<FindResourceGraphRequest>| {
                let mut all = Vec::from(GROUPS.map(|id| AccessGraphResource::new(id, "group", id)));
                all[0].reference = Some(Reference::new("user0", ReferenceType::Account));
                let (resources, next) = page(request, all)?;
                let contains = AccessGraphResourceRelationship::new(
                    GROUPS[0],
                    [GROUPS[1].to_owned(), GROUPS[2].to_owned()],
                    "contains",
                );
                let first = if request.page.token.is_none() { vec![contains] } else { Vec::new() };
                Ok(Response::new(FindResourceGraphResponse::new(resources, first, [])).next_token(next))
            }),
        )
}
