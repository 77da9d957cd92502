"""Lists resources, which are the tenant's groups."""

from connector.capability import CapabilityName
from connector.serializers.request import ListResourcesRequest, Request
from connector.serializers.response import FoundResourceData, ListResourcesResponse, Response
from mock_tenant import RESOURCE_TYPE
from mock_tenant.groups import GROUPS, Group
from mock_tenant.tenant import Tenant

from mock_connector import upstream
from mock_connector.errors import no_such
from mock_connector.integration import integration
from mock_connector.pagination import Window
from mock_connector.settings import Settings

ENDPOINT = "/groups"


@integration.register_capability(CapabilityName.LIST_RESOURCES)
async def list_resources(
    request: Request[ListResourcesRequest, Settings | None],
) -> Response[ListResourcesResponse]:
    tenant = await upstream.call(request, "GET", ENDPOINT)
    check_type(request.request.resource_type)
    window = Window.of(request, ENDPOINT, len(GROUPS))
    groups = [GROUPS[at] for at in window.items()]
    return Response[ListResourcesResponse](
        response=ListResourcesResponse(resources=[resource(group, tenant) for group in groups]),
        raw_data={"groups": [group.raw() for group in groups]} if request.include_raw_data else None,
        page=window.next(),
    )


def resource(group: Group, tenant: Tenant) -> FoundResourceData:
    return FoundResourceData(
        integration_specific_id=group.id,
        label=group.label,
        resource_type=RESOURCE_TYPE,
        extra_data={"members": group.members(tenant.accounts)},
    )


def check_type(resource_type: str) -> None:
    if resource_type != RESOURCE_TYPE:
        raise no_such("resource type; expected `group`", "resource_type")
