"""Validates credentials."""

from connector.capability import CapabilityName
from connector.serializers.request import Request, ValidateCredentialsRequest
from connector.serializers.response import Response, ValidateCredentialsResponse

from mock_connector import upstream
from mock_connector.integration import integration
from mock_connector.settings import Settings


@integration.register_capability(CapabilityName.VALIDATE_CREDENTIALS)
async def validate_credentials(
    request: Request[ValidateCredentialsRequest, Settings | None],
) -> Response[ValidateCredentialsResponse]:
    tenant = await upstream.call(request, "GET", "/tenant")
    return Response[ValidateCredentialsResponse](
        response=ValidateCredentialsResponse(valid=True),
        raw_data={"users": tenant.accounts} if request.include_raw_data else None,
    )
