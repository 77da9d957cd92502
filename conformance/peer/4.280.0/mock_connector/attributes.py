"""Lists the tenant's custom attributes."""

from connector_sdk_types.generated import (
    CustomAttributeCustomizedType,
    CustomAttributeSchema,
    CustomAttributeType,
    ListCustomAttributesSchemaRequest,
    ListCustomAttributesSchemaResponse,
    StandardCapabilityName,
)
from mock_tenant.users import ATTRIBUTES

from mock_connector.integration import integration
from mock_connector.upstream import call, raw

TYPES = {"department": CustomAttributeType.STRING, "manager": CustomAttributeType.USER}


@integration.register_capability(StandardCapabilityName.LIST_CUSTOM_ATTRIBUTES_SCHEMA)
async def list_custom_attributes_schema(
    args: ListCustomAttributesSchemaRequest,
) -> ListCustomAttributesSchemaResponse:
    await call(args, "GET", "/attributes")
    return ListCustomAttributesSchemaResponse(
        response=[
            CustomAttributeSchema(
                customized_type=CustomAttributeCustomizedType.ACCOUNT,
                name=name,
                attribute_type=TYPES[name],
                description=description,
            )
            for name, description in ATTRIBUTES.items()
        ],
        raw_data=raw(args, {"attributes": list(ATTRIBUTES)}),
    )
