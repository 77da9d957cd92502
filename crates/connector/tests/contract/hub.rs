//! A small connector that honors the contract, with a tenant in memory.

mod graphs;

use std::collections::BTreeSet;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};

use connector::capability::{
    ActivateAccount, ActivateAccountRequest, ActivateAccountResponse, AssignEntitlement,
    AssignEntitlementRequest, AssignEntitlementResponse, CreateAccount, CreateAccountRequest,
    CreateAccountResponse, DeactivateAccount, DeactivateAccountRequest, DeactivateAccountResponse,
    DeleteAccount, DeleteAccountRequest, DeleteAccountResponse, FindEntitlementAssociations,
    FindEntitlementAssociationsRequest, FindEntitlementAssociationsResponse, GetAccount, GetAccountRequest,
    GetAccountResponse, ListAccounts, ListAccountsRequest, ListAccountsResponse, ListEntitlements,
    ListEntitlementsRequest, ListEntitlementsResponse, ListResources, ListResourcesRequest,
    ListResourcesResponse, UnassignEntitlement, UnassignEntitlementRequest, UnassignEntitlementResponse,
    ValidateCredentials, ValidateCredentialsRequest, ValidateCredentialsResponse,
};
use connector::model::{
    AccountStatus, BasicCredentials, FoundAccountData, FoundEntitlementAssociation, FoundEntitlementData,
    FoundResourceData,
};
use connector::{ConnectorError, ErrorCode, Integration, NoSettings, Probe, Response, Result};
use serde_json::{Value, json};

type Request<P> = connector::Request<P, NoSettings, BasicCredentials>;

/// The password that is accepted.
pub(crate) const PASSWORD: &str = "t0p-secret";
const GROUPS: [&str; 3] = ["red", "green", "blue"];
const ROLES: [&str; 2] = ["member", "admin"];

struct Tenant {
    accounts: Vec<(String, AccountStatus)>,
    /// Account, role, group.
    grants: BTreeSet<(String, String, String)>,
}

impl Tenant {
    fn new() -> Self {
        let name = |number: usize| format!("user{number}");
        let grant = |number: usize| (name(number), ROLES[0].to_owned(), GROUPS[number % 3].to_owned());
        Self {
            accounts: (0..7).map(|number| (name(number), AccountStatus::Active)).collect(),
            grants: (0..7).map(grant).collect(),
        }
    }

    fn account(&mut self, id: &str) -> Result<&mut AccountStatus> {
        let found = self.accounts.iter_mut().find(|(name, _)| name == id).map(|(_, status)| status);
        Ok(found.ok_or_else(|| missing("account"))?)
    }

    /// A grant, if each part of it exists.
    fn grant(&mut self, account: &str, role: &str, group: &str) -> Result<(String, String, String)> {
        self.account(account)?;
        known(&GROUPS, group, "resource")?;
        known(&ROLES, role, "entitlement")?;
        Ok((account.to_owned(), role.to_owned(), group.to_owned()))
    }
}

fn missing(what: &str) -> ConnectorError {
    ConnectorError::new(format!("the {what} does not exist"), ErrorCode::NotFound)
}

fn known(all: &[&str], id: &str, what: &str) -> Result<()> {
    if all.contains(&id) { Ok(()) } else { Err(missing(what))? }
}

fn found((name, status): &(String, AccountStatus)) -> FoundAccountData {
    FoundAccountData {
        username: Some(name.clone()),
        user_status: Some(*status),
        ..FoundAccountData::new(name)
    }
}

/// The requested page of `all`, and the token of the next page.
fn page<P, T>(request: &Request<P>, all: Vec<T>) -> Result<(Vec<T>, Option<String>)> {
    let bad = |_| ConnectorError::new("page.token: not a token of this connector", ErrorCode::BadRequest);
    let begin = request.page.token.as_deref().map_or(Ok(0), str::parse).map_err(bad)?;
    let end = begin + request.page_size();
    let next = (end < all.len()).then(|| end.to_string());
    Ok((all.into_iter().skip(begin).take(request.page_size()).collect(), next))
}

/// A handler that acts on the tenant, if the password is right.
fn on<P: Send + 'static, R: Send + 'static>(
    tenant: &Arc<Mutex<Tenant>>,
    act: fn(&mut Tenant, &Request<P>) -> Result<Response<R>>,
) -> impl Fn(Request<P>) -> Ready<Result<Response<R>>> + Send + Sync + 'static {
    let tenant = Arc::clone(tenant);
    move |request| {
        if request.auth.password.expose() != PASSWORD {
            return ready(Err(ConnectorError::new("wrong password", ErrorCode::Unauthorized).into()));
        }
        ready(act(&mut tenant.lock().unwrap(), &request))
    }
}

pub(crate) fn integration() -> Integration {
    let tenant = &Arc::new(Mutex::new(Tenant::new()));
    let builder = Integration::builder("hub")
        .auth::<BasicCredentials>()
        .register(
            ValidateCredentials,
            on(tenant, |_, _: &Request<ValidateCredentialsRequest>| {
                Ok(ValidateCredentialsResponse {
                    unique_tenant_id: Some("hub".to_owned()),
                    ..ValidateCredentialsResponse::new(true)
                }
                .into())
            }),
        )
        .register(
            ListAccounts,
            on(tenant, |tenant, request: &Request<ListAccountsRequest>| {
                let (accounts, next) = page(request, tenant.accounts.iter().map(found).collect())?;
                Ok(Response::new(ListAccountsResponse { accounts }).next_token(next))
            }),
        )
        .register(
            GetAccount,
            on(tenant, |tenant, request: &Request<GetAccountRequest>| {
                let id = &request.request.account_id;
                let status = *tenant.account(id)?;
                Ok(GetAccountResponse { account: found(&(id.clone(), status)) }.into())
            }),
        )
        .register(
            ListResources,
            on(tenant, |_, request: &Request<ListResourcesRequest>| {
                if let Some(kind) = &request.request.resource_type {
                    known(&["group"], kind, "type")?;
                }
                let group = |id: &str| FoundResourceData::new(id, id, "group");
                let (resources, next) = page(request, Vec::from(GROUPS.map(group)))?;
                Ok(Response::new(ListResourcesResponse { resources }).next_token(next))
            }),
        )
        .register(
            ListEntitlements,
            on(tenant, |_, request: &Request<ListEntitlementsRequest>| {
                let groups = match &request.request.resource_integration_specific_id {
                    Some(group) => {
                        known(&GROUPS, group, "resource")?;
                        vec![group.as_str()]
                    }
                    None => GROUPS.to_vec(),
                };
                let role = |group: &str, id: &str| FoundEntitlementData {
                    label: Some(id.to_owned()),
                    ..FoundEntitlementData::new(id, group, "role")
                };
                let all = groups.iter().flat_map(|group| ROLES.map(|id| role(group, id))).collect();
                let (entitlements, next) = page(request, all)?;
                Ok(Response::new(ListEntitlementsResponse { entitlements }).next_token(next))
            }),
        )
        .register(
            FindEntitlementAssociations,
            on(tenant, |tenant, request: &Request<FindEntitlementAssociationsRequest>| {
                let held = |(account, role, group): &(String, String, String)| FoundEntitlementAssociation {
                    integration_specific_entitlement_id: role.clone(),
                    account: FoundAccountData::new(account),
                    integration_specific_resource_id: group.clone(),
                };
                let (associations, next) = page(request, tenant.grants.iter().map(held).collect())?;
                Ok(Response::new(FindEntitlementAssociationsResponse { associations }).next_token(next))
            }),
        )
        .register(
            ActivateAccount,
            on(tenant, |tenant, request: &Request<ActivateAccountRequest>| {
                *tenant.account(&request.request.account_id)? = AccountStatus::Active;
                Ok(ActivateAccountResponse { status: AccountStatus::Active, activated: true }.into())
            }),
        )
        .register(
            DeactivateAccount,
            on(tenant, |tenant, request: &Request<DeactivateAccountRequest>| {
                *tenant.account(&request.request.account_id)? = AccountStatus::Suspended;
                Ok(DeactivateAccountResponse { status: AccountStatus::Suspended, deactivated: true }.into())
            }),
        )
        .register(
            CreateAccount,
            on(tenant, |tenant, request: &Request<CreateAccountRequest>| {
                let name = request.request.account.username.clone().unwrap_or_default();
                tenant.accounts.push((name.clone(), AccountStatus::Active));
                let status = AccountStatus::Active;
                Ok(CreateAccountResponse { status, created: true, id: Some(name) }.into())
            }),
        )
        .register(
            DeleteAccount,
            on(tenant, |tenant, request: &Request<DeleteAccountRequest>| {
                let id = &request.request.account_id;
                tenant.account(id)?;
                tenant.accounts.retain(|(name, _)| name != id);
                Ok(DeleteAccountResponse { status: AccountStatus::Deleted, deleted: true }.into())
            }),
        )
        .register(
            AssignEntitlement,
            on(tenant, |tenant, request: &Request<AssignEntitlementRequest>| {
                let wanted = &request.request;
                let grant = tenant.grant(
                    &wanted.account_integration_specific_id,
                    &wanted.entitlement_integration_specific_id,
                    &wanted.resource_integration_specific_id,
                )?;
                tenant.grants.insert(grant);
                Ok(AssignEntitlementResponse { assigned: true }.into())
            }),
        )
        .register(
            UnassignEntitlement,
            on(tenant, |tenant, request: &Request<UnassignEntitlementRequest>| {
                let wanted = &request.request;
                let grant = tenant.grant(
                    &wanted.account_integration_specific_id,
                    &wanted.entitlement_integration_specific_id,
                    &wanted.resource_integration_specific_id,
                )?;
                tenant.grants.remove(&grant);
                Ok(UnassignEntitlementResponse { unassigned: true }.into())
            }),
        )
        .probe(Probe::new());
    graphs::register(builder, tenant).build()
}

/// A fixture with everything that the checks can use.
pub(crate) fn fixture() -> Value {
    json!({
        "auth": { "model": "basic", "username": "ada", "password": PASSWORD },
        "bad_auth": { "model": "basic", "username": "ada", "password": "another one" },
        "resource_types": ["group"],
        "account_id": "user3",
        "assignment": {
            "account_id": "user3",
            "resource_id": "red",
            "resource_type": "group",
            "entitlement_id": "admin",
            "entitlement_type": "role",
        },
        "create": { "account": { "username": "{{unique}}" }, "entitlements": [] },
        "allow_writes": true,
    })
}
