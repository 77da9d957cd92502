//! Lists what one account holds, and what accounts, groups and programs hold as edges of the access graph.

use connector::capability::{
    FindEntitlementAssignmentsRequest, FindEntitlementAssignmentsResponse,
    GetAccountEntitlementAssociationsRequest, GetAccountEntitlementAssociationsResponse,
};
use connector::{Response, Result};
use serde::Serialize;

use crate::accounts::find_user;
use crate::pagination::Window;
use crate::tenant::{Association, Edge};
use crate::{Request, upstream};

const GRANTS_OF_USER: &str = "/users/{id}/grants";
const EDGES: &str = "/graph/grants";

pub(crate) async fn get_account_entitlement_associations(
    request: Request<GetAccountEntitlementAssociationsRequest>,
) -> Result<Response<GetAccountEntitlementAssociationsResponse>> {
    #[derive(Serialize)]
    struct Raw<'a> {
        grants: &'a [Association],
    }

    let tenant = upstream::call(&request, "GET", GRANTS_OF_USER).await?;
    let user = find_user(tenant, &request.request.account_id)?;
    let held: Vec<Association> = Association::of(user).collect();
    let window = Window::new(&request, format!("/users/{}/grants", user.id()), held.len() as u64)?;
    let grants = window.slice(&held);
    let associations: Vec<_> = grants.iter().map(|grant| (*grant).into()).collect();
    Ok(Response::new(GetAccountEntitlementAssociationsResponse::new(associations))
        .raw_data_if(request.include_raw_data, Raw { grants })
        .next_page(window.next()))
}

/// A page of the edges: first what groups and programs hold, then what accounts hold.
pub(crate) async fn find_entitlement_assignments(
    request: Request<FindEntitlementAssignmentsRequest>,
) -> Result<Response<FindEntitlementAssignmentsResponse>> {
    #[derive(Serialize)]
    struct Raw {
        edges: Vec<Edge>,
    }

    let tenant = upstream::call(&request, "GET", EDGES).await?;
    let of_resources = Edge::of_resources();
    let before = of_resources.len() as u64;
    let window = Window::new(&request, EDGES, before + tenant.associations())?;
    let positions = window.items();
    let of_accounts =
        tenant.associations_at(positions.start.saturating_sub(before)..positions.end.saturating_sub(before));
    let edges: Vec<Edge> =
        window.slice(&of_resources).iter().cloned().chain(of_accounts.map(Into::into)).collect();
    let assignments: Vec<_> = edges.iter().map(Into::into).collect();
    Ok(Response::new(FindEntitlementAssignmentsResponse::new(assignments))
        .raw_data_if(request.include_raw_data, Raw { edges })
        .next_page(window.next()))
}
