"""Lists the tenant's custom attributes."""

from connector.capability import CapabilityName
from connector.enums import CustomAttributeCustomizedType, CustomAttributeType
from connector.serializers.request import ListCustomAttributesSchemaRequest, Request
from connector.serializers.response import (
    CustomAttributeSchema,
    ListCustomAttributesSchemaResponse,
    Response,
)

from mock_connector import upstream
from mock_connector.integration import integration
from mock_connector.settings import Settings
from mock_connector.tenant import ATTRIBUTES


@integration.register_capability(CapabilityName.LIST_CUSTOM_ATTRIBUTES_SCHEMA)
async def list_custom_attributes_schema(
    request: Request[ListCustomAttributesSchemaRequest, Settings | None],
) -> Response[ListCustomAttributesSchemaResponse]:
    await upstream.call(request, "GET", "/attributes")
    schemas = [
        CustomAttributeSchema(
            customized_type=CustomAttributeCustomizedType.ACCOUNT,
            name=name,
            attribute_type=CustomAttributeType(kind),
        )
        for name, kind in ATTRIBUTES.items()
    ]
    return Response[ListCustomAttributesSchemaResponse](
        response=ListCustomAttributesSchemaResponse(schemas=schemas),
        raw_data={"attributes": list(ATTRIBUTES)} if request.include_raw_data else None,
    )


def by_name(names: list[str]) -> list[str]:
    """The attributes with these names. Unknown names are ignored."""
    return [name for name in ATTRIBUTES if name in names]
