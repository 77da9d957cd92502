//! Access to applications, given and taken.

use connector::capability::{
    AssignApplicationEntitlementRequest, AssignApplicationEntitlementResponse, AssignApplicationRequest,
    AssignApplicationResponse, UnassignApplicationEntitlementRequest, UnassignApplicationEntitlementResponse,
    UnassignApplicationRequest, UnassignApplicationResponse,
};
use connector::model::AccountStatus;
use connector::{ConnectorError, Response, Result};
use serde::Serialize;

use crate::applications::{USER, group_of};
use crate::entitlements::Grant;
use crate::error::no_such;
use crate::tenant::Tenant;
use crate::{Request, upstream};

const GRANTS: &str = "/apps/{id}/grants";

pub(crate) async fn assign_application(
    request: Request<AssignApplicationRequest>,
) -> Result<Response<AssignApplicationResponse>> {
    let tenant = upstream::call(&request, "PUT", USER).await?;
    let AssignApplicationRequest { application_instance_id, account_id } = &request.request;
    let changed = Changed::of(tenant, application_instance_id, account_id, "ACTIVE")?;
    Ok(Response::new(AssignApplicationResponse::new(true, true))
        .unchanged_if(changed.had_access)
        .raw_data_if(request.include_raw_data, changed))
}

pub(crate) async fn unassign_application(
    request: Request<UnassignApplicationRequest>,
) -> Result<Response<UnassignApplicationResponse>> {
    let tenant = upstream::call(&request, "DELETE", USER).await?;
    let UnassignApplicationRequest { application_instance_id, account_id } = &request.request;
    let changed = Changed::of(tenant, application_instance_id, account_id, "DEPROVISIONED")?;
    Ok(Response::new(UnassignApplicationResponse::new(true, true, AccountStatus::Deprovisioned))
        .unchanged_if(!changed.had_access)
        .raw_data_if(request.include_raw_data, changed))
}

/// What the upstream says of a user whose access to an application it has changed.
#[derive(Serialize)]
struct Changed {
    app: &'static str,
    user: u64,
    state: &'static str,
    /// Whether the user had access before.
    #[serde(skip)]
    had_access: bool,
}

impl Changed {
    fn of(
        tenant: Tenant,
        application_instance_id: &str,
        account_id: &str,
        state: &'static str,
    ) -> Result<Self, ConnectorError> {
        let group = group_of(application_instance_id)?;
        let user = tenant.user(account_id).ok_or_else(|| no_such("account", "account_id"))?;
        Ok(Self { app: group.app.id, user: user.index(), state, had_access: group.has_member(user) })
    }
}

pub(crate) async fn assign_application_entitlement(
    request: Request<AssignApplicationEntitlementRequest>,
) -> Result<Response<AssignApplicationEntitlementResponse>> {
    let tenant = upstream::call(&request, "PUT", GRANTS).await?;
    let AssignApplicationEntitlementRequest {
        application_instance_id: application,
        account_integration_specific_id: account,
        resource_integration_specific_id: resource,
        resource_type,
        entitlement_integration_specific_id: entitlement,
        entitlement_type,
    } = &request.request;
    check_resource(application, resource)?;
    let grant = Grant::find(tenant, account, (resource_type, resource), (entitlement_type, entitlement))?;
    Ok(Response::new(AssignApplicationEntitlementResponse::new(true))
        .unchanged_if(grant.is_held)
        .raw_data_if(request.include_raw_data, grant))
}

pub(crate) async fn unassign_application_entitlement(
    request: Request<UnassignApplicationEntitlementRequest>,
) -> Result<Response<UnassignApplicationEntitlementResponse>> {
    let tenant = upstream::call(&request, "DELETE", GRANTS).await?;
    let UnassignApplicationEntitlementRequest {
        application_instance_id: application,
        account_integration_specific_id: account,
        resource_integration_specific_id: resource,
        resource_type,
        entitlement_integration_specific_id: entitlement,
        entitlement_type,
    } = &request.request;
    check_resource(application, resource)?;
    let grant = Grant::find(tenant, account, (resource_type, resource), (entitlement_type, entitlement))?;
    Ok(Response::new(UnassignApplicationEntitlementResponse::new(true))
        .unchanged_if(!grant.is_held)
        .raw_data_if(request.include_raw_data, grant))
}

/// Rejects a resource that the application doesn't have.
fn check_resource(application: &str, resource: &str) -> Result<(), ConnectorError> {
    if group_of(application)?.id == resource {
        Ok(())
    } else {
        Err(no_such("resource in this application", "resource_integration_specific_id"))
    }
}
