"""Lists, assigns and unassigns entitlements."""

from typing import Any

from connector_sdk_types.generated import (
    AssignedEntitlement,
    AssignEntitlementRequest,
    AssignEntitlementResponse,
    CreateAccountEntitlement,
    FindEntitlementAssociationsRequest,
    FindEntitlementAssociationsResponse,
    FoundEntitlementAssociation,
    FoundEntitlementData,
    ListEntitlementsRequest,
    ListEntitlementsResponse,
    StandardCapabilityName,
    UnassignedEntitlement,
    UnassignEntitlementRequest,
    UnassignEntitlementResponse,
)
from mock_tenant import ENTITLEMENT_TYPE, groups
from mock_tenant.groups import Entitlement, Group
from mock_tenant.tenant import Association, Tenant

from mock_connector.errors import no_such
from mock_connector.found import find_user
from mock_connector.integration import integration
from mock_connector.pagination import Window
from mock_connector.resources import check_type
from mock_connector.upstream import call, raw

GRANTS = "/grants"


@integration.register_capability(StandardCapabilityName.LIST_ENTITLEMENTS)
async def list_entitlements(args: ListEntitlementsRequest) -> ListEntitlementsResponse:
    roles, window = await page_of_roles(args, "/roles")
    return ListEntitlementsResponse(
        response=[
            FoundEntitlementData(
                integration_specific_id=role.id,
                integration_specific_resource_id=group.id,
                entitlement_type=ENTITLEMENT_TYPE,
                is_assignable=True,
                label=role.label,
            )
            for group, role in roles
        ],
        raw_data=raw_roles(args, roles),
        page=window.next(),
    )


async def page_of_roles(args: Any, endpoint: str) -> tuple[list[tuple[Group, Entitlement]], Window]:
    await call(args, "GET", endpoint)
    roles = list(groups.roles())
    window = Window.of(args, endpoint, len(roles))
    return window.slice(roles), window


def raw_roles(args: Any, roles: list[tuple[Group, Entitlement]]) -> Any:
    return raw(args, {"roles": [role.raw() for _, role in roles]})


async def page_of_grants(args: Any, endpoint: str) -> tuple[list[Association], Window]:
    tenant = await call(args, "GET", endpoint)
    window = Window.of(args, endpoint, tenant.associations())
    return list(tenant.associations_at(window.items())), window


def raw_grants(args: Any, grants: list[Association]) -> Any:
    return raw(args, {"grants": [grant.raw() for grant in grants]})


def association(grant: Association) -> FoundEntitlementAssociation:
    return FoundEntitlementAssociation(
        account_id=grant.user.id,
        integration_specific_entitlement_id=grant.entitlement.id,
        integration_specific_resource_id=grant.group.id,
    )


@integration.register_capability(StandardCapabilityName.FIND_ENTITLEMENT_ASSOCIATIONS)
async def find_entitlement_associations(
    args: FindEntitlementAssociationsRequest,
) -> FindEntitlementAssociationsResponse:
    grants, window = await page_of_grants(args, GRANTS)
    return FindEntitlementAssociationsResponse(
        response=[association(grant) for grant in grants],
        raw_data=raw_grants(args, grants),
        page=window.next(),
    )


@integration.register_capability(StandardCapabilityName.ASSIGN_ENTITLEMENT)
async def assign_entitlement(args: AssignEntitlementRequest) -> AssignEntitlementResponse:
    changed = grant(await call(args, "PUT", GRANTS), args.request)
    return AssignEntitlementResponse(
        response=AssignedEntitlement(assigned=True), raw_data=raw(args, changed)
    )


@integration.register_capability(StandardCapabilityName.UNASSIGN_ENTITLEMENT)
async def unassign_entitlement(args: UnassignEntitlementRequest) -> UnassignEntitlementResponse:
    changed = grant(await call(args, "DELETE", GRANTS), args.request)
    return UnassignEntitlementResponse(
        response=UnassignedEntitlement(unassigned=True), raw_data=raw(args, changed)
    )


def grant(tenant: Tenant, request: Any) -> dict[str, Any]:
    """What the upstream returns for a grant that it has added or removed."""
    user = find_user(
        tenant, request.account_integration_specific_id, "account_integration_specific_id"
    )
    check_type(request.resource_type)
    group = groups.group(request.resource_integration_specific_id)
    if group is None:
        raise no_such("resource", "resource_integration_specific_id")
    check_entitlement_type(request.entitlement_type, "entitlement_type")
    entitlement = group.entitlement(request.entitlement_integration_specific_id)
    if entitlement is None:
        raise no_such("entitlement on this resource", "entitlement_integration_specific_id")
    return {"user": user.index, "group": group.id, "role": entitlement.id}


def check_entitlement_type(entitlement_type: str, field: str) -> None:
    if entitlement_type != ENTITLEMENT_TYPE:
        raise no_such("entitlement type; expected `membership`", field)


def check_initial(entitlement: CreateAccountEntitlement, at: int) -> None:
    """Checks that an entitlement for a new account exists. `at` is its index."""
    check_entitlement_type(entitlement.entitlement_type, f"entitlements[{at}].entitlement_type")
    candidates = groups.GROUPS
    if entitlement.integration_specific_resource_id is not None:
        group = groups.group(entitlement.integration_specific_resource_id)
        if group is None:
            raise no_such("resource", f"entitlements[{at}].integration_specific_resource_id")
        candidates = [group]
    if not any(group.entitlement(entitlement.integration_specific_id) for group in candidates):
        raise no_such("entitlement", f"entitlements[{at}].integration_specific_id")
