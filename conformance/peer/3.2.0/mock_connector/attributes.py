"""Lists the tenant's custom attributes."""

from connector.capability import CapabilityName
from connector.enums import CustomAttributeCustomizedType, CustomAttributeType
from connector.serializers.request import ListCustomAttributesSchemaRequest, Request
from connector.serializers.response import (
    CustomAttributeSchema,
    ListCustomAttributesSchemaResponse,
    Response,
)
from mock_tenant.users import ATTRIBUTES

from mock_connector import upstream
from mock_connector.integration import integration
from mock_connector.settings import Settings

TYPES = {"department": CustomAttributeType.STRING, "manager": CustomAttributeType.USER}


@integration.register_capability(CapabilityName.LIST_CUSTOM_ATTRIBUTES_SCHEMA)
async def list_custom_attributes_schema(
    request: Request[ListCustomAttributesSchemaRequest, Settings | None],
) -> Response[ListCustomAttributesSchemaResponse]:
    await upstream.call(request, "GET", "/attributes")
    schemas = [
        CustomAttributeSchema(
            customized_type=CustomAttributeCustomizedType.ACCOUNT,
            name=name,
            attribute_type=TYPES[name],
        )
        for name in ATTRIBUTES
    ]
    return Response[ListCustomAttributesSchemaResponse](
        response=ListCustomAttributesSchemaResponse(schemas=schemas),
        raw_data={"attributes": list(ATTRIBUTES)} if request.include_raw_data else None,
    )
