//! Lists, assigns and unassigns entitlements.

use connector::capability::{
    AssignEntitlementRequest, AssignEntitlementResponse, FindEntitlementAssociationsRequest,
    FindEntitlementAssociationsResponse, ListEntitlementsRequest, ListEntitlementsResponse,
    UnassignEntitlementRequest, UnassignEntitlementResponse,
};
use connector::model::{CreateAccountEntitlement, FoundEntitlementData};
use connector::{ConnectorError, Response, Result};
use serde::Serialize;

use crate::error::no_such;
use crate::pagination::Window;
use crate::resources::check_type;
use crate::tenant::{self, Association, ENTITLEMENT_TYPE, Entitlement, Group, Tenant};
use crate::{Request, upstream};

const ROLES: &str = "/roles";
const ROLES_OF_GROUP: &str = "/groups/{id}/roles";
const GRANTS: &str = "/grants";

pub(crate) async fn list_entitlements(
    request: Request<ListEntitlementsRequest>,
) -> Result<Response<ListEntitlementsResponse>> {
    let ListEntitlementsRequest { resource_type, resource_integration_specific_id, .. } = &request.request;
    // The classic format names a resource; the openapi format requests the entitlements on all resources.
    let (endpoint, roles): (_, Vec<_>) = match (resource_type, resource_integration_specific_id) {
        (Some(resource_type), Some(resource)) => {
            upstream::call(&request, "GET", ROLES_OF_GROUP).await?;
            check_type(resource_type)?;
            let group = group_of(resource)?;
            (format!("/groups/{}/roles", group.id), group.roles().collect())
        }
        _ => {
            upstream::call(&request, "GET", ROLES).await?;
            (ROLES.to_owned(), tenant::roles().collect())
        }
    };
    let window = Window::new(&request, endpoint, roles.len() as u64)?;
    let roles = window.slice(&roles);
    let entitlements: Vec<_> = roles
        .iter()
        .map(|(group, role)| FoundEntitlementData {
            is_assignable: Some(true),
            label: Some(role.label.to_owned()),
            ..FoundEntitlementData::new(role.id, group.id, ENTITLEMENT_TYPE)
        })
        .collect();
    Ok(Response::new(ListEntitlementsResponse::new(entitlements))
        .raw_data_if(request.include_raw_data, RawRoles::new(roles))
        .next_page(window.next()))
}

/// An entitlement and the group that it is on.
type Role = (&'static Group, &'static Entitlement);

/// What the upstream returns for a page of roles.
#[derive(Serialize)]
pub(crate) struct RawRoles {
    roles: Vec<&'static Entitlement>,
}

impl RawRoles {
    pub(crate) fn new(roles: &[Role]) -> Self {
        Self { roles: roles.iter().map(|(_, role)| *role).collect() }
    }
}

/// Fetches a page of the roles on all groups from `endpoint`.
pub(crate) async fn page_of_roles<P: Sync>(
    request: &Request<P>,
    endpoint: &str,
) -> Result<(Vec<Role>, Window)> {
    upstream::call(request, "GET", endpoint).await?;
    let roles: Vec<Role> = tenant::roles().collect();
    let window = Window::new(request, endpoint, roles.len() as u64)?;
    Ok((window.slice(&roles).to_vec(), window))
}

/// What the upstream returns for a page of grants.
#[derive(Serialize)]
pub(crate) struct RawGrants {
    pub(crate) grants: Vec<Association>,
}

/// Fetches a page of all grants from `endpoint`.
pub(crate) async fn page_of_grants<P: Sync>(
    request: &Request<P>,
    endpoint: &str,
) -> Result<(Vec<Association>, Window)> {
    let tenant = upstream::call(request, "GET", endpoint).await?;
    let window = Window::new(request, endpoint, tenant.associations())?;
    Ok((tenant.associations_at(window.items()).collect(), window))
}

pub(crate) async fn find_entitlement_associations(
    request: Request<FindEntitlementAssociationsRequest>,
) -> Result<Response<FindEntitlementAssociationsResponse>> {
    let (grants, window) = page_of_grants(&request, GRANTS).await?;
    let associations: Vec<_> = grants.iter().map(|grant| (*grant).into()).collect();
    Ok(Response::new(FindEntitlementAssociationsResponse::new(associations))
        .raw_data_if(request.include_raw_data, RawGrants { grants })
        .next_page(window.next()))
}

pub(crate) async fn assign_entitlement(
    request: Request<AssignEntitlementRequest>,
) -> Result<Response<AssignEntitlementResponse>> {
    let tenant = upstream::call(&request, "PUT", GRANTS).await?;
    let AssignEntitlementRequest {
        account_integration_specific_id: account,
        resource_integration_specific_id: resource,
        resource_type,
        entitlement_integration_specific_id: entitlement,
        entitlement_type,
    } = &request.request;
    let grant = Grant::find(tenant, account, (resource_type, resource), (entitlement_type, entitlement))?;
    Ok(Response::new(AssignEntitlementResponse::new(true))
        .unchanged_if(grant.is_held)
        .raw_data_if(request.include_raw_data, grant))
}

pub(crate) async fn unassign_entitlement(
    request: Request<UnassignEntitlementRequest>,
) -> Result<Response<UnassignEntitlementResponse>> {
    let tenant = upstream::call(&request, "DELETE", GRANTS).await?;
    let UnassignEntitlementRequest {
        account_integration_specific_id: account,
        resource_integration_specific_id: resource,
        resource_type,
        entitlement_integration_specific_id: entitlement,
        entitlement_type,
    } = &request.request;
    let grant = Grant::find(tenant, account, (resource_type, resource), (entitlement_type, entitlement))?;
    Ok(Response::new(UnassignEntitlementResponse::new(true))
        .unchanged_if(!grant.is_held)
        .raw_data_if(request.include_raw_data, grant))
}

/// What the upstream returns for a grant that it has added or removed.
#[derive(Serialize)]
pub(crate) struct Grant {
    user: u64,
    group: &'static str,
    role: &'static str,
    /// Whether the user holds it before the write.
    #[serde(skip)]
    pub(crate) is_held: bool,
}

impl Grant {
    /// Checks that the account, the resource and the entitlement of a write exist.
    pub(crate) fn find(
        tenant: Tenant,
        account: &str,
        (resource_type, resource): (&str, &str),
        (entitlement_type, entitlement): (&str, &str),
    ) -> Result<Self, ConnectorError> {
        let user =
            tenant.user(account).ok_or_else(|| no_such("account", "account_integration_specific_id"))?;
        check_type(resource_type)?;
        let group = group_of(resource)?;
        check_entitlement_type(entitlement_type, "entitlement_type")?;
        let entitlement = group
            .entitlement(entitlement)
            .ok_or_else(|| no_such("entitlement on this resource", "entitlement_integration_specific_id"))?;
        let is_held = entitlement.is_held_by(user);
        Ok(Self { user: user.index(), group: group.id, role: entitlement.id, is_held })
    }
}

fn group_of(resource: &str) -> Result<&'static Group, ConnectorError> {
    Group::find(resource).ok_or_else(|| no_such("resource", "resource_integration_specific_id"))
}

fn check_entitlement_type(entitlement_type: &str, field: &str) -> Result<(), ConnectorError> {
    if entitlement_type == ENTITLEMENT_TYPE {
        Ok(())
    } else {
        Err(no_such("entitlement type; expected `membership`", field))
    }
}

/// Checks that an entitlement for a new account exists. `at` is its index in `entitlements`.
pub(crate) fn check_initial(entitlement: &CreateAccountEntitlement, at: usize) -> Result<(), ConnectorError> {
    let field = |name: &str| format!("entitlements[{at}].{name}");
    check_entitlement_type(&entitlement.entitlement_type, &field("entitlement_type"))?;
    let is_known = match entitlement.integration_specific_resource_id.as_deref() {
        Some(resource) => Group::find(resource)
            .ok_or_else(|| no_such("resource", field("integration_specific_resource_id")))?
            .entitlement(&entitlement.integration_specific_id)
            .is_some(),
        // The ID is sufficient because it is unique across all groups.
        None => tenant::roles().any(|(_, role)| role.id == entitlement.integration_specific_id),
    };
    if is_known { Ok(()) } else { Err(no_such("entitlement", field("integration_specific_id"))) }
}
