"""The integration. Each module with capabilities registers its own."""

import httpx
from connector_sdk_types.generated import (
    AccessGraphEntitlementType,
    AppCategory,
    BasicCredential,
    EntitlementType,
    ResourceType,
)
from connector.oai.errors import HTTPHandler
from connector.oai.integration import DescriptionData, Integration

from mock_connector.settings import Settings

integration = Integration(
    app_id="mock-connector",
    version="0.1.0",
    auth=BasicCredential,
    exception_handlers=[(httpx.HTTPStatusError, HTTPHandler, None)],
    description_data=DescriptionData(
        logo_url="https://mock.example/logo.svg",
        app_vendor_domain="mock.example.com",
        user_friendly_name="Mock Connector",
        description="Returns the data of a fictional tenant, and fails on request",
        categories=[AppCategory.DEVELOPERS],
    ),
    settings_model=Settings,
    resource_types=[ResourceType(type_id="group", type_label="Group")],
    entitlement_types=[
        EntitlementType(type_id="membership", type_label="Membership", resource_type_id="group", min=0)
    ],
    access_graph_entitlement_types=[
        AccessGraphEntitlementType(
            type_id="membership", type_label="Membership", resource_type_id="group"
        )
    ],
)
