//! Entitlements: listed, given and taken.

use connector::capability::{
    AssignEntitlementRequest, AssignEntitlementResponse, ListEntitlementsRequest, ListEntitlementsResponse,
    UnassignEntitlementRequest, UnassignEntitlementResponse,
};
use connector::model::{CreateAccountEntitlement, FoundEntitlementData};
use connector::{ConnectorError, ErrorCode, Response, Result};

use super::{Changed, resources};
use crate::error::bad_request;
use crate::machine::{Entitlement, HOST, ResourceType};
use crate::pagination::Page;
use crate::write::{WriteError, Writer};
use crate::{Request, WritableRoots};

pub(crate) fn list_entitlements(
    request: Request<ListEntitlementsRequest>,
) -> Result<Response<ListEntitlementsResponse>> {
    let ListEntitlementsRequest { resource_type, resource_integration_specific_id: resource } =
        &request.request;
    let resource_type = resources::type_of(resource_type)?;
    let machine = request.settings.machine(request.cancellation())?;
    resources::check(&machine, resource_type, resource)?;
    // It only looks.
    let writer = Writer::new(machine.root().clone());
    let endpoint = format!("{}/{resource}", resource_type.id());
    let items = resource_type.entitlements().to_vec();
    let page = Page::of(&request, &endpoint, items, |entitlement| [entitlement.id()])?;
    let entitlements = page.items.into_iter().map(|entitlement| FoundEntitlementData {
        integration_specific_id: entitlement.id().to_owned(),
        integration_specific_resource_id: resource.clone(),
        entitlement_type: entitlement.id().to_owned(),
        is_assignable: is_assignable(&writer, entitlement),
        label: Some(label(entitlement).to_owned()),
        extra_data: None,
    });
    Ok(Response::new(ListEntitlementsResponse { entitlements: entitlements.collect() }).next_page(page.next))
}

const fn label(entitlement: Entitlement) -> &'static str {
    match entitlement {
        Entitlement::Member => "Member",
        Entitlement::Administrator => "Administrator",
        Entitlement::Sudo => "Sudo",
    }
}

/// `None` when this user may not read the files that tell.
fn is_assignable(writer: &Writer, entitlement: Entitlement) -> Option<bool> {
    match writer.check_assignable(entitlement) {
        Ok(()) => Some(true),
        Err(WriteError::PermissionDenied { .. }) => None,
        Err(_) => Some(false),
    }
}

pub(crate) fn assign_entitlement(
    roots: WritableRoots,
) -> impl Fn(Request<AssignEntitlementRequest>) -> Result<Response<AssignEntitlementResponse>> {
    move |request| {
        let AssignEntitlementRequest {
            account_integration_specific_id: account,
            resource_integration_specific_id: resource,
            resource_type,
            entitlement_integration_specific_id: entitlement,
            ..
        } = &request.request;
        let entitlement = on(resources::type_of(resource_type)?, entitlement)?;
        let change = request.settings.writer(&roots, request.cancellation())?.assign(
            account,
            entitlement,
            resource,
        )?;
        Ok(Response::new(AssignEntitlementResponse { assigned: true })
            .raw_data_if(request.include_raw_data, Changed::from(change)))
    }
}

pub(crate) fn unassign_entitlement(
    roots: WritableRoots,
) -> impl Fn(Request<UnassignEntitlementRequest>) -> Result<Response<UnassignEntitlementResponse>> {
    move |request| {
        let UnassignEntitlementRequest {
            account_integration_specific_id: account,
            resource_integration_specific_id: resource,
            resource_type,
            entitlement_integration_specific_id: entitlement,
            ..
        } = &request.request;
        let entitlement = on(resources::type_of(resource_type)?, entitlement)?;
        let change = request.settings.writer(&roots, request.cancellation())?.unassign(
            account,
            entitlement,
            resource,
        )?;
        Ok(Response::new(UnassignEntitlementResponse { unassigned: true })
            .raw_data_if(request.include_raw_data, Changed::from(change)))
    }
}

/// The entitlement of this id on resources of this type. The id says it all: its type is not looked at.
fn on(resource_type: ResourceType, id: &str) -> Result<Entitlement, ConnectorError> {
    let offered = resource_type.entitlements();
    offered.iter().copied().find(|entitlement| entitlement.id() == id).ok_or_else(|| {
        let offered: Vec<_> = offered.iter().map(|entitlement| format!("`{}`", entitlement.id())).collect();
        let message = format!(
            "entitlement_integration_specific_id: no {id:?} on a {}, only {}",
            resource_type.id(),
            offered.join(" and ")
        );
        ConnectorError::new(message, ErrorCode::NotFound)
    })
}

/// What a new account is to hold, with the id of its resource: the `at`-th of `entitlements`.
pub(super) fn initial(
    wanted: &CreateAccountEntitlement,
    at: usize,
) -> Result<(Entitlement, String), ConnectorError> {
    let id = &wanted.integration_specific_id;
    let entitlement = Entitlement::from_id(id).ok_or_else(|| {
        let message = format!("entitlements[{at}].integration_specific_id: no entitlement {id:?}");
        ConnectorError::new(message, ErrorCode::NotFound)
    })?;
    match (&wanted.integration_specific_resource_id, entitlement.resource_type()) {
        (Some(resource), _) => Ok((entitlement, resource.clone())),
        // There is only one.
        (None, ResourceType::Host) => Ok((entitlement, HOST.to_owned())),
        (None, ResourceType::Group) => {
            Err(bad_request(format!("entitlements[{at}].integration_specific_resource_id: missing")))
        }
    }
}
