"""Lists resources, which are the tenant's groups."""

from connector_sdk_types.generated import (
    FoundResourceData,
    ListResourcesRequest,
    ListResourcesResponse,
    StandardCapabilityName,
)
from mock_tenant import RESOURCE_TYPE
from mock_tenant.groups import GROUPS

from mock_connector.errors import no_such
from mock_connector.integration import integration
from mock_connector.pagination import Window
from mock_connector.upstream import call, raw

ENDPOINT = "/groups"


@integration.register_capability(StandardCapabilityName.LIST_RESOURCES)
async def list_resources(args: ListResourcesRequest) -> ListResourcesResponse:
    tenant = await call(args, "GET", ENDPOINT)
    window = Window.of(args, ENDPOINT, len(GROUPS))
    groups = window.slice(GROUPS)
    return ListResourcesResponse(
        response=[
            FoundResourceData(
                integration_specific_id=group.id,
                label=group.label,
                resource_type=RESOURCE_TYPE,
                extra_data={"members": str(group.members(tenant.accounts))},
            )
            for group in groups
        ],
        raw_data=raw(args, {"groups": [group.raw() for group in groups]}),
        page=window.next(),
    )


def check_type(resource_type: str) -> None:
    if resource_type != RESOURCE_TYPE:
        raise no_such("resource type; expected `group`", "resource_type")
