"""Validates credentials."""

from connector_sdk_types.generated import (
    StandardCapabilityName,
    ValidateCredentialsRequest,
    ValidateCredentialsResponse,
    ValidatedCredentials,
)
from mock_tenant import DOMAIN

from mock_connector.integration import integration
from mock_connector.upstream import call, raw


@integration.register_capability(StandardCapabilityName.VALIDATE_CREDENTIALS)
async def validate_credentials(args: ValidateCredentialsRequest) -> ValidateCredentialsResponse:
    tenant = await call(args, "GET", "/tenant")
    return ValidateCredentialsResponse(
        response=ValidatedCredentials(valid=True, unique_tenant_id=DOMAIN),
        raw_data=raw(args, {"users": tenant.accounts}),
    )
