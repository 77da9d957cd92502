//! Lists, assigns and removes entitlements.

use std::collections::HashMap;
use std::sync::Arc;

use connector::capability::{
    AssignEntitlementRequest, AssignEntitlementResponse, ListEntitlementsRequest, ListEntitlementsResponse,
    UnassignEntitlementRequest, UnassignEntitlementResponse,
};
use connector::model::{CreateAccountEntitlement, EntitlementType, FoundEntitlementData};
use connector::{ConnectorError, ErrorCode, Response, Result};

use super::{Changed, resources};
use crate::error::bad_request;
use crate::files::group;
use crate::files::nsswitch::{self, Database};
use crate::machine::{Entitlement, HOST, Machine, ResourceType};
use crate::pagination::Page;
use crate::partial::with_gaps;
use crate::reading::Reading;
use crate::write::{Change, WriteError, Writer};
use crate::{Request, WritableRoots};

/// The listing of all entitlements. The listing for one resource is named after its type and ID.
const ALL: &str = "entitlements";

pub(crate) fn list_entitlements(
    request: Request<ListEntitlementsRequest>,
) -> Result<Response<ListEntitlementsResponse>> {
    let ListEntitlementsRequest { resource_type, resource_integration_specific_id: id, .. } =
        &request.request;
    // Classic names a resource; openapi requests the entitlements on all resources.
    let only = match (resource_type, id) {
        (Some(resource_type), Some(id)) => Some((resources::type_of(resource_type)?, id)),
        _ => None,
    };
    let machine = request.settings.machine(request.cancellation())?;
    let (endpoint, Reading { items, gaps }) = match only {
        Some((resource_type, id)) => {
            resources::check(&machine, resource_type, id)?;
            let offers = Offer::on(resource_type, id.as_str().into());
            (format!("{}/{id}", resource_type.id()), Reading::whole(offers.collect()))
        }
        None => (ALL.to_owned(), Offer::all(&machine)),
    };
    let page = Page::of(&request, &endpoint, items, Offer::id)?;
    // It changes nothing. What can be assigned on one resource can be assigned on all resources of its type.
    let writer = Writer::new(machine.root().clone());
    let mut assignable = HashMap::new();
    let found = |Offer { entitlement, resource }: &Offer| FoundEntitlementData {
        is_assignable: *assignable
            .entry(*entitlement)
            .or_insert_with(|| is_assignable(&writer, *entitlement)),
        label: Some(label(*entitlement).to_owned()),
        ..FoundEntitlementData::new(entitlement.id(), &**resource, entitlement.id())
    };
    let entitlements: Vec<_> = page.items.iter().map(found).collect();
    let response = Response::new(ListEntitlementsResponse::new(entitlements)).next_page(page.next);
    Ok(with_gaps(response, &gaps))
}

/// An entitlement on the resource with this ID.
struct Offer {
    entitlement: Entitlement,
    resource: Arc<str>,
}

impl Offer {
    /// Every entitlement on a resource.
    fn on(resource_type: ResourceType, resource: Arc<str>) -> impl Iterator<Item = Self> {
        let entitlements = resource_type.entitlements().iter();
        entitlements.map(move |entitlement| Self { entitlement: *entitlement, resource: resource.clone() })
    }

    /// Every entitlement on every resource of the machine.
    fn all(machine: &Machine) -> Reading<Self> {
        let Reading { items, mut gaps } = group::read(machine.root());
        gaps.extend(nsswitch::unlisted(machine.root(), Database::Groups));
        let on_groups = items.into_iter().flat_map(|group| Self::on(ResourceType::Group, group.name.into()));
        Reading { items: on_groups.chain(Self::on(ResourceType::Host, HOST.into())).collect(), gaps }
    }

    /// What identifies an offer: a group can be named `host` too.
    fn id(&self) -> [&str; 3] {
        [self.entitlement.resource_type().id(), &self.resource, self.entitlement.id()]
    }
}

/// The types of entitlements. Each entitlement has its own type. None is required: a new account gets a primary
/// group anyway.
pub(crate) fn types() -> impl Iterator<Item = EntitlementType> {
    let all = ResourceType::ALL.iter().flat_map(|resource| resource.entitlements());
    all.map(|entitlement| {
        EntitlementType::new(entitlement.id(), label(*entitlement), entitlement.resource_type().id(), 0_u32)
    })
}

const fn label(entitlement: Entitlement) -> &'static str {
    match entitlement {
        Entitlement::Member => "Member",
        Entitlement::Administrator => "Administrator",
        Entitlement::Sudo => "Sudo",
    }
}

/// `None` if this user can't read the files that decide it.
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
        Ok(Response::new(AssignEntitlementResponse::new(true))
            .unchanged_if(change == Change::Unchanged)
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
        Ok(Response::new(UnassignEntitlementResponse::new(true))
            .unchanged_if(change == Change::Unchanged)
            .raw_data_if(request.include_raw_data, Changed::from(change)))
    }
}

/// The entitlement with this ID on resources of this type. The requested entitlement type is ignored, because the ID is
/// enough.
fn on(resource_type: ResourceType, id: &str) -> Result<Entitlement, ConnectorError> {
    let offered = resource_type.entitlements();
    offered.iter().copied().find(|entitlement| entitlement.id() == id).ok_or_else(|| {
        let offered: Vec<_> = offered.iter().map(|entitlement| format!("`{}`", entitlement.id())).collect();
        let message = format!(
            "entitlement_integration_specific_id: a {} has no {id:?}, only {}",
            resource_type.id(),
            offered.join(" and ")
        );
        ConnectorError::new(message, ErrorCode::NotFound)
    })
}

/// An entitlement that a new account gets, with the ID of its resource. `at` is its position in `entitlements`.
pub(super) fn initial(
    requested: &CreateAccountEntitlement,
    at: usize,
) -> Result<(Entitlement, String), ConnectorError> {
    let id = &requested.integration_specific_id;
    let entitlement = Entitlement::from_id(id).ok_or_else(|| {
        let message = format!("entitlements[{at}].integration_specific_id: unknown entitlement {id:?}");
        ConnectorError::new(message, ErrorCode::NotFound)
    })?;
    match (&requested.integration_specific_resource_id, entitlement.resource_type()) {
        (Some(resource), _) => Ok((entitlement, resource.clone())),
        // There is only one.
        (None, ResourceType::Host) => Ok((entitlement, HOST.to_owned())),
        (None, ResourceType::Group) => {
            Err(bad_request(format!("entitlements[{at}].integration_specific_resource_id is required")))
        }
    }
}
