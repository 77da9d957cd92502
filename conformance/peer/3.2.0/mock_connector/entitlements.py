"""Lists, assigns and unassigns entitlements."""

from typing import Any

from connector.capability import CapabilityName
from connector.serializers.request import (
    AssignEntitlementRequest,
    CreateAccountEntitlement,
    FindEntitlementAssociationsRequest,
    ListEntitlementsRequest,
    Request,
    UnassignEntitlementRequest,
)
from connector.serializers.response import (
    AssignEntitlementResponse,
    FindEntitlementAssociationsResponse,
    FoundEntitlementAssociation,
    FoundEntitlementData,
    ListEntitlementsResponse,
    Response,
    UnassignEntitlementResponse,
)
from mock_tenant import ENTITLEMENT_TYPE, groups
from mock_tenant.groups import GROUPS, Group
from mock_tenant.tenant import Tenant

from mock_connector import upstream
from mock_connector.errors import no_such
from mock_connector.found import account
from mock_connector.integration import integration
from mock_connector.pagination import Window
from mock_connector.resources import check_type
from mock_connector.settings import Settings

ROLES = "/groups/{id}/roles"
GRANTS = "/grants"


@integration.register_capability(CapabilityName.LIST_ENTITLEMENTS)
async def list_entitlements(
    request: Request[ListEntitlementsRequest, Settings | None],
) -> Response[ListEntitlementsResponse]:
    await upstream.call(request, "GET", ROLES)
    check_type(request.request.resource_type)
    group = group_of(request.request.resource_integration_specific_id)
    window = Window.of(request, f"/groups/{group.id}/roles", len(group.entitlements))
    roles = [group.entitlements[at] for at in window.items()]
    entitlements = [
        FoundEntitlementData(
            integration_specific_id=role.id,
            integration_specific_resource_id=group.id,
            entitlement_type=ENTITLEMENT_TYPE,
            is_assignable=True,
            label=role.label,
        )
        for role in roles
    ]
    return Response[ListEntitlementsResponse](
        response=ListEntitlementsResponse(entitlements=entitlements),
        raw_data={"roles": [role.raw() for role in roles]} if request.include_raw_data else None,
        page=window.next(),
    )


@integration.register_capability(CapabilityName.FIND_ENTITLEMENT_ASSOCIATIONS)
async def find_entitlement_associations(
    request: Request[FindEntitlementAssociationsRequest, Settings | None],
) -> Response[FindEntitlementAssociationsResponse]:
    found = await upstream.call(request, "GET", GRANTS)
    window = Window.of(request, GRANTS, found.associations())
    grants = list(found.associations_at(window.items()))
    associations = [
        FoundEntitlementAssociation(
            integration_specific_entitlement_id=grant.entitlement.id,
            account=account(grant.user),
            integration_specific_resource_id=grant.group.id,
        )
        for grant in grants
    ]
    return Response[FindEntitlementAssociationsResponse](
        response=FindEntitlementAssociationsResponse(associations=associations),
        raw_data={"grants": [grant.raw() for grant in grants]} if request.include_raw_data else None,
        page=window.next(),
    )


@integration.register_capability(CapabilityName.ASSIGN_ENTITLEMENT)
async def assign_entitlement(
    request: Request[AssignEntitlementRequest, Settings | None],
) -> Response[AssignEntitlementResponse]:
    raw = grant(await upstream.call(request, "PUT", GRANTS), request.request)
    return Response[AssignEntitlementResponse](
        response=AssignEntitlementResponse(assigned=True),
        raw_data=raw if request.include_raw_data else None,
    )


@integration.register_capability(CapabilityName.UNASSIGN_ENTITLEMENT)
async def unassign_entitlement(
    request: Request[UnassignEntitlementRequest, Settings | None],
) -> Response[UnassignEntitlementResponse]:
    raw = grant(await upstream.call(request, "DELETE", GRANTS), request.request)
    return Response[UnassignEntitlementResponse](
        response=UnassignEntitlementResponse(unassigned=True),
        raw_data=raw if request.include_raw_data else None,
    )


def grant(
    found: Tenant, request: AssignEntitlementRequest | UnassignEntitlementRequest
) -> dict[str, Any]:
    """What the upstream returns for a grant that it has added or removed."""
    user = found.user(request.account_integration_specific_id)
    if user is None:
        raise no_such("account", "account_integration_specific_id")
    check_type(request.resource_type)
    group = group_of(request.resource_integration_specific_id)
    check_entitlement_type(request.entitlement_type, "entitlement_type")
    entitlement = group.entitlement(request.entitlement_integration_specific_id)
    if entitlement is None:
        raise no_such("entitlement on this resource", "entitlement_integration_specific_id")
    return {"user": user.index, "group": group.id, "role": entitlement.id}


def group_of(resource: str) -> Group:
    group = groups.group(resource)
    if group is None:
        raise no_such("resource", "resource_integration_specific_id")
    return group


def check_entitlement_type(entitlement_type: str, field: str) -> None:
    if entitlement_type != ENTITLEMENT_TYPE:
        raise no_such("entitlement type; expected `membership`", field)


def check_initial(entitlement: CreateAccountEntitlement, at: int) -> None:
    """Checks that an entitlement for a new account exists. `at` is its index."""
    check_entitlement_type(entitlement.entitlement_type, f"entitlements[{at}].entitlement_type")
    candidates = GROUPS
    if entitlement.integration_specific_resource_id is not None:
        group = groups.group(entitlement.integration_specific_resource_id)
        if group is None:
            raise no_such("resource", f"entitlements[{at}].integration_specific_resource_id")
        candidates = [group]
    if not any(group.entitlement(entitlement.integration_specific_id) for group in candidates):
        raise no_such("entitlement", f"entitlements[{at}].integration_specific_id")
