"""Access to applications, given and taken."""

from typing import Any

from connector_sdk_types.generated import (
    AccountStatus,
    AssignApplicationEntitlementRequest,
    AssignApplicationEntitlementResponse,
    AssignApplicationRequest,
    AssignApplicationResponse,
    AssignedApplication,
    AssignedApplicationEntitlement,
    StandardCapabilityName,
    UnassignApplicationEntitlementRequest,
    UnassignApplicationEntitlementResponse,
    UnassignApplicationRequest,
    UnassignApplicationResponse,
    UnassignedApplication,
    UnassignedApplicationEntitlement,
)

from mock_connector.applications import USER, group_of
from mock_connector.entitlements import grant
from mock_connector.errors import no_such
from mock_connector.found import find_user
from mock_connector.integration import integration
from mock_connector.upstream import call, raw

GRANTS = "/apps/{id}/grants"


@integration.register_capability(StandardCapabilityName.ASSIGN_APPLICATION)
async def assign_application(args: AssignApplicationRequest) -> AssignApplicationResponse:
    changed = await change(args, "PUT", "ACTIVE")
    return AssignApplicationResponse(
        response=AssignedApplication(assigned=True, provisioned=True), raw_data=raw(args, changed)
    )


@integration.register_capability(StandardCapabilityName.UNASSIGN_APPLICATION)
async def unassign_application(args: UnassignApplicationRequest) -> UnassignApplicationResponse:
    changed = await change(args, "DELETE", "DEPROVISIONED")
    return UnassignApplicationResponse(
        response=UnassignedApplication(
            unassigned=True, deprovisioned=True, status=AccountStatus.DEPROVISIONED
        ),
        raw_data=raw(args, changed),
    )


async def change(args: Any, method: str, state: str) -> dict[str, Any]:
    """What the upstream returns for a user whose access to an application has changed."""
    tenant = await call(args, method, USER)
    app = group_of(args.request.application_instance_id).app
    user = find_user(tenant, args.request.account_id)
    return {"app": app.id, "user": user.index, "state": state}


@integration.register_capability(StandardCapabilityName.ASSIGN_APPLICATION_ENTITLEMENT)
async def assign_application_entitlement(
    args: AssignApplicationEntitlementRequest,
) -> AssignApplicationEntitlementResponse:
    changed = await change_grant(args, "PUT")
    return AssignApplicationEntitlementResponse(
        response=AssignedApplicationEntitlement(assigned=True), raw_data=raw(args, changed)
    )


@integration.register_capability(StandardCapabilityName.UNASSIGN_APPLICATION_ENTITLEMENT)
async def unassign_application_entitlement(
    args: UnassignApplicationEntitlementRequest,
) -> UnassignApplicationEntitlementResponse:
    changed = await change_grant(args, "DELETE")
    return UnassignApplicationEntitlementResponse(
        response=UnassignedApplicationEntitlement(unassigned=True), raw_data=raw(args, changed)
    )


async def change_grant(args: Any, method: str) -> dict[str, Any]:
    tenant = await call(args, method, GRANTS)
    group = group_of(args.request.application_instance_id)
    if group.id != args.request.resource_integration_specific_id:
        raise no_such("resource in this application", "resource_integration_specific_id")
    return grant(tenant, args.request)
