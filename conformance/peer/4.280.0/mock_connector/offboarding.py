"""Offboards an account: transfers its data, releases its resources, downgrades its license."""

from connector_sdk_types.generated import (
    DowngradedLicense,
    DowngradeLicenseRequest,
    DowngradeLicenseResponse,
    ReleaseResourcesRequest,
    ReleaseResourcesResponse,
    ReleaseResourcesStatus,
    StandardCapabilityName,
    TransferDataRequest,
    TransferDataResponse,
    TransferDataStatus,
)
from mock_tenant.groups import GROUPS

from mock_connector.found import find_user
from mock_connector.integration import integration
from mock_connector.upstream import call, raw


@integration.register_capability(StandardCapabilityName.TRANSFER_DATA)
async def transfer_data(args: TransferDataRequest) -> TransferDataResponse:
    tenant = await call(args, "POST", "/transfers")
    source = find_user(tenant, args.request.source_account_id, "source_account_id")
    target = find_user(tenant, args.request.target_account_id, "target_account_id")
    return TransferDataResponse(
        response=TransferDataStatus(
            success=source != target,
            reason="both accounts are the same" if source == target else None,
        ),
        raw_data=raw(args, {"from": source.index, "to": target.index}),
    )


@integration.register_capability(StandardCapabilityName.RELEASE_RESOURCES)
async def release_resources(args: ReleaseResourcesRequest) -> ReleaseResourcesResponse:
    tenant = await call(args, "DELETE", "/users/{id}/groups")
    user = find_user(tenant, args.request.account_id)
    left = [group.id for group in GROUPS if user.is_member(group)]
    return ReleaseResourcesResponse(
        response=ReleaseResourcesStatus(success=True, reason=f"removed from {', '.join(left)}"),
        raw_data=raw(args, {"id": user.index, "left": left}),
    )


@integration.register_capability(StandardCapabilityName.DOWNGRADE_LICENSE)
async def downgrade_license(args: DowngradeLicenseRequest) -> DowngradeLicenseResponse:
    tenant = await call(args, "PATCH", "/users/{id}/license")
    user = find_user(tenant, args.request.account_id)
    is_full = user.license() == "full"
    return DowngradeLicenseResponse(
        response=DowngradedLicense(
            success=is_full,
            reason=None if is_full else "the account already has the cheapest license",
        ),
        raw_data=raw(args, {"id": user.index, "license": "basic"}),
    )
