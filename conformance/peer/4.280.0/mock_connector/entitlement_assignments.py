"""Lists what one account holds, and what accounts, groups and programs hold as edges of the access graph."""

from connector_sdk_types.generated import (
    AccessGraphEntitlementAssignment,
    FindEntitlementAssignmentsRequest,
    FindEntitlementAssignmentsResponse,
    GetAccountEntitlementAssociationsRequest,
    GetAccountEntitlementAssociationsResponse,
    StandardCapabilityName,
)
from mock_tenant.groups import GROUPS
from mock_tenant.programs import PROGRAMS
from mock_tenant.tenant import held_by

from mock_connector.entitlements import association, raw_grants
from mock_connector.found import find_user
from mock_connector.integration import integration
from mock_connector.pagination import Window
from mock_connector.upstream import call, raw


@integration.register_capability(StandardCapabilityName.GET_ACCOUNT_ENTITLEMENT_ASSOCIATIONS)
async def get_account_entitlement_associations(
    args: GetAccountEntitlementAssociationsRequest,
) -> GetAccountEntitlementAssociationsResponse:
    tenant = await call(args, "GET", "/users/{id}/grants")
    user = find_user(tenant, args.request.account_id)
    held = list(held_by(user))
    window = Window.of(args, f"/users/{user.id}/grants", len(held))
    grants = window.slice(held)
    return GetAccountEntitlementAssociationsResponse(
        response=[association(grant) for grant in grants],
        raw_data=raw_grants(args, grants),
        page=window.next(),
    )


def of_resources() -> list[tuple[str, str, str]]:
    """Holders, groups and roles: each subgroup is a member of its group, each program a member of its own."""
    first = GROUPS[0]
    subgroups = [(group.id, first.id, first.entitlements[0].id) for group in first.subgroups()]
    programs = [
        (program.resource_id, program.group.id, program.group.entitlements[0].id)
        for program in PROGRAMS
    ]
    return subgroups + programs


@integration.register_capability(StandardCapabilityName.FIND_ENTITLEMENT_ASSIGNMENTS)
async def find_entitlement_assignments(
    args: FindEntitlementAssignmentsRequest,
) -> FindEntitlementAssignmentsResponse:
    tenant = await call(args, "GET", "/graph/grants")
    of_accounts = tenant.associations_at(range(tenant.associations()))
    held = [(grant.user.id, grant.group.id, grant.entitlement.id) for grant in of_accounts]
    edges = of_resources() + held
    window = Window.of(args, "/graph/grants", len(edges))
    edges = window.slice(edges)
    return FindEntitlementAssignmentsResponse(
        response=[
            AccessGraphEntitlementAssignment(
                resource_id=holder, entitlement_id=role, entitlement_resource_id=group
            )
            for holder, group, role in edges
        ],
        raw_data=raw(
            args,
            {
                "edges": [
                    {"holder": holder, "group": group, "role": role}
                    for holder, group, role in edges
                ]
            },
        ),
        page=window.next(),
    )
