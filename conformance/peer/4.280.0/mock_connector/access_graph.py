"""The graphs of the tenant's entitlements and resources."""

from connector_sdk_types.generated import (
    AccessGraphEntitlement,
    AccessGraphEntitlementIdentifier,
    AccessGraphImpliedAccess,
    AccessGraphResource,
    AccessGraphResourceRelationship,
    EntitlementGraph,
    FindEntitlementGraphRequest,
    FindEntitlementGraphResponse,
    FindResourceGraphRequest,
    FindResourceGraphResponse,
    ResourceGraph,
    StandardCapabilityName,
)
from mock_tenant import ENTITLEMENT_TYPE, RESOURCE_TYPE
from mock_tenant.groups import GROUPS, Entitlement, Group

from mock_connector.entitlements import page_of_roles, raw_roles
from mock_connector.integration import integration
from mock_connector.pagination import Window
from mock_connector.upstream import call, raw


@integration.register_capability(StandardCapabilityName.FIND_ENTITLEMENT_GRAPH)
async def find_entitlement_graph(args: FindEntitlementGraphRequest) -> FindEntitlementGraphResponse:
    roles, window = await page_of_roles(args, "/graph/roles")
    nodes = [
        AccessGraphEntitlement(
            id=role.id,
            entitlement_type=ENTITLEMENT_TYPE,
            resource_id=group.id,
            is_assignable=True,
            denies_access=False,
            label=role.label,
        )
        for group, role in roles
    ]
    implications = [
        AccessGraphImpliedAccess(
            from_entitlement=identifier(group, role), to_entitlements=[identifier(*implied)]
        )
        for group, role in roles
        if (implied := group.implied_by(role))
    ]
    return FindEntitlementGraphResponse(
        response=EntitlementGraph(
            nodes=nodes, entitlement_implications=implications, custom_attributes=[]
        ),
        raw_data=raw_roles(args, roles),
        page=window.next(),
    )


def identifier(group: Group, role: Entitlement) -> AccessGraphEntitlementIdentifier:
    return AccessGraphEntitlementIdentifier(entitlement_id=role.id, resource_id=group.id)


@integration.register_capability(StandardCapabilityName.FIND_RESOURCE_GRAPH)
async def find_resource_graph(args: FindResourceGraphRequest) -> FindResourceGraphResponse:
    await call(args, "GET", "/graph/groups")
    window = Window.of(args, "/graph/groups", len(GROUPS))
    groups = window.slice(GROUPS)
    resources = [
        AccessGraphResource(id=group.id, resource_type=RESOURCE_TYPE, label=group.label)
        for group in groups
    ]
    relationships = [
        AccessGraphResourceRelationship(
            from_id=group.id, to_ids=[inner.id for inner in group.subgroups()], label="subgroup"
        )
        for group in groups
        if group.subgroups()
    ]
    return FindResourceGraphResponse(
        response=ResourceGraph(
            resources=resources, resource_relationships=relationships, custom_attributes=[]
        ),
        raw_data=raw(args, {"groups": [group.raw() for group in groups]}),
        page=window.next(),
    )
