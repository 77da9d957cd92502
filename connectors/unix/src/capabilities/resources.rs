//! Resources: the groups, and the host itself.

use connector::capability::{ListResourcesRequest, ListResourcesResponse};
use connector::model::{ExtraData, FoundResourceData};
use connector::{ConnectorError, ErrorCode, Response, Result};
use serde::Serialize;

use crate::Request;
use crate::files::group::{self, Group};
use crate::machine::{HOST, Machine, ResourceType};
use crate::pagination::Page;
use crate::partial::with_gaps;
use crate::reading::{Gap, Reading};

const GROUP: &str = "group";

pub(crate) fn list_resources(
    request: Request<ListResourcesRequest>,
) -> Result<Response<ListResourcesResponse>> {
    let machine = request.settings.machine(request.cancellation())?;
    match type_of(&request.request.resource_type)? {
        ResourceType::Group => list_groups(&request, &machine),
        ResourceType::Host => list_host(&request, &machine),
    }
}

fn list_groups(
    request: &Request<ListResourcesRequest>,
    machine: &Machine,
) -> Result<Response<ListResourcesResponse>> {
    #[derive(Serialize)]
    struct Raw<'a> {
        group: Vec<Line<'a>>,
    }

    let Reading { items, gaps } = group::read(machine.root());
    let page = Page::of(request, GROUP, items, |group| [&group.name])?;
    let raw = Raw { group: page.items.iter().map(Line::of).collect() };
    let resources = page
        .items
        .iter()
        .map(|group| found(ResourceType::Group, &group.name, &group.name, ("gid", group.gid.into())));
    let response = Response::new(ListResourcesResponse { resources: resources.collect() })
        .raw_data_if(request.include_raw_data, raw)
        .next_page(page.next);
    Ok(with_gaps(response, &gaps))
}

/// A line of `group` but for its password.
#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    gid: u32,
    members: &'a [String],
}

impl<'a> Line<'a> {
    fn of(group: &'a Group) -> Self {
        Self { name: &group.name, gid: group.gid, members: &group.members }
    }
}

fn list_host(
    request: &Request<ListResourcesRequest>,
    machine: &Machine,
) -> Result<Response<ListResourcesResponse>> {
    let hostname = machine.host().hostname;
    let label = hostname.as_deref().unwrap_or(HOST);
    let host = found(ResourceType::Host, HOST, label, ("hostname", hostname.as_deref().into()));
    let page = Page::of(request, HOST, vec![host], |host| [&host.integration_specific_id])?;
    Ok(Response::new(ListResourcesResponse { resources: page.items }).next_page(page.next))
}

fn found(
    resource_type: ResourceType,
    id: &str,
    label: &str,
    (key, value): (&str, connector::serde_json::Value),
) -> FoundResourceData {
    FoundResourceData {
        integration_specific_id: id.to_owned(),
        label: label.to_owned(),
        resource_type: resource_type.id().to_owned(),
        extra_data: Some(ExtraData::from_iter([(key.to_owned(), value)])),
    }
}

/// The type of resource that a request names.
pub(super) fn type_of(resource_type: &str) -> Result<ResourceType, ConnectorError> {
    ResourceType::from_id(resource_type).ok_or_else(|| {
        ConnectorError::new("resource_type: expected `group` or `host`", ErrorCode::UnknownValue)
    })
}

/// Refuses a resource that the machine does not have.
pub(super) fn check(machine: &Machine, resource_type: ResourceType, id: &str) -> Result<(), ConnectorError> {
    let (exists, gaps) = match resource_type {
        ResourceType::Host => (id == HOST, Vec::new()),
        ResourceType::Group => {
            let groups = group::read(machine.root());
            (groups.items.iter().any(|group| group.name == id), groups.gaps)
        }
    };
    if exists {
        return Ok(());
    }
    // A file that cannot be read does not say that the group is not there.
    for gap in &gaps {
        let code = match gap {
            Gap::Denied { .. } => ErrorCode::PermissionDenied,
            Gap::Unreadable { .. } | Gap::Limited { .. } => ErrorCode::InternalError,
            _ => continue,
        };
        return Err(ConnectorError::new(gap.to_string(), code));
    }
    let message = format!("resource_integration_specific_id: no {} {id:?}", resource_type.id());
    Err(ConnectorError::new(message, ErrorCode::NotFound))
}
