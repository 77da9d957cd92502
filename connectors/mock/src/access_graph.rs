//! The graphs of the tenant's entitlements and resources.

use connector::capability::{
    FindEntitlementGraphRequest, FindEntitlementGraphResponse, FindResourceGraphRequest,
    FindResourceGraphResponse,
};
use connector::model::{
    AccessGraphEntitlement, AccessGraphEntitlementIdentifier, AccessGraphImpliedAccess, AccessGraphResource,
    AccessGraphResourceRelationship,
};
use connector::{Response, Result};
use serde::Serialize;

use crate::entitlements::{RawRoles, page_of_roles};
use crate::pagination::Window;
use crate::tenant::{ENTITLEMENT_TYPE, Entitlement, GROUPS, Group, RESOURCE_TYPE};
use crate::{Request, upstream};

const ROLES: &str = "/graph/roles";
const GROUPS_OF_GRAPH: &str = "/graph/groups";

/// A page of the graph: some entitlements, and what each of them includes.
///
/// Entitlements carry no custom attributes, so the graph never has any.
pub(crate) async fn find_entitlement_graph(
    request: Request<FindEntitlementGraphRequest>,
) -> Result<Response<FindEntitlementGraphResponse>> {
    let (roles, window) = page_of_roles(&request, ROLES).await?;
    let nodes: Vec<_> = roles
        .iter()
        .map(|(group, role)| AccessGraphEntitlement {
            is_assignable: Some(true),
            ..AccessGraphEntitlement::new(role.id, ENTITLEMENT_TYPE, group.id, false, role.label)
        })
        .collect();
    let implications: Vec<_> = roles
        .iter()
        .filter_map(|(group, role)| {
            let (to_group, to_role) = group.implied_by(role)?;
            Some(AccessGraphImpliedAccess::new(identifier(group, role), [identifier(to_group, to_role)]))
        })
        .collect();
    Ok(Response::new(FindEntitlementGraphResponse::new(nodes, implications, []))
        .raw_data_if(request.include_raw_data, RawRoles::new(&roles))
        .next_page(window.next()))
}

fn identifier(group: &Group, role: &Entitlement) -> AccessGraphEntitlementIdentifier {
    AccessGraphEntitlementIdentifier::new(role.id, group.id)
}

/// A page of the graph: some groups, and the groups that each of them includes.
///
/// Resources carry no custom attributes, so the graph never has any.
pub(crate) async fn find_resource_graph(
    request: Request<FindResourceGraphRequest>,
) -> Result<Response<FindResourceGraphResponse>> {
    #[derive(Serialize)]
    struct Raw<'a> {
        groups: &'a [Group],
    }

    upstream::call(&request, "GET", GROUPS_OF_GRAPH).await?;
    let window = Window::new(&request, GROUPS_OF_GRAPH, GROUPS.len() as u64)?;
    let groups = window.slice(GROUPS);
    let resources: Vec<_> =
        groups.iter().map(|group| AccessGraphResource::new(group.id, RESOURCE_TYPE, group.label)).collect();
    let relationships: Vec<_> = groups
        .iter()
        .filter(|group| !group.subgroups().is_empty())
        .map(|group| {
            let subgroups: Vec<_> = group.subgroups().iter().map(|group| group.id.to_owned()).collect();
            AccessGraphResourceRelationship::new(group.id, subgroups, "subgroup")
        })
        .collect();
    Ok(Response::new(FindResourceGraphResponse::new(resources, relationships, []))
        .raw_data_if(request.include_raw_data, Raw { groups })
        .next_page(window.next()))
}
