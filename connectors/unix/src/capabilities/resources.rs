//! Lists resources: the groups, and the host itself.

use connector::capability::{ListResourcesRequest, ListResourcesResponse};
use connector::model::{self, ExtraData, FoundResourceData};
use connector::{ConnectorError, ErrorCode, Response, Result};
use serde::Serialize;

use crate::Request;
use crate::files::group::{self, Group};
use crate::files::nsswitch::{self, Database};
use crate::machine::{HOST, Machine, ResourceType};
use crate::pagination::Page;
use crate::partial::with_gaps;
use crate::reading::{Gap, Reading};

/// The listing of all resources. The listing for one type is named after its ID.
const ALL: &str = "resources";

pub(crate) fn list_resources(
    request: Request<ListResourcesRequest>,
) -> Result<Response<ListResourcesResponse>> {
    #[derive(Serialize)]
    struct Raw<'a> {
        group: Vec<Line<'a>>,
    }

    let machine = request.settings.machine(request.cancellation())?;
    // Classic names a type; openapi requests the resources of every type.
    let only = request.request.resource_type.as_deref().map(type_of).transpose()?;
    let mut reading = Reading::whole(Vec::new());
    if only != Some(ResourceType::Host) {
        let groups = group::read(machine.root());
        reading.items.extend(groups.items.into_iter().map(Resource::Group));
        reading.note(groups.gaps);
        reading.note(nsswitch::unlisted(machine.root(), Database::Groups));
    }
    if only != Some(ResourceType::Group) {
        reading.items.push(Resource::Host { name: machine.host().hostname });
    }
    let page = Page::of(&request, only.map_or(ALL, ResourceType::id), reading.items, Resource::id)?;
    let resources: Vec<_> = page.items.iter().map(found).collect();
    let raw = Raw { group: page.items.iter().filter_map(Line::of).collect() };
    let response = Response::new(ListResourcesResponse::new(resources))
        .raw_data_if(request.include_raw_data && only != Some(ResourceType::Host), raw)
        .next_page(page.next);
    Ok(with_gaps(response, &reading.gaps))
}

/// The types of resources.
pub(crate) fn types() -> impl Iterator<Item = model::ResourceType> {
    ResourceType::ALL.iter().map(|kind| {
        let label = match kind {
            ResourceType::Group => "Group",
            ResourceType::Host => "Host",
        };
        model::ResourceType::new(kind.id(), label)
    })
}

enum Resource {
    Group(Group),
    Host { name: Option<String> },
}

impl Resource {
    /// What identifies a resource: a group can be named `host` too.
    fn id(&self) -> [&str; 2] {
        match self {
            Self::Group(group) => [ResourceType::Group.id(), &group.name],
            Self::Host { .. } => [ResourceType::Host.id(), HOST],
        }
    }
}

/// A line of `group`, without the password.
#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    gid: u32,
    members: &'a [String],
}

impl<'a> Line<'a> {
    fn of(resource: &'a Resource) -> Option<Self> {
        match resource {
            Resource::Group(Group { name, gid, members, .. }) => Some(Self { name, gid: *gid, members }),
            Resource::Host { .. } => None,
        }
    }
}

fn found(resource: &Resource) -> FoundResourceData {
    let (label, key, value) = match resource {
        Resource::Group(group) => (group.name.as_str(), "gid", group.gid.into()),
        Resource::Host { name } => (name.as_deref().unwrap_or(HOST), "hostname", name.as_deref().into()),
    };
    let [resource_type, id] = resource.id();
    FoundResourceData {
        extra_data: Some(ExtraData::from_iter([(key.to_owned(), value)])),
        ..FoundResourceData::new(id, label, resource_type)
    }
}

/// The type of resource that a request names.
pub(super) fn type_of(resource_type: &str) -> Result<ResourceType, ConnectorError> {
    ResourceType::from_id(resource_type).ok_or_else(|| {
        ConnectorError::new("resource_type must be `group` or `host`", ErrorCode::UnknownValue)
    })
}

/// Checks that the machine has a resource.
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
    // If the file can't be read, the group may exist.
    for gap in &gaps {
        let code = match gap {
            Gap::Denied { .. } => ErrorCode::PermissionDenied,
            Gap::Unreadable { .. } | Gap::Limited { .. } => ErrorCode::InternalError,
            _ => continue,
        };
        return Err(ConnectorError::new(gap.to_string(), code));
    }
    let message = format!("resource_integration_specific_id: unknown {} {id:?}", resource_type.id());
    Err(ConnectorError::new(message, ErrorCode::NotFound))
}
