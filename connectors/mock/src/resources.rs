//! Lists resources, which are the tenant's groups.

use connector::capability::{ListResourcesRequest, ListResourcesResponse};
use connector::model::{ExtraData, FoundResourceData};
use connector::{ConnectorError, Response, Result};
use serde::Serialize;

use crate::error::no_such;
use crate::pagination::Window;
use crate::tenant::{GROUPS, Group, RESOURCE_TYPE, Tenant};
use crate::{Request, upstream};

const ENDPOINT: &str = "/groups";

pub(crate) async fn list_resources(
    request: Request<ListResourcesRequest>,
) -> Result<Response<ListResourcesResponse>> {
    #[derive(Serialize)]
    struct Raw<'a> {
        groups: &'a [Group],
    }

    let tenant = upstream::call(&request, "GET", ENDPOINT).await?;
    if let Some(resource_type) = &request.request.resource_type {
        check_type(resource_type)?;
    }
    let window = Window::new(&request, ENDPOINT, GROUPS.len() as u64)?;
    let groups = window.slice(GROUPS);
    let resources: Vec<_> = groups.iter().map(|group| resource(group, tenant)).collect();
    Ok(Response::new(ListResourcesResponse::new(resources))
        .raw_data_if(request.include_raw_data, Raw { groups })
        .next_page(window.next()))
}

fn resource(group: &Group, tenant: Tenant) -> FoundResourceData {
    FoundResourceData {
        extra_data: Some(ExtraData::from_iter([("members".to_owned(), group.members(tenant).into())])),
        ..FoundResourceData::new(group.id, group.label, RESOURCE_TYPE)
    }
}

/// Rejects all resource types except groups.
pub(crate) fn check_type(resource_type: &str) -> Result<(), ConnectorError> {
    if resource_type == RESOURCE_TYPE {
        Ok(())
    } else {
        Err(no_such("resource type; expected `group`", "resource_type"))
    }
}
